// Every pass, by name; pipeline.cpp puts them in order. What each does is said at the top of its file.
#pragma once

#include "core/passes/pass.h"

namespace lite::passes {

#define LITE_PASS(name) Result<bool> name(Rewriter& r, const PassOptions& options)
LITE_PASS(calculate_quantized);
LITE_PASS(expand_einsum);
LITE_PASS(expand_functions);
LITE_PASS(fold_batch_norm);
LITE_PASS(fold_constants);
LITE_PASS(fold_dequantize);
LITE_PASS(fold_pads);
LITE_PASS(fuse_attention);
LITE_PASS(fuse_channel_shuffle);
LITE_PASS(fuse_conv);
LITE_PASS(fuse_quantized);
LITE_PASS(fuse_elementwise);
LITE_PASS(fuse_matmul);
LITE_PASS(fuse_normalization);
LITE_PASS(inline_branches);
LITE_PASS(keep_blocks);
LITE_PASS(lookup_bytes);
LITE_PASS(merge_equal);
LITE_PASS(merge_reshapes);
LITE_PASS(merge_transposes);
LITE_PASS(move_quantize);
LITE_PASS(recognise_gelu);
LITE_PASS(recognise_normalization);
LITE_PASS(recognise_swish);
LITE_PASS(remove_dead);
LITE_PASS(remove_identities);
LITE_PASS(simplify);
#undef LITE_PASS

}  // namespace lite::passes
