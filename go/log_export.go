package lite

/*
#include "lite.h"
*/
import "C"

import "log/slog"

//export liteGoLog
func liteGoLog(level C.int, message *C.char) {
	log := logger.Load()
	if log == nil {
		return
	}
	l := slog.LevelError
	if level >= 0 && int(level) < len(levels) {
		l = levels[level]
	}
	(*log)(l, C.GoString(message))
}
