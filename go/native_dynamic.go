//go:build !lite_link && !lite_static

package lite

/*
// LITE_STATIC: the functions are defined here, see dynamic.c, and not for others.
#cgo CFLAGS: -I${SRCDIR}/include -DLITE_STATIC -fvisibility=hidden
#cgo linux LDFLAGS: -ldl
#include <dlfcn.h>
#include <stdlib.h>
#include "dynamic.h"
#include "lite.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unsafe"
)

func libraryName() string {
	if runtime.GOOS == "darwin" {
		return "liblite.1.dylib"
	}
	return "liblite.so.1"
}

// candidates are the paths to try, in order. One that is given is the only one.
func candidates(path string) []string {
	if path == "" {
		path = os.Getenv("LITE_LIBRARY")
	}
	if path != "" {
		return []string{path}
	}
	var all []string
	if program, err := os.Executable(); err == nil {
		folder := filepath.Dir(program)
		all = append(all, filepath.Join(folder, libraryName()), filepath.Join(folder, "..", "lib", libraryName()))
	}
	return append(all, libraryName())
}

// open opens the library, which then stays open: threads of it may run at any time. It returns the path.
func open(path string) (string, error) {
	var tried strings.Builder
	for _, candidate := range candidates(path) {
		err := bind(candidate)
		if err == nil {
			return candidate, nil
		}
		// The system's loader begins its message with the path.
		fmt.Fprintf(&tried, "\n  %s: %s", candidate, strings.TrimPrefix(err.Error(), candidate+": "))
	}
	return "", &Error{NotFound, "liblite cannot be loaded; the variable LITE_LIBRARY may name it. Tried:" + tried.String()}
}

func bind(path string) error {
	// dlerror is the thread's.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	text := C.CString(path)
	defer C.free(unsafe.Pointer(text))
	library := C.dlopen(text, C.RTLD_NOW|C.RTLD_LOCAL)
	if library == nil {
		return errors.New(C.GoString(C.dlerror()))
	}
	if err := adopt(library); err != nil {
		C.dlclose(library)
		return err
	}
	return nil
}

// adopt makes an open library the one that the functions are of. One that is too old lacks some, but can tell its version.
func adopt(library unsafe.Pointer) error {
	for _, name := range []string{"LITE_check_version", "LITE_get_last_error"} {
		text := C.CString(name)
		defer C.free(unsafe.Pointer(text))
		if C.dlsym(library, text) == nil {
			return fmt.Errorf("it is no liblite: it has no %s", name)
		}
	}
	missing := C.lite_go_bind(library)
	if err := checkVersion(); err != nil {
		return err
	}
	if missing != nil {
		return fmt.Errorf("it has no %s, which liblite %s has", C.GoString(missing), bindingVersion())
	}
	return nil
}
