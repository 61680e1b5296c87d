// The table of operator types, and how each is translated: one function a type or family.
#pragma once

#include <span>
#include <string_view>

#include "core/base/status.h"

namespace lite::mge {

class Call;

// How many variables an operator makes, workspaces not counted; the older container does not say.
enum : int { kOnePerTensor = -1, kOnePerPart = -2, kOneOrTwo = -3 };

// What an operator does with quantised inputs.
enum class Quantised : unsigned char {
  kRefuses,  // it calculates with plain numbers only
  kMoves,    // it moves elements: its outputs have the type of input 0
  kKnows,    // its function deals with them
};

struct OprRow {
  std::string_view name;  // as registered
  int outputs;
  Quantised quantised;
  Status (*translate)(Call&);
};

// All types that are known here.
std::span<const OprRow> opr_rows();

// One translation a family, by the file that has it.
Status host_input(Call&c), constants(Call&c);                                     // sources.cpp
Status elemwise(Call&c), power(Call&c), type_cvt(Call&c), identity(Call&c);       // elemwise.cpp
Status fake_quant(Call&c), tqt(Call&c), lsq(Call&c), fill(Call&c);                // elemwise.cpp
Status masked_fill(Call&c), assert_equal(Call&c);                                 // elemwise.cpp
Status elemwise_multi_type(Call& c);                                              // elemwise_multi_type.cpp
Status convolution(Call&c), conv_bias(Call&c), deconvolution(Call&c);             // convolution.cpp
Status convolution3d(Call&c), deconvolution3d(Call&c), deformable_conv(Call&c);   // convolution.cpp
Status batch_conv_bias(Call&c), local_conv(Call&c), region_conv(Call&c);          // convolution_kinds.cpp
Status local_share(Call& c);                                                      // convolution_kinds.cpp
Status pooling(Call&c), adaptive_pooling(Call&c), lrn(Call&c);                    // pooling.cpp
Status reduce(Call&c), arg_extreme(Call&c), cumsum(Call&c), top_k(Call&c);        // reduce.cpp
Status argsort(Call&c), cond_take(Call&c), non_zero(Call&c), where(Call&c);       // reduce.cpp
Status reshape(Call&c), broadcast(Call&c), dimshuffle(Call&c), add_axes(Call&c);  // shapes.cpp
Status var_shape(Call&c), concat(Call&c), split(Call&c), flip(Call&c);            // shapes.cpp
Status padding(Call&c), linspace(Call&c), eye(Call&c), diag(Call&c);              // shapes.cpp
Status repeat(Call&c), tile(Call&c), rotate(Call&c);                              // shapes.cpp
Status subtensor(Call&c), set_subtensor(Call&c), incr_subtensor(Call&c);          // indexing.cpp
Status multi_axis(Call&c), set_multi_axis(Call&c), incr_multi_axis(Call&c);       // indexing.cpp
Status mesh(Call&c), set_mesh(Call&c), incr_mesh(Call&c);                         // indexing.cpp
Status batched_mesh(Call&c), set_batched_mesh(Call&c);                            // indexing.cpp
Status incr_batched_mesh(Call& c);                                                // indexing.cpp
Status one_hot(Call&c), set_one_hot(Call&c);                                      // indexing.cpp
Status matrix_mul(Call&c), dot(Call&c), matrix_inverse(Call&c), svd(Call&c);      // matrix.cpp
Status cross(Call& c);                                                            // matrix.cpp
Status batch_norm(Call&c), layer_norm(Call&c), general_norm(Call&c);              // normalization.cpp
Status group_norm(Call&c), instance_norm(Call&c), softmax(Call&c);                // normalization.cpp
Status dropout(Call&c), uniform_rng(Call&c), gaussian_rng(Call&c);                // normalization.cpp
Status lstm_cell(Call&c), rnn_cell(Call&c), lstm(Call&c), rnn(Call&c);            // recurrent.cpp
Status multi_head_attention(Call& c);                                             // attention.cpp
Status resize(Call&c), warp_perspective(Call&c), warp_affine(Call&c);             // vision.cpp
Status remap(Call&c), cvt_color(Call&c), resize3d(Call&c), images_to_neighbours(Call&c);  // vision.cpp
Status sliding_window_transpose(Call&c), correlation(Call&c);                             // vision.cpp
Status roi_align(Call&c), roi_pooling(Call&c), psroi_pooling(Call&c);                     // vision.cpp
Status gaussian_blur(Call& c);                                                            // blur.cpp
Status nms_keep(Call& c);                                                                 // vision.cpp
Status relayout(Call& c);                                                                 // formats.cpp

}  // namespace lite::mge
