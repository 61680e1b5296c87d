package lite

/*
#include <stdlib.h>
#include "lite.h"

static void lite_go_free(void* memory) { free(memory); }
static void lite_go_free_on_release(LiteLoadOptions* options) { options->release = lite_go_free; }
*/
import "C"

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"
	"unsafe"

	// So that vendoring takes the headers along.
	_ "github.com/lite-engine/lite/go/include"
	_ "github.com/lite-engine/lite/go/include/lite-c"
)

// A Network is a loaded model and what running it needs. One goroutine at a time runs it; a second gets [ErrBusy].
type Network struct {
	*core
	options  config
	inputs   []Info
	outputs  []Info
	metadata map[string]string
	in, out  map[string]*Tensor
}

// A core is what a network and its tensors have in common: the library's network, and who uses it. Nothing that it refers to
// refers to it, so that it can have a finalizer.
type core struct {
	handle C.LiteNetwork
	pins   []*runtime.Pinner // of each input, for the memory that is used in place; nil: none is

	mu       sync.Mutex // of what follows
	closed   bool
	running  bool
	users    int    // calls in progress
	touching int    // of them, those that look at or write to tensors' memory
	runs     uint64 // begun; a view is of one
}

// What a call does with a network.
type use int

const (
	using    use = iota // anything else
	running             // reads inputs, writes over outputs
	touching            // looks at or writes to tensors' memory, in any goroutine
)

func (c *core) begin(what use) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return &Error{Closed, "lite: the network is closed"}
	case what != using && c.running:
		return &Error{Busy, "lite: the network is running"}
	case what == running && c.touching > 0:
		return &Error{Busy, "lite: the network's inputs or outputs are in use"}
	case what == running:
		c.running = true
		c.runs++
	case what == touching:
		c.touching++
	}
	c.users++
	return nil
}

func (c *core) end(what use) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.users--
	switch what {
	case running:
		c.running = false
	case touching:
		c.touching--
	}
}

// pin keeps what pinner has pinned for an input, instead of what was before.
func (c *core) pin(input int, pinner *runtime.Pinner) {
	if before := c.pins[input]; before != nil {
		before.Unpin()
	}
	c.pins[input] = pinner
}

// do calls the library once, for the network.
func (c *core) do(f func() C.int) error {
	if err := c.begin(using); err != nil {
		return err
	}
	defer c.end(using)
	return call(f)
}

// Close stops a run that goes on, waits for it, and frees the network. Closing twice is no error. While a [View] is looked
// at it fails with [ErrBusy] and closes nothing. An operator must not close the network that runs it. A network that is not
// closed is freed some time after it and its tensors and views can no longer be reached.
func (n *Network) Close() error { return n.close() }

func (c *core) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	if c.touching > 0 {
		return &Error{Busy, "lite: the network's inputs or outputs are in use"}
	}
	c.closed = true
	for c.users > 0 {
		c.mu.Unlock()
		C.LITE_cancel(c.handle)
		time.Sleep(100 * time.Microsecond)
		c.mu.Lock()
	}
	runtime.SetFinalizer(c, nil)
	opened(-1)
	err := call(func() C.int { return C.LITE_destroy_network(c.handle) })
	for i := range c.pins {
		c.pin(i, nil)
	}
	return err
}

// Networks hold memory that Go's collector does not see. So that those nobody closes are found in time, it is called when
// many more are open than when it was called last.
var unclosed struct {
	sync.Mutex
	now, since int // open; opened and not closed since then
}

func opened(n int) {
	const few = 256
	unclosed.Lock()
	unclosed.now += n
	unclosed.since = max(0, unclosed.since+n)
	collect := unclosed.since > few && unclosed.since > unclosed.now/2
	if collect {
		unclosed.since = 0
	}
	unclosed.Unlock()
	if collect {
		runtime.GC()
	}
}

// ---- opening ----

type config struct {
	options       [][2]string
	device        Device
	deviceID      int
	format        string
	baseDirectory string
	external      []externalData
	maxBytes      uint64
	maxNodes      uint64
	key           []byte
}

type externalData struct {
	location string
	data     []byte
}

// An OpenOption says how a model is loaded, or how its network runs.
type OpenOption func(*config)

// Threads sets how many threads may work on a run, the caller's included; 0: as many as the process may use CPUs. It is 1
// unless set. Results do not depend on it.
func Threads(n int) OpenOption { return Option("threads", fmt.Sprint(n)) }

// Option sets an option by name; [Options] lists them.
func Option(key, value string) OpenOption {
	return func(c *config) { c.options = append(c.options, [2]string{key, value}) }
}

// OnDevice sets where the network runs; id -1 is the default one of the kind. A device that is not there makes opening fail.
func OnDevice(device Device, id int) OpenOption {
	return func(c *config) { c.device, c.deviceID = device, id }
}

// Format sets the model's format, "onnx", "mge" or "lite"; otherwise it is recognised.
func Format(name string) OpenOption { return func(c *config) { c.format = name } }

// BaseDirectory sets where files that the model refers to lie; it is the model's own unless set.
func BaseDirectory(path string) OpenOption { return func(c *config) { c.baseDirectory = path } }

// ExternalData gives the contents of a file that the model refers to as location. They are copied.
func ExternalData(location string, data []byte) OpenOption {
	return func(c *config) { c.external = append(c.external, externalData{location, data}) }
}

// Limits sets budgets for what a stranger's model may take: bytes of constants, and nodes. 0: the library's own.
func Limits(maxBytes, maxNodes uint64) OpenOption {
	return func(c *config) { c.maxBytes, c.maxNodes = maxBytes, maxNodes }
}

// Key opens an encrypted model, instead of the key that [SetDecryptionKey] has set. It is not kept.
func Key(key []byte) OpenOption { return func(c *config) { c.key = key } }

// Open loads a model from a file, which is mapped, not read: replace it by renaming, or set the option copy_files.
func Open(path string, options ...OpenOption) (*Network, error) {
	if err := whole(path); err != nil {
		return nil, err
	}
	text := C.CString(path)
	defer C.free(unsafe.Pointer(text))
	return openWith(options, func(network C.LiteNetwork, o *C.LiteLoadOptions) C.int {
		return C.LITE_load_model_file(network, text, o)
	})
}

// OpenBytes loads a model from memory, which is copied.
func OpenBytes(data []byte, options ...OpenOption) (*Network, error) {
	return openWith(options, func(network C.LiteNetwork, o *C.LiteLoadOptions) C.int {
		return C.LITE_load_model_memory(network, unsafe.Pointer(unsafe.SliceData(notNil(data))), C.size_t(len(data)), o)
	})
}

// notNil is data, or an empty slice with an address.
func notNil(data []byte) []byte {
	if len(data) == 0 {
		return make([]byte, 1)[:0]
	}
	return data
}

func openWith(options []OpenOption, load func(C.LiteNetwork, *C.LiteLoadOptions) C.int) (*Network, error) {
	c := config{device: DefaultDevice, deviceID: -1}
	for _, option := range options {
		option(&c)
	}
	n, err := c.make()
	if err != nil {
		return nil, err
	}
	err = c.withLoadOptions(func(o *C.LiteLoadOptions) error {
		return n.do(func() C.int { return load(n.handle, o) })
	})
	if err == nil {
		err = n.learn()
	}
	if err != nil {
		_ = n.Close()
		return nil, err
	}
	return n, nil
}

// Share makes another network of the same model and with the same options. The weights exist once; either may be closed first.
func (n *Network) Share() (*Network, error) {
	if err := n.begin(using); err != nil {
		return nil, err
	}
	defer n.end(using)
	second, err := n.options.make()
	if err != nil {
		return nil, err
	}
	err = second.do(func() C.int { return C.LITE_shared_weight_with_network(second.handle, n.handle) })
	if err == nil {
		err = second.learn()
	}
	if err != nil {
		_ = second.Close()
		return nil, err
	}
	return second, nil
}

// make makes a network without a model.
func (c *config) make() (*Network, error) {
	if err := ensure(); err != nil {
		return nil, err
	}
	if err := whole(c.format, c.baseDirectory); err != nil {
		return nil, err
	}
	// As LITE_CONFIG_INIT has it.
	made := C.LiteConfig{device_id: C.int(c.deviceID), device_type: C.LiteDeviceType(c.device)}
	made.options = C.LiteOptions{var_sanity_check_first_run: 1, graph_opt_level: 2, async_exec_level: 1}
	n := &Network{core: &core{}, options: *c}
	n.options.key = nil
	if err := call(func() C.int { return C.LITE_make_network_config(&n.handle, made) }); err != nil {
		return nil, err
	}
	// The safety net. It runs before the finalizers of what the core refers to, which want their memory unpinned.
	runtime.SetFinalizer(n.core, func(c *core) { _ = c.close() })
	opened(1)
	for _, option := range c.options {
		if err := setOption(n.handle, option[0], option[1]); err != nil {
			_ = n.Close()
			return nil, err
		}
	}
	return n, nil
}

// withLoadOptions calls with the options as the library wants them, in C's memory. External data lie in one block, which
// the library frees when it no longer uses them.
func (c *config) withLoadOptions(load func(*C.LiteLoadOptions) error) error {
	o := (*C.LiteLoadOptions)(C.calloc(1, C.sizeof_LiteLoadOptions))
	defer C.free(unsafe.Pointer(o))
	o.struct_size = C.sizeof_LiteLoadOptions
	o.max_bytes, o.max_nodes = C.uint64_t(c.maxBytes), C.uint64_t(c.maxNodes)
	var texts []*C.char
	defer func() {
		for _, text := range texts {
			C.free(unsafe.Pointer(text))
		}
	}()
	text := func(s string) *C.char {
		t := C.CString(s)
		texts = append(texts, t)
		return t
	}
	if c.format != "" {
		o.format = text(c.format)
	}
	if c.baseDirectory != "" {
		o.base_directory = text(c.baseDirectory)
	}
	if len(c.key) > 0 {
		key := C.CBytes(c.key)
		defer func() {
			clear(unsafe.Slice((*byte)(key), len(c.key)))
			C.free(key)
		}()
		o.key_data, o.key_size = (*C.uint8_t)(key), C.size_t(len(c.key))
	}
	if len(c.external) == 0 {
		return load(o)
	}
	size := 1
	for _, e := range c.external {
		size += len(e.data)
	}
	table := C.calloc(C.size_t(len(c.external)), C.sizeof_LiteExternalData)
	defer C.free(table)
	block := C.malloc(C.size_t(size))
	to := unsafe.Slice((*byte)(block), size)
	for i, e := range c.external {
		row := &unsafe.Slice((*C.LiteExternalData)(table), len(c.external))[i]
		row.location, row.data, row.size = text(e.location), unsafe.Pointer(&to[0]), C.size_t(len(e.data))
		to = to[copy(to, e.data):]
	}
	o.external_data, o.external_data_count = (*C.LiteExternalData)(table), C.size_t(len(c.external))
	o.user_data = block
	C.lite_go_free_on_release(o)
	err := load(o)
	if err != nil {
		C.free(block) // nothing is kept
	}
	return err
}

// An UnsupportedNode is a node that cannot run here, and why.
type UnsupportedNode struct {
	Name, OpType, Domain      string
	Opset                     int
	Types, Reason, Suggestion string
}

// UnsupportedNodes lists the nodes of a model that cannot run here, without loading it; none if all can.
func UnsupportedNodes(path string, options ...OpenOption) ([]UnsupportedNode, error) {
	if err := whole(path); err != nil {
		return nil, err
	}
	text := C.CString(path)
	defer C.free(unsafe.Pointer(text))
	return check(options, func(network C.LiteNetwork, o *C.LiteLoadOptions) C.int {
		return C.LITE_check_model(network, text, o)
	})
}

// UnsupportedNodesBytes is [UnsupportedNodes] for a model in memory.
func UnsupportedNodesBytes(data []byte, options ...OpenOption) ([]UnsupportedNode, error) {
	return check(options, func(network C.LiteNetwork, o *C.LiteLoadOptions) C.int {
		return C.LITE_check_model_memory(network, unsafe.Pointer(unsafe.SliceData(notNil(data))), C.size_t(len(data)), o)
	})
}

func check(options []OpenOption, call func(C.LiteNetwork, *C.LiteLoadOptions) C.int) ([]UnsupportedNode, error) {
	c := config{device: DefaultDevice, deviceID: -1}
	for _, option := range options {
		option(&c)
	}
	c.external = nil // a check does not look into files of weights
	n, err := c.make()
	if err != nil {
		return nil, err
	}
	defer n.Close()
	err = c.withLoadOptions(func(o *C.LiteLoadOptions) error {
		return n.do(func() C.int { return call(n.handle, o) })
	})
	if !errors.Is(err, ErrUnsupported) {
		return nil, err
	}
	var count C.size_t
	if err := n.do(func() C.int { return C.LITE_get_unsupported_count(n.handle, &count) }); err != nil {
		return nil, err
	}
	nodes := make([]UnsupportedNode, 0, count)
	for i := C.size_t(0); i < count; i++ {
		node := C.LiteUnsupportedNode{struct_size: C.sizeof_LiteUnsupportedNode}
		if err := n.do(func() C.int { return C.LITE_get_unsupported_node(n.handle, i, &node) }); err != nil {
			return nil, err
		}
		nodes = append(nodes, UnsupportedNode{
			C.GoString(node.name), C.GoString(node.op_type), C.GoString(node.domain), int(node.opset),
			C.GoString(node.types), C.GoString(node.reason), C.GoString(node.suggestion),
		})
	}
	return nodes, nil
}

// ---- running ----

// Run runs the network on what its inputs hold. The end of ctx stops the run; the error is then that of ctx, too.
func (n *Network) Run(ctx context.Context) error {
	if err := n.begin(running); err != nil {
		return err
	}
	return n.finish(ctx)
}

// finish does the run that has begun.
func (n *Network) finish(ctx context.Context) error {
	defer n.end(running)
	if ctx.Done() == nil {
		return n.forward()
	}
	if ctx.Err() != nil {
		return stopped(ctx)
	}
	over, last := make(chan struct{}), make(chan struct{})
	release := context.AfterFunc(ctx, func() {
		defer close(last)
		n.cancelUntil(over)
	})
	err := n.forward()
	close(over)
	if !release() {
		<-last // so that it cannot stop the next run
	}
	if errors.Is(err, ErrCancelled) && ctx.Err() != nil {
		return stopped(ctx)
	}
	return err
}

// forward is call, for the one place where its closure would cost.
func (n *Network) forward() error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if code := C.LITE_forward(n.handle); code != C.LITE_OK {
		return lastError(code)
	}
	return nil
}

// cancelUntil cancels until the run is over: the library forgets what comes before a run has begun.
func (n *Network) cancelUntil(over <-chan struct{}) {
	for wait := time.Duration(0); ; wait = 100 * time.Microsecond {
		select {
		case <-over:
			return
		case <-time.After(wait):
			C.LITE_cancel(n.handle)
		}
	}
}

// Start runs the network in a goroutine of its own; the channel gets the run's error.
func (n *Network) Start(ctx context.Context) <-chan error {
	result := make(chan error, 1)
	// Here, so that a call that follows, of Close for one, finds it running.
	if err := n.begin(running); err != nil {
		result <- err
		return result
	}
	go func() { result <- n.finish(ctx) }()
	return result
}

// Cancel stops the present run, which fails with [ErrCancelled]. Without a run nothing happens; a context does not miss one.
func (n *Network) Cancel() error {
	return n.do(func() C.int { return C.LITE_cancel(n.handle) })
}

// SetTimeout limits the time of each run that follows, besides what a run's context says; 0: no limit.
func (n *Network) SetTimeout(limit time.Duration) error {
	if limit < 0 {
		return &Error{InvalidArgument, fmt.Sprintf("lite: a time limit of %s", limit)}
	}
	microseconds := (limit + time.Microsecond - 1) / time.Microsecond
	return n.do(func() C.int { return C.LITE_set_run_timeout(n.handle, C.uint64_t(microseconds)) })
}

// ---- settings and facts ----

// SetOption sets an option; [Options] lists them.
func (n *Network) SetOption(key, value string) error {
	if err := n.begin(using); err != nil {
		return err
	}
	defer n.end(using)
	return setOption(n.handle, key, value)
}

// GetOption is an option, as text.
func (n *Network) GetOption(key string) (string, error) {
	if err := n.begin(using); err != nil {
		return "", err
	}
	defer n.end(using)
	return getOption(n.handle, key)
}

// Statistics is what the network costs at this moment.
func (n *Network) Statistics() (Statistics, error) {
	if err := n.begin(using); err != nil {
		return Statistics{}, err
	}
	defer n.end(using)
	return readStatistics(func(s *C.LiteStatistics) C.int { return C.LITE_get_statistics(n.handle, s) })
}

// SetProfiling turns the profiler on, forgetting what it has recorded, or off.
func (n *Network) SetProfiling(on bool) error {
	return n.do(func() C.int { return C.LITE_set_profiling(n.handle, cBool(on)) })
}

// Profile is what the profiler has recorded: as a "table", as "json", or as a "trace" for Chrome's viewer and Perfetto.
func (n *Network) Profile(format string) (string, error) {
	if err := n.begin(using); err != nil {
		return "", err
	}
	defer n.end(using)
	f := C.CString(format)
	defer C.free(unsafe.Pointer(f))
	return takeText(func(text **C.char) C.int { return C.LITE_get_profile(n.handle, f, text) })
}

// Graph is the graph, "imported" or "optimized", as "text", "dot" or "json".
func (n *Network) Graph(stage, format string) (string, error) {
	if err := n.begin(using); err != nil {
		return "", err
	}
	defer n.end(using)
	s, f := C.CString(stage), C.CString(format)
	defer C.free(unsafe.Pointer(s))
	defer C.free(unsafe.Pointer(f))
	return takeText(func(text **C.char) C.int { return C.LITE_dump_graph(n.handle, s, f, text) })
}

// Trim gives working memory and compiled programs back; the next run makes them again.
func (n *Network) Trim() error {
	return n.do(func() C.int { return C.LITE_trim(n.handle) })
}

// Inputs are the inputs, in the model's order.
func (n *Network) Inputs() []Info { return n.inputs }

// Outputs are the outputs, in the model's order.
func (n *Network) Outputs() []Info { return n.outputs }

// Metadata is what the model's author wrote, and what the format has: "producer", "graph_name", "opset_import", ...
func (n *Network) Metadata() map[string]string { return n.metadata }

// String is, for example, "x: float32[batch,4] -> prob: float32[batch,3]".
func (n *Network) String() string {
	side := func(infos []Info) string {
		texts := make([]string, len(infos))
		for i, info := range infos {
			texts[i] = info.String()
		}
		return strings.Join(texts, ", ")
	}
	return side(n.inputs) + " -> " + side(n.outputs)
}
