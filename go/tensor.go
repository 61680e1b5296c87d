package lite

/*
#include "lite.h"
*/
import "C"

import (
	"fmt"
	"math"
	"runtime"
	"sort"
	"strings"
	"unsafe"
)

// A Tensor is an input or output of a network.
type Tensor struct {
	core   *core
	handle C.LiteTensor
	name   string
	input  int // its place in core.pins; -1 for an output
}

// Input is an input that is a tensor, by name.
func (n *Network) Input(name string) (*Tensor, error) { return find("input", name, n.in, n.inputs) }

// Output is an output that is a tensor, by name.
func (n *Network) Output(name string) (*Tensor, error) { return find("output", name, n.out, n.outputs) }

func find(what, name string, tensors map[string]*Tensor, infos []Info) (*Tensor, error) {
	if t := tensors[name]; t != nil {
		return t, nil
	}
	var names []string
	for _, info := range infos {
		if info.Name == name {
			return nil, &Error{InvalidArgument, fmt.Sprintf("lite: %s %q is no tensor but %s", what, name, info.Type)}
		}
		names = append(names, "'"+info.Name+"'")
	}
	sort.Strings(names)
	return nil, &Error{NotFound, fmt.Sprintf("lite: there is no %s '%s'; there are %s", what, name, strings.Join(names, ", "))}
}

// Name is the input's or output's name.
func (t *Tensor) Name() string { return t.name }

// Dtype is the element type.
func (t *Tensor) Dtype() (Dtype, error) {
	var dtype C.LiteDataType
	err := t.core.do(func() C.int { return C.LITE_get_tensor_dtype(t.handle, &dtype) })
	return Dtype(dtype), err
}

// Shape is the shape; of an output, that of the last run.
func (t *Tensor) Shape() ([]int, error) {
	var rank C.int
	var dims [C.LITE_MAX_RANK]C.int64_t
	err := t.core.do(func() C.int {
		if code := C.LITE_get_tensor_rank(t.handle, &rank); code != C.LITE_OK {
			return code
		}
		return C.LITE_get_tensor_dims(t.handle, rank, &dims[0])
	})
	if err != nil {
		return nil, err
	}
	shape := make([]int, rank)
	for d := range shape {
		shape[d] = int(dims[d])
	}
	return shape, nil
}

// count is the number of elements, with the shape as the library wants it.
func count(shape []int) (int, []C.int64_t, error) {
	if len(shape) > C.LITE_MAX_RANK {
		return 0, nil, mismatch("%d dimensions are given, %d are the most", len(shape), C.LITE_MAX_RANK)
	}
	n, dims := 1, make([]C.int64_t, len(shape)+1) // one more, so that the first has an address
	for d, size := range shape {
		if size < 0 || (size > 0 && n > math.MaxInt/size) {
			return 0, nil, mismatch("%v is no shape", shape)
		}
		n *= size
		dims[d] = C.int64_t(size)
	}
	return n, dims, nil
}

func mismatch(format string, arguments ...any) error {
	return &Error{ShapeMismatch, "lite: " + fmt.Sprintf(format, arguments...)}
}

// bytesOf is the memory of a slice.
func bytesOf[T Element](data []T) []byte {
	var zero T
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(data))), len(data)*int(unsafe.Sizeof(zero)))
}

// Set gives an input its elements, in row-major order, which are copied. It keeps them for the runs that follow.
func Set[T Element](t *Tensor, shape []int, data []T) error {
	if n, _, err := count(shape); err != nil {
		return err
	} else if n != len(data) {
		return mismatch("input '%s': %d elements are given, a shape of %v has %d", t.name, len(data), shape, n)
	}
	return t.SetBytes(dtypeOf[T](), shape, bytesOf(data))
}

// SetBytes is [Set] for any element type but strings, with the elements as the library has them in memory: small ones
// packed, the first in the lowest bits.
func (t *Tensor) SetBytes(dtype Dtype, shape []int, data []byte) error {
	return t.write(shape, func(n int, rank C.int, dims *C.int64_t) error {
		if want := (n*dtype.Bits() + 7) / 8; want != len(data) || dtype == String {
			return mismatch("input '%s': %d bytes are given, a tensor %v%v has %d", t.name, len(data), dtype, shape, want)
		}
		if err := call(func() C.int { return C.LITE_set_tensor_dims(t.handle, C.LiteDataType(dtype), rank, dims) }); err != nil {
			return err
		}
		memory, err := t.memory()
		if err == nil {
			copy(memory, data)
		}
		return err
	})
}

// SetStrings is [Set] for an input of strings.
func (t *Tensor) SetStrings(shape []int, data []string) error {
	return t.write(shape, func(n int, rank C.int, dims *C.int64_t) error {
		if err := call(func() C.int { return C.LITE_set_tensor_dims(t.handle, C.LITE_STRING, rank, dims) }); err != nil {
			return err
		}
		return t.fillStrings(n, data)
	})
}

// fillStrings gives n elements of a tensor of strings. The caller has begun to touch.
func (t *Tensor) fillStrings(n int, data []string) error {
	if n != len(data) {
		return mismatch("'%s': %d strings are given, the shape has %d", t.name, len(data), n)
	}
	for i, text := range data {
		bytes := (*C.char)(unsafe.Pointer(unsafe.StringData(text)))
		if err := call(func() C.int {
			return C.LITE_set_tensor_string(t.handle, C.size_t(i), bytes, C.size_t(len(text)))
		}); err != nil {
			return err
		}
	}
	return nil
}

// write calls f, which gives an input its elements in the library's memory; memory that is used in place is let go first.
func (t *Tensor) write(shape []int, f func(n int, rank C.int, dims *C.int64_t) error) error {
	n, dims, err := t.writable(shape)
	if err != nil {
		return err
	}
	if err := t.core.begin(touching); err != nil {
		return err
	}
	defer t.core.end(touching)
	if err := t.unbind(); err != nil {
		return err
	}
	return f(n, C.int(len(shape)), &dims[0])
}

func (t *Tensor) writable(shape []int) (int, []C.int64_t, error) {
	if t.input < 0 {
		return 0, nil, &Error{InvalidArgument, "lite: output '" + t.name + "' cannot be set"}
	}
	return count(shape)
}

// Bind lets the network use a slice in place as an input, without a copy, until the input is given otherwise or the network
// is closed: what is written to it is what the next run reads. It is pinned as long, and must not be written to during a run.
func Bind[T Element](t *Tensor, shape []int, data []T) error {
	n, dims, err := t.writable(shape)
	if err != nil {
		return err
	}
	if n != len(data) {
		return mismatch("input '%s': %d elements are given, a shape of %v has %d", t.name, len(data), shape, n)
	}
	if n == 0 {
		return Set(t, shape, data)
	}
	if err := t.core.begin(touching); err != nil {
		return err
	}
	defer t.core.end(touching)
	pinner, memory := new(runtime.Pinner), bytesOf(data)
	pinner.Pin(&memory[0])
	if err := t.reset(dtypeOf[T](), len(shape), &dims[0], memory); err != nil {
		pinner.Unpin()
		return err
	}
	t.core.pin(t.input, pinner)
	return nil
}

// unbind lets go of memory that is used in place, so that the library does not take it for its own.
func (t *Tensor) unbind() error {
	if t.core.pins[t.input] == nil {
		return nil
	}
	none := C.int64_t(0)
	if err := t.reset(Float32, 1, &none, nil); err != nil {
		return err
	}
	t.core.pin(t.input, nil)
	return nil
}

// DLPack lends the tensor's memory to another library: the pointer is a DLManagedTensor, whose deleter is called once. Until then
// the memory lives, even if the network is closed; an output's is written to by the next run.
func (t *Tensor) DLPack() (unsafe.Pointer, error) {
	if err := t.core.begin(touching); err != nil {
		return nil, err
	}
	defer t.core.end(touching)
	var managed *C.struct_DLManagedTensor
	err := call(func() C.int { return C.LITE_tensor_to_dlpack(t.handle, &managed) })
	return unsafe.Pointer(managed), err
}

// BindDLPack is [Bind] for another library's memory: managed is a DLManagedTensor, which belongs to the network from now on. On
// failure it stays the caller's.
func (t *Tensor) BindDLPack(managed unsafe.Pointer) error {
	if _, _, err := t.writable(nil); err != nil {
		return err
	}
	if err := t.core.begin(touching); err != nil {
		return err
	}
	defer t.core.end(touching)
	var lent C.LiteTensor
	if err := call(func() C.int { return C.LITE_tensor_from_dlpack((*C.struct_DLManagedTensor)(managed), &lent) }); err != nil {
		return err
	}
	defer C.LITE_destroy_tensor(lent)
	if err := call(func() C.int { return C.LITE_tensor_share_memory_with(t.handle, lent) }); err != nil {
		return err
	}
	t.core.pin(t.input, new(runtime.Pinner)) // nothing of Go's; but it is in place
	return nil
}

func (t *Tensor) reset(dtype Dtype, rank int, dims *C.int64_t, memory []byte) error {
	data := unsafe.Pointer(unsafe.SliceData(memory))
	return call(func() C.int {
		return C.LITE_reset_tensor_with_dims(t.handle, C.LiteDataType(dtype), C.int(rank), dims, data, C.size_t(len(memory)))
	})
}

// memory is the library's memory of the tensor. The caller has begun to touch.
func (t *Tensor) memory() ([]byte, error) {
	var data unsafe.Pointer
	var size C.size_t
	err := call(func() C.int {
		code := C.LITE_get_tensor_total_size_in_byte(t.handle, &size)
		if code == C.LITE_OK && size != 0 {
			code = C.LITE_get_tensor_memory(t.handle, &data)
		}
		return code
	})
	return unsafe.Slice((*byte)(data), int(size)), err
}

// typed is the library's memory of the tensor. The caller has begun to touch.
func typed[T Element](t *Tensor) ([]T, error) {
	var dtype C.LiteDataType
	if err := call(func() C.int { return C.LITE_get_tensor_dtype(t.handle, &dtype) }); err != nil {
		return nil, err
	}
	if want := dtypeOf[T](); Dtype(dtype) != want {
		return nil, mismatch("'%s' is of %v, not of %v", t.name, Dtype(dtype), want)
	}
	bytes, err := t.memory()
	if err != nil || len(bytes) == 0 {
		return nil, err
	}
	var zero T
	return unsafe.Slice((*T)(unsafe.Pointer(&bytes[0])), len(bytes)/int(unsafe.Sizeof(zero))), nil
}

// Get copies a tensor's elements, in row-major order.
func Get[T Element](t *Tensor) ([]T, error) {
	if err := t.core.begin(touching); err != nil {
		return nil, err
	}
	defer t.core.end(touching)
	data, err := typed[T](t)
	if err != nil {
		return nil, err
	}
	return append(make([]T, 0, len(data)), data...), nil
}

// CopyTo copies a tensor's elements to a slice that is long enough, and tells how many there are.
func CopyTo[T Element](t *Tensor, to []T) (int, error) {
	if err := t.core.begin(touching); err != nil {
		return 0, err
	}
	defer t.core.end(touching)
	data, err := typed[T](t)
	if err == nil && len(data) > len(to) {
		return 0, &Error{BufferTooSmall, fmt.Sprintf("lite: '%s' has %d elements, there is room for %d", t.name, len(data), len(to))}
	}
	return copy(to, data), err
}

// Bytes copies a tensor's elements of any type but strings, as the library has them in memory: small ones packed, the first
// in the lowest bits.
func (t *Tensor) Bytes() ([]byte, error) {
	dtype, err := t.Dtype()
	if err != nil {
		return nil, err
	}
	if dtype == String {
		return nil, mismatch("'%s' is of strings: see Strings", t.name)
	}
	if err := t.core.begin(touching); err != nil {
		return nil, err
	}
	defer t.core.end(touching)
	data, err := t.memory()
	return append([]byte{}, data...), err
}

// Strings copies a tensor's elements, which are strings.
func (t *Tensor) Strings() ([]string, error) {
	dtype, err := t.Dtype()
	if err != nil {
		return nil, err
	}
	if dtype != String {
		return nil, mismatch("'%s' is of %v, not of %v", t.name, dtype, String)
	}
	shape, err := t.Shape()
	if err != nil {
		return nil, err
	}
	n, _, err := count(shape)
	if err != nil {
		return nil, err
	}
	if err := t.core.begin(touching); err != nil {
		return nil, err
	}
	defer t.core.end(touching)
	texts := make([]string, n)
	for i := range texts {
		var data *C.char
		var size C.size_t
		if err := call(func() C.int { return C.LITE_get_tensor_string(t.handle, C.size_t(i), &data, &size) }); err != nil {
			return nil, err
		}
		texts[i] = C.GoStringN(data, C.int(size))
	}
	return texts, nil
}

// A View shows an output in place, without a copy, until the network runs again or is closed.
type View[T Element] struct {
	tensor *Tensor
	run    uint64
}

// ViewOf is a view of what the last run gave.
func ViewOf[T Element](t *Tensor) (View[T], error) {
	if err := t.core.begin(touching); err != nil {
		return View[T]{}, err
	}
	defer t.core.end(touching)
	_, err := typed[T](t)
	t.core.mu.Lock()
	defer t.core.mu.Unlock()
	return View[T]{t, t.core.runs}, err
}

// Look calls f with the elements, which are the library's memory: f must not keep the slice. Meanwhile the network can
// neither run nor be closed. When it has run since the view was made, Look fails with [ErrStale]; when it is closed, with
// [ErrClosed].
func (v View[T]) Look(f func(data []T)) error {
	if v.tensor == nil {
		return &Error{InvalidArgument, "lite: a view of nothing"}
	}
	c := v.tensor.core
	if err := c.begin(touching); err != nil {
		return err
	}
	defer c.end(touching)
	c.mu.Lock()
	runs := c.runs
	c.mu.Unlock()
	if runs != v.run {
		return &Error{Stale, fmt.Sprintf("lite: the network has run again since the view of '%s' was made", v.tensor.name)}
	}
	data, err := typed[T](v.tensor)
	if err != nil {
		return err
	}
	f(data)
	return nil
}
