/*
 * Enumerations that every other header uses.
 *
 * The names that do not begin with LITE_ (OK, DEBUG, ErrorCode, ...) are there for programs written for
 * MegEngine Lite, which include <lite-c/...> or <lite/...>. <lite.h> leaves them out. A program that includes
 * both gets them, best with the lite-c header first: after <lite.h> they are macros in C, and C++ cannot
 * write ErrorCode::OK. A name that is already a macro (DEBUG, or ERROR of <windows.h>) is left alone.
 */
#ifndef LITE_C_COMMON_ENUM_C_H_
#define LITE_C_COMMON_ENUM_C_H_

#include "macro.h"

/** How much is logged: a level lets itself and everything above it through. */
typedef enum LiteLogLevel LITE_ENUM_TYPE {
  LITE_LOG_DEBUG = 0,
  LITE_LOG_INFO = 1,
  LITE_LOG_WARN = 2,
  LITE_LOG_ERROR = 3,
  LITE_LOG_OFF = 4
#if !defined(LITE_C_PREFIXED_ONLY_)
#define LITE_C_ALIASES_SCOPED_
#if !defined(DEBUG)
  ,
  DEBUG = 0
#endif
#if !defined(INFO)
  ,
  INFO = 1
#endif
#if !defined(WARN)
  ,
  WARN = 2
#endif
#if !defined(ERROR)
  ,
  ERROR = 3
#endif
#endif
} LiteLogLevel;

/**
 * What a function returns: LITE_OK or the reason why it failed.
 *
 * MegEngine Lite returned -1 for every failure; here -1 is the commonest of several negative codes. The two
 * positive ones mean a defect of the library or of a callback.
 */
typedef enum LiteErrorCode LITE_ENUM_TYPE {
  LITE_OK = 0,
  LITE_INTERNAL_ERROR = 1,    /**< a defect in the library; please report it */
  LITE_UNKNOWN_ERROR = 2,     /**< a callback failed without saying why */
  LITE_INVALID_ARGUMENT = -1, /**< NULL, out of range, wrong kind, a name or option that does not exist */
  LITE_INVALID_MODEL = -2,    /**< the bytes are not a model, or the model contradicts itself */
  LITE_UNSUPPORTED = -3,      /**< well formed, but this build or device cannot do it */
  LITE_NOT_FOUND = -4,        /**< no such file, input, output, key, device or library */
  LITE_OUT_OF_MEMORY = -5,
  LITE_IO_ERROR = -6,          /**< reading or writing failed */
  LITE_DEVICE_ERROR = -7,      /**< a driver or accelerator reported a failure */
  LITE_CANCELLED = -8,         /**< LITE_cancel stopped the run */
  LITE_TIMED_OUT = -9,         /**< the time given to the run or the wait is over */
  LITE_BUSY = -10,             /**< the network is running in another thread */
  LITE_SHAPE_MISMATCH = -11,   /**< rank, dimensions, dtype or byte count are not those wanted */
  LITE_NOT_LOADED = -12,       /**< the network has no model yet */
  LITE_CLOSED = -13,           /**< the handle was destroyed, or is not a handle of this kind */
  LITE_BUFFER_TOO_SMALL = -14, /**< the needed size is in the message and in the size argument */
  LITE_LIMIT_EXCEEDED = -15,   /**< a budget (bytes, nodes, depth, ...) is used up; the message names it */
  LITE_ALREADY_LOADED = -16    /* allowed only before the network has a model */
#if !defined(LITE_C_PREFIXED_ONLY_) && !defined(OK)
  ,
  OK = 0
#endif
} LiteErrorCode;

/** What computes. There is one backend. */
typedef enum LiteBackend LITE_ENUM_TYPE { LITE_DEFAULT = 0 } LiteBackend;

/** Where a tensor lies or a network runs. 2 and 6 are not used. */
typedef enum LiteDeviceType LITE_ENUM_TYPE {
  LITE_CPU = 0,
  LITE_CUDA = 1,
  LITE_ATLAS = 3,
  LITE_NPU = 4,
  LITE_CAMBRICON = 5,
  LITE_DEVICE_DEFAULT = 7 /* what the model or the first tensor says; else the CPU */
} LiteDeviceType;

/** Element types. Those above 8 are not known to MegEngine Lite. */
typedef enum LiteDataType LITE_ENUM_TYPE {
  LITE_FLOAT = 0, /**< IEEE binary32 */
  LITE_HALF = 1,  /**< IEEE binary16 */
  LITE_INT = 2,   /**< 32 bits */
  LITE_INT16 = 3,
  LITE_INT8 = 4,
  LITE_UINT8 = 5,
  LITE_UINT = 6, /**< 32 bits */
  LITE_UINT16 = 7,
  LITE_INT64 = 8,
  LITE_BOOL = 16, /**< one byte, 0 or 1 */
  LITE_BFLOAT16 = 17,
  LITE_DOUBLE = 18, /**< IEEE binary64 */
  LITE_UINT64 = 19,
  LITE_STRING = 20, /**< read and written with LITE_get_tensor_string and LITE_set_tensor_string */
  LITE_INT4 = 21,   /**< two per byte, the first in the low bits */
  LITE_UINT4 = 22,
  LITE_INT2 = 23, /**< four per byte, the first in the lowest bits */
  LITE_UINT2 = 24,
  LITE_FLOAT8E4M3FN = 25,
  LITE_FLOAT8E4M3FNUZ = 26,
  LITE_FLOAT8E5M2 = 27,
  LITE_FLOAT8E5M2FNUZ = 28,
  LITE_FLOAT8E8M0 = 29,
  LITE_FLOAT4E2M1 = 30, /**< two per byte, the first in the low bits */
  LITE_COMPLEX64 = 31,  /**< two binary32 */
  LITE_COMPLEX128 = 32  /* two binary64 */
} LiteDataType;

/** Which side of a network a name is looked up on. */
typedef enum LiteTensorPhase LITE_ENUM_TYPE {
  LITE_IO = 0, /**< inputs first, then outputs */
  LITE_INPUT = 1,
  LITE_OUTPUT = 2
} LiteTensorPhase;

/** Whether the caller wants an output's numbers or only its shape. */
typedef enum LiteIOType LITE_ENUM_TYPE { LITE_IO_VALUE = 0, LITE_IO_SHAPE = 1 } LiteIOType;

/** How kernels are chosen; the bits combine. */
typedef enum LiteAlgoSelectStrategy LITE_ENUM_TYPE {
  LITE_ALGO_HEURISTIC = 1,    /**< by rank; what happens unless LITE_ALGO_PROFILE is set */
  LITE_ALGO_PROFILE = 2,      /**< candidates are timed when a shape is compiled (docs/tuning.md) */
  LITE_ALGO_REPRODUCIBLE = 4, /**< only kernels with the same result on every instruction set; not timed */
  LITE_ALGO_OPTIMIZED = 8     /* no effect: plain reference kernels run only where there is no other */
} LiteAlgoSelectStrategy;

/** Kept for source compatibility; nothing here runs on OpenCL. */
typedef enum LiteOpenCLCacheCompatLevel LITE_ENUM_TYPE {
  LITE_NOT_COMPAT = 0,
  LITE_SERIES_COMPAT = 1,
  LITE_VENDOR_COMPAT = 2,
  LITE_CACHE_COMPAT_LEVEL_CNT = 3
} LiteOpenCLCacheCompatLevel;

#endif

/* The unprefixed names, for programs that do not stop at <lite.h>. */
#if !defined(LITE_C_PREFIXED_ONLY_) && !defined(LITE_C_ALIASES_)
#define LITE_C_ALIASES_
typedef LiteErrorCode ErrorCode;
#if !defined(LITE_C_ALIASES_SCOPED_)
#if defined(__cplusplus)
#if !defined(DEBUG)
static const LiteLogLevel DEBUG = LITE_LOG_DEBUG;
#endif
#if !defined(INFO)
static const LiteLogLevel INFO = LITE_LOG_INFO;
#endif
#if !defined(WARN)
static const LiteLogLevel WARN = LITE_LOG_WARN;
#endif
#if !defined(ERROR)
static const LiteLogLevel ERROR = LITE_LOG_ERROR;
#endif
#if !defined(OK)
static const LiteErrorCode OK = LITE_OK;
#endif
#else
#if !defined(DEBUG)
#define DEBUG LITE_LOG_DEBUG
#endif
#if !defined(INFO)
#define INFO LITE_LOG_INFO
#endif
#if !defined(WARN)
#define WARN LITE_LOG_WARN
#endif
#if !defined(ERROR)
#define ERROR LITE_LOG_ERROR
#endif
#if !defined(OK)
#define OK LITE_OK
#endif
#endif
#endif
#endif
