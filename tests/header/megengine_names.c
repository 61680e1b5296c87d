/* What programs for MegEngine Lite write. Compiled three times: as it is, with lite.h before, with lite.h
 * after. */
#if defined(LITE_H_FIRST)
#include "lite.h"
#endif
#include "lite-c/global_c.h"
#include "lite-c/network_c.h"
#include "lite-c/tensor_c.h"
#if defined(LITE_H_LAST)
#include "lite.h"
#endif

#ifdef __cplusplus
#define SCOPED(type, name) type::name
#else
#define SCOPED(type, name) name
#endif

static int finished(void) { return 0; }

int use(LiteNetwork* network);
int use(LiteNetwork* network) {
  LiteLogLevel level = DEBUG;
  ErrorCode code = OK;
  LiteTensorDesc desc = default_desc;
  LiteConfig config = *default_config();
  LiteIO io = default_io;
  LiteNetworkIO network_io = *default_network_io();
  size_t shapes[LAYOUT_MAX_DIM];
  level = WARN;
  if (level == ERROR || level == INFO) code = LITE_INTERNAL_ERROR;
#if !defined(LITE_H_FIRST)
  level = SCOPED(LiteLogLevel, ERROR);
  code = SCOPED(ErrorCode, OK);
#endif
  config.options = default_option;
  desc.layout = default_layout;
  io.config_layout = desc.layout;
  network_io.inputs = &io;
  shapes[0] = io.config_layout.ndim;
  if (LITE_make_network(network, config, network_io) != (int)code) return (int)level;
  if (LITE_set_async_callback(*network, finished)) return (int)shapes[0];
  return LITE_get_last_error_code() == OK;
}
