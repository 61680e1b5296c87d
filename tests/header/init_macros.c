/* Every _INIT macro initialises its whole struct. Compiled with -Wextra, which warns of missing members. */
#include "lite.h"

int main(void) {
  LiteLayout layout = LITE_LAYOUT_INIT;
  LiteTensorDesc desc = LITE_TENSOR_DESC_INIT;
  LiteOptions options = LITE_OPTIONS_INIT;
  LiteConfig config = LITE_CONFIG_INIT;
  LiteIO io = LITE_IO_INIT;
  LiteNetworkIO network_io = LITE_NETWORK_IO_INIT;
  LiteLoadOptions load = LITE_LOAD_OPTIONS_INIT;
  LiteUnsupportedNode node = LITE_UNSUPPORTED_NODE_INIT;
  LiteIOInfo info = LITE_IO_INFO_INIT;
  LiteOptionInfo option = LITE_OPTION_INFO_INIT;
  LiteStatistics statistics = LITE_STATISTICS_INIT;
  LiteValueType type = LITE_VALUE_TYPE_INIT;
  LitePackOptions pack = LITE_PACK_OPTIONS_INIT;
  LiteConvertOptions convert = LITE_CONVERT_OPTIONS_INIT;
  LiteCompileOptions compile = LITE_COMPILE_OPTIONS_INIT;

  return !(layout.ndim == 0 && desc.device_type == LITE_CPU && options.graph_opt_level == 2 &&
           options.var_sanity_check_first_run == 1 && options.async_exec_level == 1 &&
           config.device_id == -1 && config.discrete_input_name == 0 && io.is_host == 1 &&
           network_io.input_size == 0 && load.struct_size == sizeof(load) && load.max_nodes == 0 &&
           node.struct_size == sizeof(node) && info.rank == -1 && option.struct_size == sizeof(option) &&
           statistics.last_run_nanoseconds == 0 && type.rank == -1 && load.key_size == 0 &&
           pack.struct_size == sizeof(pack) && pack.binary_cache_size == 0 &&
           convert.struct_size == sizeof(convert) && convert.user_data == 0 &&
           compile.struct_size == sizeof(compile) && compile.shape_count == 0);
}
