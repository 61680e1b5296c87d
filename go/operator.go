package lite

/*
#include <stdint.h>
#include <stdlib.h>
#include "lite.h"

extern int liteGoInfer(uintptr_t op, LiteOperatorContext context);
extern int liteGoCreate(uintptr_t op, LiteOperatorContext context, uintptr_t* state);
extern int liteGoRun(uintptr_t op, uintptr_t state, LiteOperatorContext context);
extern int liteGoTask(uintptr_t task, int64_t index);
extern void liteGoDrop(uintptr_t handle);

// Go's handles are numbers, the library passes pointers along.
static int lite_go_infer(void* op, LiteOperatorContext c) { return liteGoInfer((uintptr_t)op, c); }
static int lite_go_create(void* op, LiteOperatorContext c, void** state) { return liteGoCreate((uintptr_t)op, c, (uintptr_t*)state); }
static void lite_go_destroy(void* op, void* state) { (void)op; if (state) liteGoDrop((uintptr_t)state); }
static int lite_go_run_node(void* op, void* state, LiteOperatorContext c) { return liteGoRun((uintptr_t)op, (uintptr_t)state, c); }
static void lite_go_release(void* op) { liteGoDrop((uintptr_t)op); }
static int lite_go_task(void* task, int64_t index) { return liteGoTask((uintptr_t)task, index); }

static int lite_go_register(LiteOperator op, int infers, uintptr_t self) {
  op.infer = infers ? lite_go_infer : NULL;
  op.create = lite_go_create;
  op.destroy = lite_go_destroy;
  op.run = lite_go_run_node;
  op.user_data = (void*)self;
  op.release = lite_go_release;
  return LITE_register_operator(&op);
}
static int lite_go_parallel_for(LiteOperatorContext c, int64_t count, uintptr_t task) {
  return LITE_operator_parallel_for(c, count, lite_go_task, (void*)task);
}
*/
import "C"

import (
	"errors"
	"runtime/cgo"
	"unsafe"
)

// An Operator is one of the program's own: a model whose nodes have its domain and name runs them by its functions. They are
// called from several threads at once when several networks run. A panic in them becomes an error of the run.
type Operator struct {
	Domain, Name string
	SinceVersion int // the first version of the domain's opset that it is for; 0 is 1

	// How many inputs and outputs a node may have; Max -1 is any number. 0 is 1, throughout.
	MinInputs, MaxInputs, MinOutputs, MaxOutputs int

	// Pure: the same inputs always give the same outputs, and nothing else happens.
	Pure bool
	// SameAsInput: instead of Infer, every output has the element type and shape of input 0.
	SameAsInput bool
	// Infer tells what is known of the outputs with [Node.SetOutput]. Without it they get their shapes in the run.
	Infer func(node *Node) error
	// Create makes what a node keeps between runs. It may be nil.
	Create func(node *Node) (state any, err error)
	// Run computes the outputs.
	Run func(state any, node *Node) error
}

// RegisterOperator registers an operator for the models that are opened from now on.
func RegisterOperator(op Operator) error {
	if err := ensure(); err != nil {
		return err
	}
	if op.Run == nil {
		return &Error{InvalidArgument, "lite: an operator without Run"}
	}
	if err := whole(op.Domain, op.Name); err != nil {
		return err
	}
	orOne := func(n int) C.int {
		if n == 0 {
			n = 1
		}
		return C.int(n)
	}
	domain, name := C.CString(op.Domain), C.CString(op.Name)
	defer C.free(unsafe.Pointer(domain))
	defer C.free(unsafe.Pointer(name))
	o := C.LiteOperator{
		struct_size: C.sizeof_LiteOperator, domain: domain, name: name, since_version: orOne(op.SinceVersion),
		min_inputs: orOne(op.MinInputs), max_inputs: orOne(op.MaxInputs),
		min_outputs: orOne(op.MinOutputs), max_outputs: orOne(op.MaxOutputs),
	}
	if op.Pure {
		o.flags |= C.LITE_OPERATOR_PURE
	}
	if op.SameAsInput {
		o.flags |= C.LITE_OPERATOR_SAME_AS_INPUT
	}
	handle := cgo.NewHandle(&op)
	err := call(func() C.int { return C.lite_go_register(o, cBool(op.Infer != nil), C.uintptr_t(handle)) })
	if err != nil {
		handle.Delete()
	}
	return err
}

// UnregisterOperator ends a registration. Networks that were opened with the operator go on using it.
func UnregisterOperator(domain, name string, sinceVersion int) error {
	return withText(domain, func(d *C.char) C.int {
		n := C.CString(name)
		defer C.free(unsafe.Pointer(n))
		return C.LITE_unregister_operator(d, n, C.int(sinceVersion))
	})
}

// LoadOperatorLibrary loads a shared library and registers the operators in it.
func LoadOperatorLibrary(path string) error {
	return withText(path, func(text *C.char) C.int { return C.LITE_load_operator_library(text) })
}

// A Node is what an operator's function is called for. It, and the slices that it gives, are valid until the function returns.
type Node struct {
	context C.LiteOperatorContext
}

// An Operand is an input or output of a node, or a tensor in an attribute.
type Operand struct {
	Present bool  // otherwise the node leaves it out, or nobody reads it
	Dtype   Dtype // -1 when it is not known yet
	Shape   []int // nil when the rank is not known yet; a dimension below 0 is not known, two that are equal and below -1 are the same
	data    []byte
}

// Data are the elements of an operand, in place: nil when they are not known yet. Those of an input must not be written to.
func Data[T Element](o Operand) ([]T, error) {
	if want := dtypeOf[T](); o.Dtype != want {
		return nil, mismatch("the operand is of %v, not of %v", o.Dtype, want)
	}
	if len(o.data) == 0 {
		return nil, nil
	}
	var zero T
	return unsafe.Slice((*T)(unsafe.Pointer(&o.data[0])), len(o.data)/int(unsafe.Sizeof(zero))), nil
}

func (n *Node) operand(f func(*C.LiteOperatorTensor) C.int) (Operand, error) {
	t := C.LiteOperatorTensor{struct_size: C.sizeof_LiteOperatorTensor, dtype: -1, rank: -1}
	if err := call(func() C.int { return f(&t) }); err != nil || t.present == 0 {
		return Operand{}, err
	}
	o := Operand{Present: true, Dtype: Dtype(t.dtype)}
	if t.rank >= 0 {
		o.Shape = make([]int, t.rank)
		for d, size := range unsafe.Slice(t.dims, t.rank) {
			o.Shape[d] = int(size)
		}
	}
	if t.data != nil {
		o.data = unsafe.Slice((*byte)(t.data), t.size)
	}
	return o, nil
}

// Name is the node's name, or that of its first output.
func (n *Node) Name() (string, error) {
	var name *C.char
	err := call(func() C.int { return C.LITE_operator_get_node_name(n.context, &name) })
	return C.GoString(name), err
}

// NumInputs is how many inputs the node has, with those that it leaves out between others.
func (n *Node) NumInputs() (int, error) {
	var count C.size_t
	err := call(func() C.int { return C.LITE_operator_get_input_count(n.context, &count) })
	return int(count), err
}

// NumOutputs is how many outputs the node has, with those that it leaves out between others.
func (n *Node) NumOutputs() (int, error) {
	var count C.size_t
	err := call(func() C.int { return C.LITE_operator_get_output_count(n.context, &count) })
	return int(count), err
}

// Input is an input. In Run all of it is known.
func (n *Node) Input(i int) (Operand, error) {
	return n.operand(func(t *C.LiteOperatorTensor) C.int { return C.LITE_operator_get_input(n.context, C.size_t(i), t) })
}

// InputString is an element of an input of strings.
func (n *Node) InputString(i, element int) (string, error) {
	return takeString(func(text **C.char, size *C.size_t) C.int {
		return C.LITE_operator_get_input_string(n.context, C.size_t(i), C.size_t(element), text, size)
	})
}

func takeString(f func(text **C.char, size *C.size_t) C.int) (string, error) {
	var text *C.char
	var size C.size_t
	if err := call(func() C.int { return f(&text, &size) }); err != nil {
		return "", err
	}
	return C.GoStringN(text, C.int(size)), nil
}

// Output is an output, in Run. One that Infer has told has memory, which holds anything; the others get theirs by [Node.Allocate].
func (n *Node) Output(i int) (Operand, error) {
	return n.operand(func(t *C.LiteOperatorTensor) C.int { return C.LITE_operator_get_output(n.context, C.size_t(i), t) })
}

// SetOutput tells, in Infer, what is known of an output. dtype -1 and a nil shape are not known before the run; so is a
// dimension below 0, and those below -1 are an input's, handed on.
func (n *Node) SetOutput(i int, dtype Dtype, shape []int) error {
	rank, dims := C.int(-1), make([]C.int64_t, len(shape)+1)
	if shape != nil {
		rank = C.int(len(shape))
	}
	for d, size := range shape {
		dims[d] = C.int64_t(size)
	}
	return call(func() C.int { return C.LITE_operator_set_output(n.context, C.size_t(i), C.int(dtype), rank, &dims[0]) })
}

// Allocate gives an output, in Run, its element type, shape and memory.
func (n *Node) Allocate(i int, dtype Dtype, shape []int) (Operand, error) {
	_, dims, err := count(shape)
	if err != nil {
		return Operand{}, err
	}
	if err := call(func() C.int {
		return C.LITE_operator_allocate_output(n.context, C.size_t(i), C.LiteDataType(dtype), C.int(len(shape)), &dims[0], nil)
	}); err != nil {
		return Operand{}, err
	}
	return n.Output(i)
}

// SetOutputString sets an element of an output of strings, in Run.
func (n *Node) SetOutputString(i, element int, text string) error {
	data := (*C.char)(unsafe.Pointer(unsafe.StringData(text)))
	return call(func() C.int {
		return C.LITE_operator_set_output_string(n.context, C.size_t(i), C.size_t(element), data, C.size_t(len(text)))
	})
}

// Parallel calls f, in Run, once for each index from 0 to count-1, on as many threads as the network may use, and returns
// when all are done.
func (n *Node) Parallel(count int, f func(index int) error) error {
	task := &task{f: f}
	handle := cgo.NewHandle(task)
	defer handle.Delete()
	err := call(func() C.int { return C.lite_go_parallel_for(n.context, C.int64_t(count), C.uintptr_t(handle)) })
	if first := task.first.Load(); first != nil && !errors.Is(err, ErrCancelled) && !errors.Is(err, ErrTimedOut) {
		return *first
	}
	return err
}

// NumThreads is how many threads the network may use, in Run.
func (n *Node) NumThreads() (int, error) {
	var threads C.size_t
	err := call(func() C.int { return C.LITE_operator_get_threads(n.context, &threads) })
	return int(threads), err
}

// Stop is [ErrCancelled] when the run was cancelled or its time is over, and nil otherwise. A Run that takes long asks now
// and then, and returns it.
func (n *Node) Stop() error {
	var stop C.int
	if err := call(func() C.int { return C.LITE_operator_should_stop(n.context, &stop) }); err != nil || stop == 0 {
		return err
	}
	return &Error{Cancelled, "lite: the run is to stop"}
}

// ---- attributes ----

// Attributes are the names of the node's attributes.
func (n *Node) Attributes() ([]string, error) {
	var count C.size_t
	if err := call(func() C.int { return C.LITE_operator_get_attribute_count(n.context, &count) }); err != nil {
		return nil, err
	}
	names := make([]string, count)
	for i := range names {
		var name *C.char
		if err := call(func() C.int { return C.LITE_operator_get_attribute_name(n.context, C.size_t(i), &name) }); err != nil {
			return nil, err
		}
		names[i] = C.GoString(name)
	}
	return names, nil
}

// attribute asks for one by name. It tells whether the node has it.
func (n *Node) attribute(name string, f func(name *C.char) C.int) (bool, error) {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	err := call(func() C.int { return f(text) })
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Int is an attribute of one integer, or otherwise if the node does not have it.
func (n *Node) Int(name string, otherwise int64) (int64, error) {
	value := C.int64_t(otherwise)
	_, err := n.attribute(name, func(t *C.char) C.int { return C.LITE_operator_get_attribute_int(n.context, t, &value) })
	return int64(value), err
}

// Float is an attribute of one number, or otherwise if the node does not have it.
func (n *Node) Float(name string, otherwise float32) (float32, error) {
	value := C.float(otherwise)
	_, err := n.attribute(name, func(t *C.char) C.int { return C.LITE_operator_get_attribute_float(n.context, t, &value) })
	return float32(value), err
}

// Ints is an attribute of integers, or nil if the node does not have it.
func (n *Node) Ints(name string) ([]int64, error) {
	var values *C.int64_t
	var length C.size_t
	_, err := n.attribute(name, func(t *C.char) C.int {
		return C.LITE_operator_get_attribute_ints(n.context, t, &values, &length)
	})
	return append([]int64(nil), unsafe.Slice((*int64)(values), length)...), err
}

// Floats is an attribute of numbers, or nil if the node does not have it.
func (n *Node) Floats(name string) ([]float32, error) {
	var values *C.float
	var length C.size_t
	_, err := n.attribute(name, func(t *C.char) C.int {
		return C.LITE_operator_get_attribute_floats(n.context, t, &values, &length)
	})
	return append([]float32(nil), unsafe.Slice((*float32)(values), length)...), err
}

// Text is an attribute of one string, or otherwise if the node does not have it.
func (n *Node) Text(name, otherwise string) (string, error) {
	texts, err := n.Texts(name)
	if err != nil || texts == nil {
		return otherwise, err
	}
	if len(texts) != 1 {
		return otherwise, mismatch("attribute '%s' has %d strings", name, len(texts))
	}
	return texts[0], nil
}

// Texts is an attribute of one string or of several, or nil if the node does not have it.
func (n *Node) Texts(name string) ([]string, error) {
	var kind C.LiteAttributeType
	var length C.size_t
	has, err := n.attribute(name, func(t *C.char) C.int {
		return C.LITE_operator_get_attribute_type(n.context, t, &kind, &length)
	})
	if err != nil || !has {
		return nil, err
	}
	texts := make([]string, length)
	for i := range texts {
		var text *C.char
		var size C.size_t
		if _, err := n.attribute(name, func(t *C.char) C.int {
			return C.LITE_operator_get_attribute_string(n.context, t, C.size_t(i), &text, &size)
		}); err != nil {
			return nil, err
		}
		texts[i] = C.GoStringN(text, C.int(size))
	}
	return texts, nil
}

// Tensor is an attribute that is a tensor; it is not present if the node does not have it.
func (n *Node) Tensor(name string) (Operand, error) {
	var o Operand
	_, err := n.attribute(name, func(t *C.char) (code C.int) {
		var inner error
		o, inner = n.operand(func(to *C.LiteOperatorTensor) C.int {
			to.present = 1
			code = C.LITE_operator_get_attribute_tensor(n.context, t, to)
			return code
		})
		_ = inner // the code says it
		return code
	})
	return o, err
}
