/**
 * The C API in one include. Every name begins with LITE_, Lite or lite_.
 *
 *   LiteNetwork net;
 *   LiteTensor in, out;
 *   LITE_make_default_network(&net);
 *   LITE_load_model_from_path(net, "model.onnx");
 *   LITE_get_io_tensor(net, "data", LITE_INPUT, &in);    fill what LITE_get_tensor_memory(in, &p) gives
 *   LITE_forward(net);
 *   LITE_wait(net);
 *   LITE_get_io_tensor(net, "prob", LITE_OUTPUT, &out);  read what LITE_get_tensor_memory(out, &p) gives
 *   LITE_destroy_network(net);
 *
 * Errors. A function returns LITE_OK (0) or a code of LiteErrorCode; LITE_get_last_error() then has the
 * reason in words. On failure outputs are untouched and nothing has changed hands. Nothing throws, prints or
 * ends the process.
 *
 * Handles. A handle that was destroyed, or is of another kind, gives LITE_CLOSED. A NULL where a pointer is
 * required gives LITE_INVALID_ARGUMENT. Every function may return these two and, if it allocates,
 * LITE_OUT_OF_MEMORY.
 *
 * Structs that begin with struct_size are set up with their _INIT macro; they may grow, old programs keep
 * working. All other structs are those of MegEngine Lite v1.13 and never change.
 *
 * Programs for MegEngine Lite include <lite-c/global_c.h> and its siblings instead and find the names that
 * they know.
 */
#ifndef LITE_H_
#define LITE_H_

#if !defined(LITE_C_ALIASES_)
#define LITE_C_PREFIXED_ONLY_
#endif

#include "lite-c/convert_c.h"
#include "lite-c/global_c.h"
#include "lite-c/model_c.h"
#include "lite-c/operator_c.h"
#include "lite-c/option_c.h"
#include "lite-c/pack_c.h"
#include "lite-c/process_c.h"
#include "lite-c/run_c.h"
#include "lite-c/status_c.h"
#include "lite-c/tensor_ex_c.h"
#include "lite-c/userdata_c.h"
#include "lite-c/value_c.h"
#include "lite-c/version_c.h"

#undef LITE_C_PREFIXED_ONLY_

#endif
