package lite

/*
#include <stdlib.h>
#include "lite.h"
*/
import "C"

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"
)

var library struct {
	sync.Mutex
	ready atomic.Bool
	path  string
}

// Load opens the library at path, before anything else of this package is used. Without this call it is looked for when it
// is first needed; see the package's documentation for where.
func Load(path string) error {
	library.Lock()
	defer library.Unlock()
	if library.ready.Load() {
		if path == "" || path == library.path {
			return nil
		}
		return &Error{AlreadyLoaded, fmt.Sprintf("lite: %s is loaded already, %s cannot be", library.path, path)}
	}
	found, err := open(path)
	if err == nil {
		library.path = found
		library.ready.Store(true)
	}
	return err
}

func ensure() error {
	if library.ready.Load() {
		return nil
	}
	return Load("")
}

// LibraryPath is the path by which the library was opened.
func LibraryPath() (string, error) {
	err := ensure()
	return library.path, err
}

func bindingVersion() string {
	return fmt.Sprintf("%d.%d.%d", C.LITE_VERSION_MAJOR, C.LITE_VERSION_MINOR, C.LITE_VERSION_PATCH)
}

func checkVersion() error {
	return call(func() C.int { return C.LITE_check_version(C.LITE_VERSION_MAJOR, C.LITE_VERSION_MINOR) })
}

// Version is the version of the library in use.
func Version() (major, minor, patch int, err error) {
	if err = ensure(); err != nil {
		return
	}
	var v [3]C.int
	err = call(func() C.int { return C.LITE_get_version(&v[0], &v[1], &v[2]) })
	return int(v[0]), int(v[1]), int(v[2]), err
}

// BuildInfo is what the library was built from and for, and what it found on this machine, as lines of "key: value".
func BuildInfo() (string, error) {
	if err := ensure(); err != nil {
		return "", err
	}
	return C.GoString(C.LITE_get_build_info()), nil
}

// takeText calls a function that gives a text away, and takes it.
func takeText(f func(text **C.char) C.int) (string, error) {
	var text *C.char
	if err := call(func() C.int { return f(&text) }); err != nil {
		return "", err
	}
	defer C.LITE_free_string(text)
	return C.GoString(text), nil
}

// An OperatorInfo is an operator that models may have.
type OperatorInfo struct {
	Name, Domain string
	Since        int
	Kernels      []string // the fast ones, best first; without any, a plain reference runs it
	Replaced     bool     // by others, when a model is loaded
}

// Operators lists the operators that models may have.
func Operators() ([]OperatorInfo, error) {
	if err := ensure(); err != nil {
		return nil, err
	}
	text, err := takeText(func(text **C.char) C.int { return C.LITE_get_operators(text) })
	if err != nil {
		return nil, err
	}
	var all []OperatorInfo
	return all, json.Unmarshal([]byte(text), &all)
}

// NumThreads is how many threads the process-wide pool has, the calling one included.
func NumThreads() (int, error) {
	if err := ensure(); err != nil {
		return 0, err
	}
	var n C.size_t
	err := call(func() C.int { return C.LITE_get_process_threads(&n) })
	return int(n), err
}

// SetNumThreads sets how many threads the process-wide pool has; 0: as many as the process may use CPUs.
func SetNumThreads(n int) error {
	if err := ensure(); err != nil {
		return err
	}
	if n < 0 {
		return &Error{InvalidArgument, fmt.Sprintf("lite: %d threads", n)}
	}
	return call(func() C.int { return C.LITE_set_process_threads(C.size_t(n)) })
}

// ReleaseMemory gives unused memory of caches, pools and idle networks back to the system.
func ReleaseMemory() error {
	if err := ensure(); err != nil {
		return err
	}
	return call(func() C.int { return C.LITE_try_coalesce_all_free_memory() })
}

// A Device is what computes.
type Device int

// The devices. DefaultDevice is what the model says, else the CPU.
const (
	CPU           Device = C.LITE_CPU
	CUDA          Device = C.LITE_CUDA
	DefaultDevice Device = C.LITE_DEVICE_DEFAULT
)

// Count is how many devices of the kind can be used now.
func (d Device) Count() (int, error) {
	if err := ensure(); err != nil {
		return 0, err
	}
	var n C.size_t
	err := call(func() C.int { return C.LITE_get_device_count(C.LiteDeviceType(d), &n) })
	return int(n), err
}

// SetDecryptionKey sets the process's key of a decryption method, such as "AES_256_GCM", for all models that are opened from
// now on. It is copied; the copy is wiped when another one is set.
func SetDecryptionKey(method string, key []byte) error {
	if len(key) == 0 {
		return &Error{InvalidArgument, "lite: a key is wanted"}
	}
	return withText(method, func(text *C.char) C.int {
		return C.LITE_update_decryption_or_key(text, nil, (*C.uint8_t)(unsafe.Pointer(&key[0])), C.size_t(len(key)))
	})
}

// whole refuses texts that C would take to end at a NUL.
func whole(texts ...string) error {
	for _, text := range texts {
		if strings.IndexByte(text, 0) >= 0 {
			return &Error{InvalidArgument, fmt.Sprintf("lite: %q has a NUL in it", text)}
		}
	}
	return nil
}

func withText(text string, f func(*C.char) C.int) error {
	if err := ensure(); err != nil {
		return err
	}
	if err := whole(text); err != nil {
		return err
	}
	c := C.CString(text)
	defer C.free(unsafe.Pointer(c))
	return call(func() C.int { return f(c) })
}

func cBool(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

// An OptionInfo describes what can be set with [Option], [Network.SetOption] or [SetOption].
type OptionInfo struct {
	Process                         bool // whether it is of the process, and not of a network
	Key, Type, Default, Description string
}

// Options lists the options that there are.
func Options() ([]OptionInfo, error) {
	if err := ensure(); err != nil {
		return nil, err
	}
	var count C.size_t
	if err := call(func() C.int { return C.LITE_get_option_count(&count) }); err != nil {
		return nil, err
	}
	all := make([]OptionInfo, 0, count)
	for i := C.size_t(0); i < count; i++ {
		info := C.LiteOptionInfo{struct_size: C.sizeof_LiteOptionInfo}
		if err := call(func() C.int { return C.LITE_get_option_info(i, &info) }); err != nil {
			return nil, err
		}
		all = append(all, OptionInfo{
			info.scope == C.LITE_OPTION_PROCESS,
			C.GoString(info.key), C.GoString(info._type), C.GoString(info.default_value), C.GoString(info.description),
		})
	}
	return all, nil
}

// SetOption sets an option of the process.
func SetOption(key, value string) error {
	if err := ensure(); err != nil {
		return err
	}
	return setOption(nil, key, value)
}

// GetOption is an option of the process, as text.
func GetOption(key string) (string, error) {
	if err := ensure(); err != nil {
		return "", err
	}
	return getOption(nil, key)
}

func setOption(network C.LiteNetwork, key, value string) error {
	if err := whole(key, value); err != nil {
		return err
	}
	k, v := C.CString(key), C.CString(value)
	defer C.free(unsafe.Pointer(k))
	defer C.free(unsafe.Pointer(v))
	return call(func() C.int { return C.LITE_set_option(network, k, v) })
}

func getOption(network C.LiteNetwork, key string) (value string, err error) {
	k := C.CString(key)
	defer C.free(unsafe.Pointer(k))
	err = call(func() C.int {
		var text *C.char
		code := C.LITE_get_option(network, k, &text)
		if code == C.LITE_OK {
			value = C.GoString(text) // the thread's
		}
		return code
	})
	return value, err
}

// Statistics is what a network, or the process, costs.
type Statistics struct {
	Threads            int    // that may work on a run; for the process, those that exist
	WeightBytes        uint64 // of the model's weights as stored, mapped ones included
	PackedWeightBytes  uint64 // of the copies in kernels' layouts; shared ones count once
	ArenaBytes         uint64 // of working memory
	IOBytes            uint64 // of inputs and outputs in the library's memory
	CacheBytes         uint64 // of compiled programs and kernel caches
	CacheLimitBytes    uint64 // what CacheBytes may not exceed
	Programs           uint64 // compiled, one per signature of input shapes
	ProgramHits        uint64 // changes of shape that found their program
	ProgramMisses      uint64 // runs that had to compile
	ProgramEvictions   uint64 // programs dropped from the full cache
	Runs               uint64 // finished, failed ones included
	FailedRuns         uint64 // cancelled and timed-out ones included
	RunNanoseconds     uint64 // of all finished runs together
	LastRunNanoseconds uint64
}

func readStatistics(f func(*C.LiteStatistics) C.int) (Statistics, error) {
	s := C.LiteStatistics{struct_size: C.sizeof_LiteStatistics}
	if err := call(func() C.int { return f(&s) }); err != nil {
		return Statistics{}, err
	}
	return Statistics{
		int(s.threads), uint64(s.weight_bytes), uint64(s.packed_weight_bytes), uint64(s.arena_bytes), uint64(s.io_bytes),
		uint64(s.cache_bytes), uint64(s.cache_limit_bytes), uint64(s.programs), uint64(s.program_hits), uint64(s.program_misses),
		uint64(s.program_evictions), uint64(s.runs), uint64(s.failed_runs), uint64(s.run_nanoseconds), uint64(s.last_run_nanoseconds),
	}, nil
}

// ProcessStatistics is what all networks cost together at this moment.
func ProcessStatistics() (Statistics, error) {
	if err := ensure(); err != nil {
		return Statistics{}, err
	}
	return readStatistics(func(s *C.LiteStatistics) C.int { return C.LITE_get_process_statistics(s) })
}
