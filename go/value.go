package lite

/*
#include <stdlib.h>
#include "lite.h"
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// A Value is what an input or output of any kind carries: an [Array], a [Sequence], an [Optional] or a [Map].
type Value interface {
	// handle makes a value of the library's, which the caller destroys.
	handle() (C.LiteValue, error)
}

// An Array is a tensor that belongs to no network, in Go's memory.
type Array struct {
	Dtype Dtype
	Shape []int
	// Data are the elements as the library has them in memory: small ones packed, the first in the lowest bits.
	Data []byte
	// Strings are the elements of a tensor of strings, instead of Data.
	Strings []string
}

// A Sequence is elements in order. Dtype is that of the tensors in them.
type Sequence struct {
	Dtype    Dtype
	Elements []Value
}

// An Optional holds a value or nil. Dtype is that of the tensors that it could hold.
type Optional struct {
	Dtype   Dtype
	Element Value
}

// A Map has a value for each key, in their order. Keys are integers or strings; Values is a [Sequence], or an [Array] whose
// first dimension counts them.
type Map struct {
	Keys   Array
	Values Value
}

// ArrayOf is an array of a copy of elements in row-major order.
func ArrayOf[T Element](shape []int, data []T) (Array, error) {
	n, _, err := count(shape)
	if err == nil && n != len(data) {
		err = mismatch("%d elements are given, a shape of %v has %d", len(data), shape, n)
	}
	return Array{Dtype: dtypeOf[T](), Shape: append([]int{}, shape...), Data: append([]byte{}, bytesOf(data)...)}, err
}

// Elements are the elements of an array, in row-major order.
func Elements[T Element](a Array) ([]T, error) {
	if want := dtypeOf[T](); a.Dtype != want {
		return nil, mismatch("the array is of %v, not of %v", a.Dtype, want)
	}
	var zero T
	data := make([]T, len(a.Data)/int(unsafe.Sizeof(zero)))
	copy(bytesOf(data), a.Data)
	return data, nil
}

// SetValue gives an input of any kind its value, which is copied. It keeps it for the runs that follow.
func (n *Network) SetValue(name string, value Value) error {
	if value == nil {
		return &Error{InvalidArgument, "lite: a value is wanted"}
	}
	v, err := value.handle()
	if err != nil {
		return err
	}
	defer C.LITE_destroy_value(v)
	if err := n.begin(touching); err != nil {
		return err
	}
	defer n.end(touching)
	if t := n.in[name]; t != nil {
		if err := t.unbind(); err != nil {
			return err
		}
	}
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	return call(func() C.int { return C.LITE_set_input_value(n.handle, text, v) })
}

// Value is a copy of what the last run gave for an output of any kind.
func (n *Network) Value(name string) (Value, error) {
	if err := n.begin(touching); err != nil {
		return nil, err
	}
	defer n.end(touching)
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	return take(func(v *C.LiteValue) C.int { return C.LITE_get_output_value(n.handle, text, v) })
}

// ---- to the library ----

func (a Array) tensor() (C.LiteTensor, error) {
	if err := ensure(); err != nil {
		return nil, err
	}
	n, dims, err := count(a.Shape)
	if err != nil {
		return nil, err
	}
	var t C.LiteTensor
	if err := call(func() C.int {
		return C.LITE_make_tensor_with_dims(C.LiteDataType(a.Dtype), C.int(len(a.Shape)), &dims[0], &t)
	}); err != nil {
		return nil, err
	}
	if err := a.fill(&Tensor{handle: t, name: "a value"}, n); err != nil {
		C.LITE_destroy_tensor(t)
		return nil, err
	}
	return t, nil
}

func (a Array) fill(t *Tensor, n int) error {
	if a.Dtype == String {
		return t.fillStrings(n, a.Strings)
	}
	memory, err := t.memory()
	if err == nil && len(memory) != len(a.Data) {
		err = mismatch("%d bytes are given, a tensor %v%v has %d", len(a.Data), a.Dtype, a.Shape, len(memory))
	}
	copy(memory, a.Data)
	return err
}

func newValue(f func(*C.LiteValue) C.int) (v C.LiteValue, err error) {
	err = call(func() C.int { return f(&v) })
	return v, err
}

func (a Array) handle() (C.LiteValue, error) {
	t, err := a.tensor()
	if err != nil {
		return nil, err
	}
	defer C.LITE_destroy_tensor(t)
	return newValue(func(v *C.LiteValue) C.int { return C.LITE_make_tensor_value(t, C.LITE_VALUE_SHARE_MEMORY, v) })
}

func (s Sequence) handle() (C.LiteValue, error) {
	if err := ensure(); err != nil {
		return nil, err
	}
	sequence, err := newValue(func(v *C.LiteValue) C.int { return C.LITE_make_sequence(C.LiteDataType(s.Dtype), v) })
	if err != nil {
		return nil, err
	}
	for _, element := range s.Elements {
		if err := appendValue(sequence, element); err != nil {
			C.LITE_destroy_value(sequence)
			return nil, err
		}
	}
	return sequence, nil
}

func appendValue(sequence C.LiteValue, element Value) error {
	e, err := element.handle()
	if err != nil {
		return err
	}
	defer C.LITE_destroy_value(e)
	return call(func() C.int { return C.LITE_append_value(sequence, e) })
}

func (o Optional) handle() (C.LiteValue, error) {
	if err := ensure(); err != nil {
		return nil, err
	}
	var element C.LiteValue
	if o.Element != nil {
		var err error
		if element, err = o.Element.handle(); err != nil {
			return nil, err
		}
		defer C.LITE_destroy_value(element)
	}
	return newValue(func(v *C.LiteValue) C.int { return C.LITE_make_optional(element, C.LiteDataType(o.Dtype), v) })
}

func (m Map) handle() (C.LiteValue, error) {
	if m.Values == nil {
		return nil, &Error{InvalidArgument, "lite: a map without values"}
	}
	keys, err := m.Keys.tensor()
	if err != nil {
		return nil, err
	}
	defer C.LITE_destroy_tensor(keys)
	values, err := m.Values.handle()
	if err != nil {
		return nil, err
	}
	defer C.LITE_destroy_value(values)
	return newValue(func(v *C.LiteValue) C.int { return C.LITE_make_map(keys, values, v) })
}

// ---- from the library ----

// take takes a value that f gives away.
func take(f func(*C.LiteValue) C.int) (Value, error) {
	v, err := newValue(f)
	if err != nil {
		return nil, err
	}
	defer C.LITE_destroy_value(v)
	var kind C.LiteValueKind
	if err := call(func() C.int { return C.LITE_get_value_kind(v, &kind) }); err != nil {
		return nil, err
	}
	switch kind {
	case C.LITE_VALUE_TENSOR:
		return takeArray(func(t *C.LiteTensor) C.int { return C.LITE_get_value_tensor(v, t) })
	case C.LITE_VALUE_MAP:
		keys, err := takeArray(func(t *C.LiteTensor) C.int { return C.LITE_get_map_keys(v, t) })
		if err != nil {
			return nil, err
		}
		values, err := take(func(e *C.LiteValue) C.int { return C.LITE_get_map_values(v, e) })
		return Map{keys, values}, err
	case C.LITE_VALUE_SEQUENCE, C.LITE_VALUE_OPTIONAL:
		return takeElements(v, kind == C.LITE_VALUE_OPTIONAL)
	}
	return nil, &Error{Unsupported, fmt.Sprintf("lite: kind %d of values is not known here", int(kind))}
}

func takeElements(v C.LiteValue, optional bool) (Value, error) {
	var dtype C.LiteDataType
	if err := call(func() C.int { return C.LITE_get_value_dtype(v, &dtype) }); err != nil {
		return nil, err
	}
	var length C.size_t
	if err := call(func() C.int { return C.LITE_get_value_length(v, &length) }); err != nil {
		return nil, err
	}
	elements := make([]Value, length)
	for i := range elements {
		var err error
		elements[i], err = take(func(e *C.LiteValue) C.int { return C.LITE_get_value_element(v, C.size_t(i), e) })
		if err != nil {
			return nil, err
		}
	}
	if !optional {
		return Sequence{Dtype(dtype), elements}, nil
	}
	o := Optional{Dtype: Dtype(dtype)}
	if length > 0 {
		o.Element = elements[0]
	}
	return o, nil
}

func takeArray(f func(*C.LiteTensor) C.int) (Array, error) {
	var handle C.LiteTensor
	if err := call(func() C.int { return f(&handle) }); err != nil {
		return Array{}, err
	}
	t := &Tensor{core: &core{}, handle: handle, name: "a value"}
	defer C.LITE_destroy_tensor(t.handle)
	dtype, err := t.Dtype()
	if err != nil {
		return Array{}, err
	}
	a := Array{Dtype: dtype}
	if a.Shape, err = t.Shape(); err != nil {
		return Array{}, err
	}
	if dtype == String {
		a.Strings, err = t.Strings()
	} else {
		a.Data, err = t.Bytes()
	}
	return a, err
}
