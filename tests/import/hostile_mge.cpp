#include "tests/import/hostile_mge.h"

#include <algorithm>
#include <limits>

#include "tests/import/mge_writer.h"

namespace lite::test {
namespace {

using flatbuffers::FlatBufferBuilder;
constexpr uint32_t kAdd = 16;

MgeModel add_model() {
  return {{mge_input(0, "x", {2, 3}),
           mge_floats(1, {3}, {1, 2, 3}),
           {"Elemwise", {0, 1}, {2}, elemwise(kAdd), {}, "sum", {"y"}}},
          {2}};
}

MgeParam convolution(uint32_t sparse, uint32_t stride, uint32_t format = 0) {
  return mge_param<mge_fb::Convolution>([=](FlatBufferBuilder& b) {
    return mge_fb::CreateConvolution(b, 0, 0, 0, stride, 1, 1, 1, sparse, format);
  });
}

MgeModel conv_model(std::vector<uint32_t> weights, uint32_t sparse = 0, uint32_t stride = 1,
                    uint32_t format = 0) {
  uint32_t n = 1;
  for (const uint32_t d : weights) n *= d;
  return {{mge_input(0, "x", {1, 2, 4, 4}),
           mge_floats(1, std::move(weights), std::vector<float>(n, 1)),
           {"Convolution", {0, 1}, {2}, convolution(sparse, stride, format), {}, "conv", {"y"}}},
          {2}};
}

// Attention of one input of width 4 to itself, with that many weights.
MgeModel attention_model(uint32_t weights, uint32_t heads, uint32_t projection, uint32_t mask = 0) {
  return {{mge_input(0, "x", {1, 3, 4}),
           mge_floats(1, {1, weights}, std::vector<float>(weights, 1)),
           {"MultiHeadAttn",
            {0, 0, 0, 1},
            {2, 3, 4, 5},
            mge_param<mge_fb::MultiHeadAttn>([=](FlatBufferBuilder& b) {
              return mge_fb::CreateMultiHeadAttn(b, heads, 4, 4, 4, projection, projection, projection,
                                                 projection, false, false, false, false, 0.5f, 0, mask);
            }),
            {},
            "attend",
            {"y"}}},
          {2}};
}

MgeModel blur_model(uint32_t border, uint32_t height, uint32_t width, float sigma,
                    std::vector<uint32_t> shape = {1, 4, 4, 3}, int8_t type = 0) {
  return {{mge_input(0, "x", std::move(shape), type),
           {"GaussianBlur",
            {0},
            {1},
            mge_param<mge_fb::GaussianBlur>([=](FlatBufferBuilder& b) {
              return mge_fb::CreateGaussianBlur(b, border, height, width, sigma, 0);
            }),
            {},
            "blur",
            {"y"}}},
          {1}};
}

// Weights for 2 by 2 parts of an output that is `side` on each side.
MgeModel local_share_model(uint32_t side, uint32_t spatial_groups, uint32_t stride = 1, uint32_t dilation = 1,
                           uint32_t mode = 0) {
  return {{mge_input(0, "x", {1, 3, side, side}),
           mge_floats(1, {2, 2, 3, 1, 1, 4}, std::vector<float>(48, 1)),
           {"LocalShareForwardV1",
            {0, 1},
            {2, 3},
            mge_param<mge_fb::LocalShare>([=](FlatBufferBuilder& b) {
              return mge_fb::CreateLocalShare(b, mode, 0, 0, stride, stride, dilation, dilation,
                                              spatial_groups, 2, 0, 0, 0);
            }),
            {},
            "share",
            {"y"}}},
          {2}};
}

MgeModel batched_mesh_model(int8_t axis, std::vector<uint32_t> indices) {
  MgeTensor t{"", std::move(indices)};
  for (const uint32_t d : t.shape) t.data.resize(std::max<size_t>(t.data.size(), 4) * d);
  t.type = 4;
  return {{mge_input(0, "x", {2, 3, 4}),
           {"ImmutableTensor", {}, {1}, {}, {t}},
           {"BatchedMeshIndexing",
            {0, 1},
            {2},
            mge_param<mge_fb::IndexDescMaskDump>([=](FlatBufferBuilder& b) {
              const mge_fb::IndexDescMaskItem item(axis, false, false, false, true);
              return mge_fb::CreateIndexDescMaskDump(b, b.CreateVectorOfStructs(&item, 1));
            }),
            {},
            "mesh",
            {"y"}}},
          {2}};
}

// A model with one constant that is added to x.
MgeModel with_tensor(MgeTensor t) {
  MgeModel m = add_model();
  m.oprs[1].tensors = {std::move(t)};
  return m;
}

MgeModel reshape_model(const std::vector<int32_t>& shape, int32_t axis) {
  return {{mge_input(0, "x", {2, 3}),
           mge_ints(1, shape),
           {"ReshapeV1",
            {0, 1},
            {2},
            mge_param<mge_fb::OptionalAxisV1>(
                [axis](FlatBufferBuilder& b) { return mge_fb::CreateOptionalAxisV1(b, axis); }),
            {},
            "reshape",
            {"y"}}},
          {2}};
}

MgeModel subtensor_model(int8_t axis, bool begin, bool idx, size_t inputs) {
  std::vector<uint32_t> in{0};
  for (size_t i = 0; i < inputs; ++i) in.push_back(1);
  return {{mge_input(0, "x", {2, 3}),
           mge_ints(1, {0}),
           {"Subtensor",
            in,
            {2},
            mge_param<mge_fb::IndexDescMaskDump>([=](FlatBufferBuilder& b) {
              const std::vector<mge_fb::IndexDescMaskItem> items{{axis, begin, false, false, idx}};
              return mge_fb::CreateIndexDescMaskDumpDirect(b, &items);
            }),
            {},
            "part",
            {"y"}}},
          {2}};
}

MgeModel dimshuffle_model(const std::vector<int32_t>& pattern) {
  return {{mge_input(0, "x", {2, 3}),
           {"Dimshuffle",
            {0},
            {1},
            mge_param<mge_fb::Dimshuffle>(
                [pattern](FlatBufferBuilder& b) { return mge_fb::CreateDimshuffleDirect(b, &pattern, 2); }),
            {},
            "turn",
            {"y"}}},
          {1}};
}

void add_bytes(std::vector<HostileModel>& m) {
  const std::string v1 = mge_v1(add_model()), v2 = mge_v2(add_model());
  const auto with = [](std::string s, size_t at, uint32_t v) {
    for (size_t i = 0; i < 4; ++i) s[at + i] = static_cast<char>(v >> (8 * i));
    return s;
  };
  m.push_back({"nothing", "", "none of MegEngine's containers"});
  m.push_back({"v1_magic_only", "MGBC", "its header alone"});
  m.push_back({"v1_short_magic_only", "MGBS", "its header alone"});
  m.push_back({"v1_features", with(v1, 4, 1), "features"});
  m.push_back({"v1_no_graph", v1.substr(0, 24 + 12), "cut short"});
  m.push_back({"v1_tensors_beyond_end", with(v1, 16, 1u << 30), "bytes of tensors, but ends"});
  m.push_back(
      {"v1_tensors_wrap", with(with(v1, 16, UINT32_MAX), 20, UINT32_MAX), "bytes of tensors, but ends"});
  m.push_back({"v1_tensors_short", with(v1, 16, 8), "valid flatbuffer|the graph has"});
  m.push_back({"v1_graph_beyond_end", with(v1, 36, 1u << 30), "the graph has"});
  m.push_back({"v1_zeros", v1.substr(0, 36) + std::string(100, '\0'), "valid flatbuffer|the graph has"});
  m.push_back({"v2_graph_beyond_end", with(v2, 0, UINT32_MAX), "the graph has"});
  m.push_back({"v2_size_zero", with(v2, 0, 0), "valid flatbuffer"});
  m.push_back({"v2_root_far", with(v2, 4, 1u << 30), "valid flatbuffer"});
  m.push_back({"v2_cut", v2.substr(0, v2.size() / 2), "the graph has"});
  m.push_back({"test_cases_cut", "mgbtest0", "inside the header"});
  m.push_back({"test_cases_nested", "mgbtest0\1\0\0\0mgbtest0" + std::string(20, '\0'),
               "inside the header|nested|none of MegEngine's"});
}

void add_both(std::vector<HostileModel>& m, const std::string& name, const MgeModel& model,
              const char* message) {
  m.push_back({"v1_" + name, mge_v1(model), message});
  m.push_back({"v2_" + name, mge_v2(model), message});
}

void add_graphs(std::vector<HostileModel>& m) {
  MgeModel g = add_model();
  g.oprs[2].in = {0, 2};
  add_both(m, "own_output", g, "input 1 is variable 2, but only 2 are made");
  g.oprs[2].in = {0, UINT32_MAX};
  add_both(m, "input_far", g, "input 1 is variable 4294967295");
  g = add_model();
  g.oprs[2].in = {0};
  add_both(m, "too_few_inputs", g, "mode ADD has 1 inputs, 2 wanted");
  g.oprs[2].in = {};
  add_both(m, "no_inputs", g, "mode ADD has 0 inputs");
  g = add_model();
  g.outputs = {3};
  add_both(m, "output_far", g, "output of the graph is variable 3");
  g.outputs = {};
  add_both(m, "no_outputs", g, "has no outputs");
  g = add_model();
  g.oprs[2].out = {1};
  m.push_back({"v2_made_twice", mge_v2(g), "an output is variable 1, 2 wanted"});
  g.oprs[2].out = {7};
  m.push_back({"v2_output_jumps", mge_v2(g), "an output is variable 7, 2 wanted"});
  g = add_model();
  g.oprs.insert(g.oprs.begin() + 1, mge_input(1, "x", {3}));
  g.oprs[2].out = {2};
  g.oprs[3].out = {3};
  add_both(m, "two_inputs_of_a_name", g, "two inputs of this name");
  g = add_model();
  g.oprs[0].tensors.clear();
  add_both(m, "input_without_tensor", g, "it has 0 tensors");
  g = add_model();
  g.oprs[2].param = convolution(0, 1);
  add_both(m, "other_param", g, "its parameter is of type 3, 17 wanted");
  g.oprs[2].param = {};
  add_both(m, "no_param", g, "it has no parameter");
  g = add_model();
  g.oprs[2].param = elemwise(1000);
  add_both(m, "mode_far", g, "its mode is 1000");
  g = add_model();
  g.version = 9;
  m.push_back({"v2_version", mge_v2(g), "its format has version 9"});
  g = add_model();
  g.oprs[0] = mge_input(0, "x", {2, 4});
  add_both(m, "shapes_disagree", g, "Elemwise 'sum'");
}

void add_tensors(std::vector<HostileModel>& m) {
  const std::string twelve(12, 'a');
  add_both(m, "data_short", with_tensor({"", {3}, "abcd"}),
           "it has 4 bytes of data, its shape [3] of float32 needs 12");
  add_both(m, "data_long", with_tensor({"", {2}, twelve}), "it has 12 bytes of data");
  add_both(m, "no_data", with_tensor({"", {3}}), "it has 0 bytes of data");
  add_both(m, "dims_overflow", with_tensor({"", {UINT32_MAX, UINT32_MAX, UINT32_MAX}, twelve}), "overflows");
  add_both(m, "huge", with_tensor({"", {UINT32_MAX, 1024}, twelve}), "max_tensor_bytes");
  add_both(m, "many_dims", with_tensor({"", std::vector<uint32_t>(300, 1), twelve}), "300 dimensions");
  MgeTensor t{"", {3}, twelve};
  t.type = 99;
  add_both(m, "type_far", with_tensor(t), "element type is number 99");
  t.type = -1;
  add_both(m, "type_negative", with_tensor(t), "element type is number -1");
  t.type = 13;
  t.shape = {12};
  add_both(m, "no_scale", with_tensor(t), "has no scale");
  for (const float scale :
       {-1.0f, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    t.scale = scale;
    add_both(m, "bad_scale", with_tensor(t), "a positive number wanted");
  }
  t = {"", {5}, "ab"};
  t.type = 7;
  add_both(m, "odd_nibbles", with_tensor(t), "it has 2 bytes of data");
  t = {"", {3}, twelve};
  t.claimed = 13;
  m.push_back({"v1_data_size_beyond", mge_v1(with_tensor(t)), "only 12 of the 12 bytes of tensors are left"});
  t.claimed = UINT32_MAX - 1;
  m.push_back({"v1_data_size_far", mge_v1(with_tensor(t)), "a tensor has 4294967294 bytes"});
  t.claimed = 8;
  m.push_back({"v1_data_left", mge_v1(with_tensor(t)), "use 8 of the 12 bytes"});
  t.claimed = UINT32_MAX;
  t.skip = 13;
  m.push_back({"v1_skip_beyond", mge_v1(with_tensor(t)), "begins at byte 13"});
}

void add_operators(std::vector<HostileModel>& m) {
  add_both(m, "conv_channels", conv_model({2, 3, 1, 1}), "Convolution 'conv'");
  add_both(m, "conv_rank", conv_model({2, 2}), "Convolution 'conv'");
  add_both(m, "conv_stride", conv_model({2, 2, 1, 1}, 0, 0), "its stride is 0");
  add_both(m, "conv_sparse", conv_model({2, 2, 1, 1}, 7), "its sparse is 7");
  add_both(m, "conv_format", conv_model({2, 2, 1, 1}, 0, 1, 99), "its format is 99");
  add_both(m, "conv_blocks", conv_model({2, 2, 1, 1}, 0, 1, 3),
           "an input has 4 dimensions, its format wants 5");
  add_both(m, "conv_too_large", conv_model({2, 2, 9, 9}), "Convolution 'conv'");
  add_both(m, "conv_groups", conv_model({2, 2}, 1), "grouped weights have 2 dimensions");
  add_both(m, "attention_no_heads", attention_model(64, 0, 4), "it has no heads");
  add_both(m, "attention_heads", attention_model(64, 3, 4), "a projection to 4 features for 3 heads");
  add_both(m, "attention_weights", attention_model(63, 2, 4), "MultiHeadAttn 'attend'");
  add_both(m, "attention_left", attention_model(65, 2, 4), "it has 65 weights, its sizes want 64");
  add_both(m, "attention_overflow", attention_model(64, 1, UINT32_MAX), "MultiHeadAttn 'attend'");
  add_both(m, "attention_mask", attention_model(64, 2, 4, 9), "its attn_mask_type is 9");
  add_both(m, "attention_no_mask", attention_model(64, 2, 4, 3), "it has 4 inputs");
  add_both(m, "blur_even", blur_model(0, 4, 3, 1), "its window is 4 wide");
  add_both(m, "blur_no_window", blur_model(0, 3, 0, 0), "its window is 0 wide");
  add_both(m, "blur_wide", blur_model(0, 3, 4294967295U, 1), "its window is 4294967295 wide");
  add_both(m, "blur_sigma", blur_model(0, 3, 0, std::numeric_limits<float>::infinity()),
           "its window is 1000001 wide");
  add_both(m, "blur_border", blur_model(9, 3, 3, 1), "border mode 9");
  add_both(m, "blur_rank", blur_model(0, 3, 3, 1, {4, 4, 3}), "its input has 3 dimensions");
  add_both(m, "blur_type", blur_model(0, 3, 3, 1, {1, 4, 4, 3}, 4), "an image of int32");
  add_both(m, "local_share_groups", local_share_model(4, 3), "it has 3 by 2 spatial groups");
  add_both(m, "local_share_size", local_share_model(5, 2), "LocalShareForwardV1 'share'");
  add_both(m, "local_share_stride", local_share_model(4, 2, 0), "a stride is 0");
  add_both(m, "local_share_dilation", local_share_model(4, 2, 1, 2), "its dilations are 2 and 2");
  add_both(m, "local_share_mode", local_share_model(4, 2, 1, 1, 1), "LocalShareForwardV1 'share'");
  add_both(m, "batched_mesh_samples", batched_mesh_model(0, {2, 3}), "it indexes axis 0");
  add_both(m, "batched_mesh_rank", batched_mesh_model(1, {2}), "have 1 dimensions, 2 wanted");
  add_both(m, "batched_mesh_count", batched_mesh_model(1, {5, 1}), "BatchedMeshIndexing 'mesh'");
  add_both(m, "reshape_elements", reshape_model({4, 4}, 7), "ReshapeV1 'reshape'");
  add_both(m, "reshape_negative", reshape_model({-5, 2}, 7), "ReshapeV1 'reshape'");
  add_both(m, "reshape_axis", reshape_model({2, 3}, 5), "its axis is 5");
  add_both(m, "reshape_indivisible", reshape_model({4, 4}, 0), "ReshapeV1 'reshape'");
  add_both(m, "subtensor_axis", subtensor_model(5, true, false, 1), "it indexes axis 5");
  add_both(m, "subtensor_both", subtensor_model(0, true, true, 2), "by a slice and by indices");
  add_both(m, "subtensor_missing", subtensor_model(0, true, false, 0), "input 1 is missing");
  add_both(m, "subtensor_too_many", subtensor_model(0, true, false, 2), "its indices want 2");
  add_both(m, "dimshuffle_twice", dimshuffle_model({0, 0}), "or names it twice");
  add_both(m, "dimshuffle_far", dimshuffle_model({0, 2}), "names dimension 2");
  add_both(m, "dimshuffle_empty", dimshuffle_model({}), "it has no pattern");
  add_both(m, "dimshuffle_drops", dimshuffle_model({0}), "Dimshuffle 'turn'");
}

}  // namespace

std::vector<HostileModel> hostile_mge_models() {
  std::vector<HostileModel> m;
  add_bytes(m);
  add_graphs(m);
  add_tensors(m);
  add_operators(m);
  return m;
}

std::vector<HostileModel> sane_mge_models() {
  std::vector<HostileModel> m;
  add_both(m, "sane_add", add_model(), "");
  add_both(m, "sane_conv", conv_model({2, 2, 3, 3}), "");
  add_both(m, "sane_grouped", conv_model({2, 1, 1, 3, 3}, 1), "");
  add_both(m, "sane_reshape", reshape_model({3, 1}, 1), "");
  add_both(m, "sane_subtensor", subtensor_model(1, false, true, 1), "");
  add_both(m, "sane_attention", attention_model(64, 2, 4), "");
  add_both(m, "sane_dimshuffle", dimshuffle_model({1, -1, 0}), "");
  MgeTensor t{"", {3}, "abc"};
  t.type = 13;
  t.scale = 0.5f;
  MgeModel q = with_tensor(t);
  q.oprs[2] = {
      "TypeCvtV2", {1},
      {2},         mge_param<mge_fb::DType>([](FlatBufferBuilder& b) { return mge_fb::CreateDType(b, 0); }),
      {},          "real",
      {"y"}};
  add_both(m, "sane_quantised", q, "");
  return m;
}

}  // namespace lite::test
