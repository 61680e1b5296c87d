// Many shapes that nobody chose: convolutions, pools and products against the reference.

#include "tests/kernels/kernel_test.h"

namespace lite::test {
namespace {

constexpr uint32_t kSeed = 20240711;
constexpr int kCases = 150;

class Dice {
 public:
  int64_t between(int64_t lo, int64_t hi) { return std::uniform_int_distribution<int64_t>(lo, hi)(rng_); }
  bool one_in(int64_t n) { return between(1, n) == 1; }
  template <class T>
  T of(std::initializer_list<T> list) {
    return list.begin()[between(0, static_cast<int64_t>(list.size()) - 1)];
  }

 private:
  std::mt19937 rng_{kSeed};
};

// A window over 1 to 3 dimensions, such that at least one output element is left.
struct RandomWindow {
  Dims in, kernel;
  std::vector<Attr> attrs;
  std::string text;
};
RandomWindow random_window(Dice& dice, bool dilate, bool pad_less_than_kernel) {
  RandomWindow w;
  std::vector<int64_t> strides, dilations, begin, end;
  const auto spatial = static_cast<size_t>(dice.of({1, 2, 2, 2, 2, 3}));
  for (size_t i = 0; i < spatial; ++i) {
    const int64_t k = dice.of({1, 1, 2, 3, 3, 5}), d = dilate && dice.one_in(4) ? dice.between(2, 3) : 1;
    const int64_t reach = (k - 1) * d + 1, limit = pad_less_than_kernel ? k - 1 : reach;
    w.kernel.push_back(k);
    strides.push_back(dice.of({1, 1, 2, 3}));
    dilations.push_back(d);
    begin.push_back(dice.between(0, limit));
    // Short of the whole window, so that a transposed one leaves something, too.
    end.push_back(dice.between(0, pad_less_than_kernel ? reach - 1 - std::min(begin[i], reach - 1) : limit));
    w.in.push_back(std::max<int64_t>(reach - begin[i] - end[i], 1) + dice.between(0, spatial == 3 ? 5 : 12));
  }
  w.text = cat("in ", w.in, " kernel ", w.kernel, " strides ", Dims(strides), " dilations ", Dims(dilations),
               " pads ", Dims(begin), Dims(end));
  std::vector<int64_t> pads = begin;
  pads.insert(pads.end(), end.begin(), end.end());
  w.attrs = {{"strides", strides}, {"dilations", dilations}, {"pads", pads}};
  return w;
}

Dims image(int64_t n, int64_t c, const Dims& spatial) {
  Dims d{n, c};
  for (const int64_t s : spatial) d.push_back(s);
  return d;
}

// Where the kernel declines there is nothing to compare; a good part must run on any processor.
struct Tally {
  int ran = 0, declined = 0;
  void check(const Outcome& outcome, double relative) {
    if (!outcome.declined.empty()) {
      ++declined;
      return;
    }
    ++ran;
    expect_close(outcome, relative);
  }
  ~Tally() {
    if (!isa::runs_on(isa::kAvx2Level, cpu_isa())) return;
    EXPECT_GT(2 * ran, declined) << ran << " ran, " << declined << " declined";
  }
};

TEST(OneDnnRandom, Convolutions) {
  Dice dice;
  Tally tally;
  for (int i = 0; i < kCases; ++i) {
    const RandomWindow w = random_window(dice, true, false);
    const int64_t kind = dice.between(0, 3), groups = kind == 0   ? dice.between(1, 40)
                                                      : kind == 1 ? dice.between(2, 4)
                                                                  : 1;
    const int64_t ic = kind == 0 ? 1 : dice.between(1, 40), oc = kind == 0 ? 1 : dice.between(1, 40);
    NodeUnderTest n{.op = "Conv", .attrs = w.attrs, .constant = {false, !dice.one_in(5), true}};
    n.attrs.push_back({"group", groups});
    n.in = {random_f32(image(dice.between(1, 2), ic * groups, w.in), static_cast<uint32_t>(i)),
            random_f32(image(oc * groups, ic, w.kernel), static_cast<uint32_t>(i + 1))};
    if (!dice.one_in(3)) n.in.push_back(random_f32({oc * groups}, static_cast<uint32_t>(i + 2)));
    n.out_layout =
        dice.of({Layout::kChannelsLast, Layout::kChannelsLast, Layout::kChannelsLast, Layout::kPlain});
    n.in_layouts = {n.out_layout};
    SCOPED_TRACE(cat("case ", i, ", ", groups, " groups of ", ic, " to ", oc, ", ", layout_name(n.out_layout),
                     ", ", w.text));
    tally.check(run_kernel("conv:onednn", n), 2e-5);
  }
}

TEST(OneDnnRandom, Transposed) {
  Dice dice;
  Tally tally;
  for (int i = 0; i < kCases / 2; ++i) {
    const RandomWindow w = random_window(dice, true, true);
    const int64_t groups = dice.one_in(4) ? 2 : 1, ic = dice.between(1, 20), oc = dice.between(1, 20);
    NodeUnderTest n{.op = "ConvTranspose", .attrs = w.attrs, .constant = {false, true}};
    n.attrs.push_back({"group", groups});
    n.in = {random_f32(image(1, ic * groups, w.in), static_cast<uint32_t>(i)),
            random_f32(image(ic * groups, oc, w.kernel), static_cast<uint32_t>(i + 1))};
    n.out_layout = Layout::kChannelsLast;
    n.in_layouts = {n.out_layout};
    SCOPED_TRACE(cat("case ", i, ", ", groups, " groups of ", ic, " to ", oc, ", ", w.text));
    tally.check(run_kernel("conv_transpose:onednn", n), 2e-5);
  }
}

TEST(OneDnnRandom, Pools) {
  Dice dice;
  Tally tally;
  for (int i = 0; i < kCases; ++i) {
    const RandomWindow w = random_window(dice, false, true);
    const bool max = dice.one_in(2);
    NodeUnderTest n{.op = max ? "MaxPool" : "AveragePool", .attrs = w.attrs};
    n.attrs.push_back({"kernel_shape", std::vector<int64_t>(w.kernel.begin(), w.kernel.end())});
    n.attrs.push_back({"ceil_mode", dice.between(0, 1)});
    if (!max) n.attrs.push_back({"count_include_pad", dice.between(0, 1)});
    n.in = {random_f32(image(dice.between(1, 2), dice.between(1, 40), w.in), static_cast<uint32_t>(i))};
    n.out_layout =
        dice.of({Layout::kChannelsLast, Layout::kChannelsLast, Layout::kPlain, Layout::kBlocked16});
    n.in_layouts = {n.out_layout};
    SCOPED_TRACE(cat("case ", i, ", ", n.op, ", ", layout_name(n.out_layout), ", ", w.text));
    tally.check(run_kernel(max ? "max_pool:onednn" : "average_pool:onednn", n), 1e-6);
  }
}

TEST(OneDnnRandom, Products) {
  Dice dice;
  Tally tally;
  for (int i = 0; i < kCases; ++i) {
    const int64_t m = dice.of<int64_t>({1, 2, 7, 33, 64}), k = dice.between(1, 200),
                  n = dice.of<int64_t>({1, 3, 16, 47, 130});
    const bool trans_a = dice.one_in(4), trans_b = dice.one_in(2);
    const Dims batch = dice.of<Dims>({{}, {3}, {2, 3}, {1, 3}}),
               one = batch.empty() ? Dims{} : Dims(batch.size(), 1);
    const auto matrix = [&](const Dims& b, int64_t rows, int64_t columns, bool crosswise) {
      Dims d = b;
      d.push_back(crosswise ? columns : rows);
      d.push_back(crosswise ? rows : columns);
      return d;
    };
    NodeUnderTest node{.op = "FusedMatMul", .domain = "lite", .constant = {false, dice.one_in(2)}};
    node.attrs = {
        {"transA", int64_t{trans_a}}, {"transB", int64_t{trans_b}}, {"alpha", dice.one_in(3) ? 0.5F : 1.0F}};
    node.in = {
        random_f32(matrix(dice.one_in(3) ? one : batch, m, k, trans_a), static_cast<uint32_t>(i)),
        random_f32(matrix(dice.of({batch, one, Dims{}}), k, n, trans_b), static_cast<uint32_t>(i + 1))};
    node.in.push_back(dice.one_in(2) ? random_f32({n}, static_cast<uint32_t>(i + 2)) : Tensor());
    SCOPED_TRACE(cat("case ", i, ", ", node.in[0].dims(), " by ", node.in[1].dims(), trans_a ? " A'" : "",
                     trans_b ? " B'" : ""));
    tally.check(run_kernel("fused_matmul:onednn", node), 2e-5);
  }
}

}  // namespace
}  // namespace lite::test
