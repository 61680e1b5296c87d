package lite

/*
#include <stdlib.h>
#include "lite.h"
*/
import "C"

import (
	"fmt"
	"strconv"
	"strings"
	"unsafe"
)

// A Kind is what an input or output carries.
type Kind int

// The kinds.
const (
	TensorKind   Kind = C.LITE_VALUE_TENSOR
	SequenceKind Kind = C.LITE_VALUE_SEQUENCE
	OptionalKind Kind = C.LITE_VALUE_OPTIONAL
	MapKind      Kind = C.LITE_VALUE_MAP
)

// A Dim is a dimension of an input or output: Size, or -1 when the model leaves it open, perhaps with a Name such as "batch".
type Dim struct {
	Size int
	Name string
}

func (d Dim) String() string {
	switch {
	case d.Size >= 0:
		return strconv.Itoa(d.Size)
	case d.Name != "":
		return d.Name
	}
	return "?"
}

// An Info is what the model says about an input or output.
type Info struct {
	Name       string
	Kind       Kind
	Dtype      Dtype  // of the elements; for what is no tensor, of the tensors in it
	Shape      []Dim  // nil when the model leaves the rank open, or it is no tensor
	Type       string // in ONNX's notation, such as "seq(tensor(float))"
	HasDefault bool   // an input that need not be given
}

// String is, for example, "x: float32[batch,4]".
func (i Info) String() string {
	if i.Kind != TensorKind {
		return i.Name + ": " + i.Type
	}
	if i.Shape == nil {
		return fmt.Sprintf("%s: %s[...]", i.Name, i.Dtype)
	}
	dims := make([]string, len(i.Shape))
	for d, dim := range i.Shape {
		dims[d] = dim.String()
	}
	return fmt.Sprintf("%s: %s[%s]", i.Name, i.Dtype, strings.Join(dims, ","))
}

// learn asks for all that stays as it is as long as the model does.
func (n *Network) learn() error {
	var err error
	if n.inputs, err = n.infos(
		func(count *C.size_t) C.int { return C.LITE_get_input_count(n.handle, count) },
		func(i C.size_t, info *C.LiteIOInfo) C.int { return C.LITE_get_input_info(n.handle, i, info) },
	); err != nil {
		return err
	}
	if n.outputs, err = n.infos(
		func(count *C.size_t) C.int { return C.LITE_get_output_count(n.handle, count) },
		func(i C.size_t, info *C.LiteIOInfo) C.int { return C.LITE_get_output_info(n.handle, i, info) },
	); err != nil {
		return err
	}
	if n.metadata, err = n.readMetadata(); err != nil {
		return err
	}
	if n.in, err = n.tensors(n.inputs, C.LITE_INPUT); err != nil {
		return err
	}
	n.out, err = n.tensors(n.outputs, C.LITE_OUTPUT)
	return err
}

func (n *Network) infos(count func(*C.size_t) C.int, describe func(C.size_t, *C.LiteIOInfo) C.int) ([]Info, error) {
	var size C.size_t
	if err := n.do(func() C.int { return count(&size) }); err != nil {
		return nil, err
	}
	infos := make([]Info, 0, size)
	for i := C.size_t(0); i < size; i++ {
		info := C.LiteIOInfo{struct_size: C.sizeof_LiteIOInfo}
		if err := n.do(func() C.int { return describe(i, &info) }); err != nil {
			return nil, err
		}
		infos = append(infos, Info{
			C.GoString(info.name), Kind(info.kind), Dtype(info.dtype), shapeOf(&info), C.GoString(info._type), info.has_default != 0,
		})
	}
	return infos, nil
}

func shapeOf(info *C.LiteIOInfo) []Dim {
	if info.rank < 0 {
		return nil
	}
	shape := make([]Dim, info.rank)
	dims := unsafe.Slice(info.dims, info.rank)
	for d := range shape {
		shape[d].Size = int(dims[d])
		if dims[d] < 0 && info.dim_names != nil {
			shape[d].Name = C.GoString(unsafe.Slice(info.dim_names, info.rank)[d])
		}
	}
	return shape
}

func (n *Network) readMetadata() (map[string]string, error) {
	var size C.size_t
	if err := n.do(func() C.int { return C.LITE_get_metadata_count(n.handle, &size) }); err != nil {
		return nil, err
	}
	metadata := make(map[string]string, size)
	for i := C.size_t(0); i < size; i++ {
		var key, value *C.char
		if err := n.do(func() C.int { return C.LITE_get_metadata_item(n.handle, i, &key, &value) }); err != nil {
			return nil, err
		}
		metadata[C.GoString(key)] = C.GoString(value)
	}
	return metadata, nil
}

func (n *Network) tensors(infos []Info, phase C.LiteTensorPhase) (map[string]*Tensor, error) {
	tensors := make(map[string]*Tensor, len(infos))
	for _, info := range infos {
		if info.Kind != TensorKind {
			continue
		}
		t := &Tensor{core: n.core, name: info.Name}
		if phase == C.LITE_INPUT {
			t.input = len(n.pins)
			n.pins = append(n.pins, nil)
		} else {
			t.input = -1
		}
		name := C.CString(info.Name)
		defer C.free(unsafe.Pointer(name))
		if err := n.do(func() C.int { return C.LITE_get_io_tensor(n.handle, name, phase, &t.handle) }); err != nil {
			return nil, err
		}
		tensors[info.Name] = t
	}
	return tensors, nil
}
