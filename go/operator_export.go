package lite

/*
#include <stdint.h>
#include <stdlib.h>
#include "lite.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"runtime/cgo"
	"sync/atomic"
	"unsafe"
)

// A task is what [Node.Parallel] does, and the first error in it.
type task struct {
	f     func(int) error
	first atomic.Pointer[error]
}

// guarded turns a panic into an error: it must not unwind into the library.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Error{Unknown, fmt.Sprintf("panic: %v", p)}
		}
	}()
	return f()
}

// fail gives the library an error's words and its code.
func fail(context C.LiteOperatorContext, err error) C.int {
	if err == nil {
		return C.LITE_OK
	}
	text := C.CString(err.Error())
	defer C.free(unsafe.Pointer(text))
	C.LITE_operator_set_error(context, text)
	return codeOf(err)
}

func codeOf(err error) C.int {
	var e *Error
	if errors.As(err, &e) && e.Code != Stale {
		return C.int(e.Code)
	}
	return C.int(Unknown)
}

func operatorOf(handle C.uintptr_t) *Operator { return cgo.Handle(handle).Value().(*Operator) }

//export liteGoInfer
func liteGoInfer(op C.uintptr_t, context C.LiteOperatorContext) C.int {
	return fail(context, guarded(func() error { return operatorOf(op).Infer(&Node{context}) }))
}

//export liteGoCreate
func liteGoCreate(op C.uintptr_t, context C.LiteOperatorContext, state *C.uintptr_t) C.int {
	*state = 0
	create := operatorOf(op).Create
	if create == nil {
		return C.LITE_OK
	}
	return fail(context, guarded(func() error {
		made, err := create(&Node{context})
		if err == nil {
			*state = C.uintptr_t(cgo.NewHandle(made))
		}
		return err
	}))
}

//export liteGoRun
func liteGoRun(op, state C.uintptr_t, context C.LiteOperatorContext) C.int {
	return fail(context, guarded(func() error {
		var made any
		if state != 0 {
			made = cgo.Handle(state).Value()
		}
		return operatorOf(op).Run(made, &Node{context})
	}))
}

//export liteGoTask
func liteGoTask(handle C.uintptr_t, index C.int64_t) C.int {
	t := cgo.Handle(handle).Value().(*task)
	err := guarded(func() error { return t.f(int(index)) })
	if err == nil {
		return C.LITE_OK
	}
	t.first.CompareAndSwap(nil, &err)
	return codeOf(err)
}

//export liteGoDrop
func liteGoDrop(handle C.uintptr_t) { cgo.Handle(handle).Delete() }
