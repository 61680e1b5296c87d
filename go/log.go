package lite

/*
#include <stdint.h>
#include "lite.h"
extern void liteGoLog(int level, char* message);
static void lite_go_log(LiteLogLevel level, const char* message, void* user_data) {
  (void)user_data;
  liteGoLog((int)level, (char*)message);
}
static int lite_go_set_log(int on) { return LITE_set_log_callback(on ? lite_go_log : NULL, NULL); }
*/
import "C"

import (
	"log/slog"
	"sync"
	"sync/atomic"
)

// The library's levels, in its order.
var levels = []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError}

// What the library's callback calls, and who may change it.
var (
	logger     atomic.Pointer[func(slog.Level, string)]
	loggerLock sync.Mutex
)

// SetLogger sends log messages of at least that level to log, from any thread, one at a time, instead of standard error.
// log must not call this package. nil goes back to standard error.
func SetLogger(level slog.Level, log func(level slog.Level, message string)) error {
	if err := ensure(); err != nil {
		return err
	}
	least := 0
	for least < len(levels)-1 && levels[least] < level {
		least++
	}
	loggerLock.Lock()
	defer loggerLock.Unlock()
	if log != nil {
		logger.Store(&log)
	}
	// When this returns, what was set before is not called any more.
	if err := call(func() C.int { return C.lite_go_set_log(cBool(log != nil)) }); err != nil {
		return err
	}
	if log == nil {
		logger.Store(nil)
	}
	return call(func() C.int { return C.LITE_set_log_level(C.LiteLogLevel(least)) })
}
