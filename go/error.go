package lite

/*
#include "lite.h"
*/
import "C"

import (
	"context"
	"errors"
	"fmt"
	"runtime"
)

// A Code is the kind of an [Error].
type Code int

// The library's codes.
const (
	Internal        Code = 1   // a defect in the library; please report it
	Unknown         Code = 2   // a callback failed
	InvalidArgument Code = -1  // out of range, of the wrong kind, a name or option that does not exist
	InvalidModel    Code = -2  // the bytes are not a model, or the model contradicts itself
	Unsupported     Code = -3  // well formed, but this build or device cannot do it
	NotFound        Code = -4  // no such file, input, output, key, device or library
	OutOfMemory     Code = -5  // there is not enough memory
	IOError         Code = -6  // reading or writing failed
	DeviceError     Code = -7  // a driver or accelerator reported a failure
	Cancelled       Code = -8  // the run was cancelled
	TimedOut        Code = -9  // the time given to the run is over
	Busy            Code = -10 // the network is running, or a view of its outputs is in use
	ShapeMismatch   Code = -11 // rank, dimensions, element type or size are not those wanted
	NotLoaded       Code = -12 // the network has no model
	Closed          Code = -13 // the network is closed
	BufferTooSmall  Code = -14 // the buffer is too small
	LimitExceeded   Code = -15 // a budget is used up; the message names it
	AlreadyLoaded   Code = -16 // allowed only before a model is loaded
	Stale           Code = -99 // the network has run again since the view was made; this package's own
)

// String is the code's name in the C API.
func (c Code) String() string {
	if c == Stale {
		return "stale view"
	}
	if ensure() != nil {
		return "liblite is not loaded"
	}
	return C.GoString(C.LITE_get_status_name(C.int(c)))
}

// An Error is what the library, or this package, says about a call that failed.
type Error struct {
	Code    Code
	Message string
}

func (e *Error) Error() string { return e.Message }

// Is reports whether target is an [Error] of the same code without a message, such as [ErrNotFound].
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Message == "" && other.Code == e.Code
}

// For errors.Is.
var (
	ErrInvalidArgument error = &Error{Code: InvalidArgument}
	ErrInvalidModel    error = &Error{Code: InvalidModel}
	ErrUnsupported     error = &Error{Code: Unsupported}
	ErrNotFound        error = &Error{Code: NotFound}
	ErrCancelled       error = &Error{Code: Cancelled}
	ErrTimedOut        error = &Error{Code: TimedOut}
	ErrBusy            error = &Error{Code: Busy}
	ErrShapeMismatch   error = &Error{Code: ShapeMismatch}
	ErrClosed          error = &Error{Code: Closed}
	ErrLimitExceeded   error = &Error{Code: LimitExceeded}
	ErrAlreadyLoaded   error = &Error{Code: AlreadyLoaded}
	ErrStale           error = &Error{Code: Stale}
)

// call calls the library once and makes an error of what it returns. The text is the thread's, so the goroutine stays on it.
func call(f func() C.int) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if code := f(); code != C.LITE_OK {
		return lastError(code)
	}
	return nil
}

// lastError is called on the thread that got the code.
func lastError(code C.int) error {
	return &Error{Code(code), C.GoString(C.LITE_get_last_error())}
}

// A stoppedError is that of a run that its context has stopped: the library's, and the context's.
type stoppedError struct {
	err *Error
	ctx context.Context
}

func (e *stoppedError) Error() string   { return e.err.Message }
func (e *stoppedError) Unwrap() []error { return []error{e.err, e.ctx.Err(), context.Cause(e.ctx)} }

func stopped(ctx context.Context) error {
	code, what := Cancelled, "cancelled"
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		code, what = TimedOut, "stopped, its time is over"
	}
	return &stoppedError{&Error{code, fmt.Sprintf("lite: the run was %s: %v", what, context.Cause(ctx))}, ctx}
}
