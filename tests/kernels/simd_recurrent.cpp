#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

struct Size {
  int64_t steps, batch, inputs, hidden;
};

void check(const std::string& op, const Size& s, const std::string& direction, bool bias, bool lengths,
           bool states, int64_t layout, Attrs attrs = {}) {
  const int64_t gates = op == "LSTM" ? 4 : op == "RNN" ? 1 : 3, d = direction == "bidirectional" ? 2 : 1;
  KernelCase c{.op = op,
               .outputs = op == "LSTM" ? 3u : 2u,
               .constant = {false, true, true, true},
               .relative = 1e-5,
               .absolute = 1e-5};
  const Dims state = layout == 0 ? Dims{d, s.batch, s.hidden} : Dims{s.batch, d, s.hidden};
  c.in = {random_f32(layout == 0 ? Dims{s.steps, s.batch, s.inputs} : Dims{s.batch, s.steps, s.inputs}, 1),
          random_f32({d, gates * s.hidden, s.inputs}, 2, -0.3f, 0.3f),
          random_f32({d, gates * s.hidden, s.hidden}, 3, -0.3f, 0.3f),
          bias ? random_f32({d, 2 * gates * s.hidden}, 4) : Tensor()};
  std::vector<int32_t> each;
  for (int64_t b = 0; b < s.batch; ++b) each.push_back(static_cast<int32_t>((b * 3 + 1) % (s.steps + 1)));
  c.in.push_back(lengths ? i32({s.batch}, each) : Tensor());
  c.in.push_back(states ? random_f32(state, 5) : Tensor());
  if (op == "LSTM") c.in.push_back(states ? random_f32(state, 6) : Tensor());
  c.attrs = std::move(attrs);
  c.attrs.push_back({"hidden_size", s.hidden});
  c.attrs.push_back({"direction", direction});
  c.attrs.push_back({"layout", layout});
  check_kernels(c);
}

TEST(SimdRecurrent, Lstm) {
  for (const Size& s :
       {Size{1, 1, 1, 1}, Size{5, 3, 7, 19}, Size{4, 14, 33, 32}, Size{3, 1, 40, 65}, Size{2, 50, 9, 100}})
    for (const char* direction : {"forward", "reverse", "bidirectional"})
      for (const bool given : {false, true}) {
        check("LSTM", s, direction, given, given, given, 0);
        check("LSTM", s, direction, !given, false, given, 1);
      }
}

// Few sequences of many units: several panels, and a width that depends on the batch.
TEST(SimdRecurrent, FewSequences) {
  for (const char* op : {"LSTM", "GRU", "RNN"})
    for (int64_t batch = 1; batch <= 8; ++batch)
      for (const int64_t hidden : {72, 100})
        check(op, {3, batch, 9, hidden}, "forward", true, false, true, 0);
}

TEST(SimdRecurrent, Gru) {
  for (const Size& s :
       {Size{1, 1, 1, 1}, Size{5, 3, 7, 19}, Size{4, 14, 33, 32}, Size{3, 1, 40, 65}, Size{2, 50, 9, 100}})
    for (const char* direction : {"forward", "reverse", "bidirectional"})
      for (const int64_t before : {0, 1})
        for (const bool given : {false, true})
          check("GRU", s, direction, given, given, given, before, {{"linear_before_reset", before}});
}

TEST(SimdRecurrent, Rnn) {
  for (const Size& s :
       {Size{1, 1, 1, 1}, Size{5, 3, 7, 19}, Size{4, 14, 33, 32}, Size{3, 1, 40, 65}, Size{2, 50, 9, 100}})
    for (const char* direction : {"forward", "reverse", "bidirectional"})
      for (const bool given : {false, true}) {
        check("RNN", s, direction, given, given, given, 0);
        check("RNN", s, direction, !given, false, given, 1);
      }
}

}  // namespace
}  // namespace lite::test
