package lite

/*
#include "lite.h"
*/
import "C"

import "fmt"

// A Dtype is an element type.
type Dtype int

// The element types. Those without a Go type are given and read as bytes, small ones packed, the first in the lowest bits.
const (
	Float32        Dtype = C.LITE_FLOAT
	Float16        Dtype = C.LITE_HALF
	BFloat16       Dtype = C.LITE_BFLOAT16
	Float64        Dtype = C.LITE_DOUBLE
	Int8           Dtype = C.LITE_INT8
	Int16          Dtype = C.LITE_INT16
	Int32          Dtype = C.LITE_INT
	Int64          Dtype = C.LITE_INT64
	Uint8          Dtype = C.LITE_UINT8
	Uint16         Dtype = C.LITE_UINT16
	Uint32         Dtype = C.LITE_UINT
	Uint64         Dtype = C.LITE_UINT64
	Bool           Dtype = C.LITE_BOOL
	String         Dtype = C.LITE_STRING
	Complex64      Dtype = C.LITE_COMPLEX64
	Complex128     Dtype = C.LITE_COMPLEX128
	Int4           Dtype = C.LITE_INT4
	Uint4          Dtype = C.LITE_UINT4
	Int2           Dtype = C.LITE_INT2
	Uint2          Dtype = C.LITE_UINT2
	Float8E4M3FN   Dtype = C.LITE_FLOAT8E4M3FN
	Float8E4M3FNUZ Dtype = C.LITE_FLOAT8E4M3FNUZ
	Float8E5M2     Dtype = C.LITE_FLOAT8E5M2
	Float8E5M2FNUZ Dtype = C.LITE_FLOAT8E5M2FNUZ
	Float8E8M0     Dtype = C.LITE_FLOAT8E8M0
	Float4E2M1     Dtype = C.LITE_FLOAT4E2M1
)

// String is the library's name, such as "float32".
func (d Dtype) String() string {
	if ensure() != nil {
		return fmt.Sprintf("Dtype(%d)", int(d))
	}
	return C.GoString(C.LITE_get_dtype_name(C.LiteDataType(d)))
}

// Bits is the number of bits of one element; 0 for strings.
func (d Dtype) Bits() int {
	var bits C.size_t
	if ensure() != nil || C.LITE_get_dtype_bits(C.LiteDataType(d), &bits) != C.LITE_OK {
		return 0
	}
	return int(bits)
}

// Half is the bits of a float16, and BFloat those of a bfloat16; Go has no such types.
type (
	Half   uint16
	BFloat uint16
)

// Element is every Go type that is an element type.
type Element interface {
	float32 | float64 | int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | bool | Half | BFloat | complex64 | complex128
}

func dtypeOf[T Element]() Dtype {
	var zero T
	switch any(zero).(type) {
	case float32:
		return Float32
	case float64:
		return Float64
	case int8:
		return Int8
	case int16:
		return Int16
	case int32:
		return Int32
	case int64:
		return Int64
	case uint8:
		return Uint8
	case uint16:
		return Uint16
	case uint32:
		return Uint32
	case uint64:
		return Uint64
	case bool:
		return Bool
	case Half:
		return Float16
	case BFloat:
		return BFloat16
	case complex64:
		return Complex64
	default:
		return Complex128
	}
}
