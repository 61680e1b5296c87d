// LSTM, GRU and RNN of float32 with the standard activations, on our own matrix product.
//
// The inputs of all time steps go through one product. A step then multiplies the state by weights whose
// columns lie so that the gates of a block of units come out side by side, and finishes those units while
// they are in registers and cache.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_recurrent.cpp"
#include <array>

#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_gemm.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_CELL
#define LITE_SIMD_CELL
namespace lite::simd {

// Some units of one sequence. Gate g of unit i has what comes from the input, bias included, in x[g * width +
// i] and what comes from the state in r[g * width + i].
struct Cell {
  const float *x, *r;
  const float* r_bias;  // GRU with linear_before_reset: the state's bias of the hidden gate; else null
  const float* h;       // the state before
  float* c;             // LSTM: the cell's content, updated
  float* h_new;
  float* y;  // a copy of h_new; may be null
  int64_t width, units;
};

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// Gates i, o, f, c.
void lstm_cell(const Cell& a) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t i = 0; i < a.units; i += lanes) {
    const auto n = static_cast<size_t>(std::min(lanes, a.units - i));
    const V in = sigmoid(d, hn::Add(hn::LoadU(d, a.x + i), hn::LoadU(d, a.r + i)));
    const V out = sigmoid(d, hn::Add(hn::LoadU(d, a.x + a.width + i), hn::LoadU(d, a.r + a.width + i)));
    const V forget =
        sigmoid(d, hn::Add(hn::LoadU(d, a.x + 2 * a.width + i), hn::LoadU(d, a.r + 2 * a.width + i)));
    const V fresh =
        tanh(d, hn::Add(hn::LoadU(d, a.x + 3 * a.width + i), hn::LoadU(d, a.r + 3 * a.width + i)));
    const V c = hn::MulAdd(forget, load_part(d, a.c + i, n), hn::Mul(in, fresh));
    const V h = hn::Mul(out, tanh(d, c));
    store_part(c, d, a.c + i, n);
    store_part(h, d, a.h_new + i, n);
    if (a.y != nullptr) store_part(h, d, a.y + i, n);
  }
}

// One gate: tanh.
void rnn_cell(const Cell& a) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t i = 0; i < a.units; i += lanes) {
    const auto n = static_cast<size_t>(std::min(lanes, a.units - i));
    const V h = tanh(d, hn::Add(hn::LoadU(d, a.x + i), hn::LoadU(d, a.r + i)));
    store_part(h, d, a.h_new + i, n);
    if (a.y != nullptr) store_part(h, d, a.y + i, n);
  }
}

// Gates z, r, h with the reset applied to the product: linear_before_reset.
void gru_cell(const Cell& a) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t i = 0; i < a.units; i += lanes) {
    const auto n = static_cast<size_t>(std::min(lanes, a.units - i));
    const V update = sigmoid(d, hn::Add(hn::LoadU(d, a.x + i), hn::LoadU(d, a.r + i)));
    const V reset = sigmoid(d, hn::Add(hn::LoadU(d, a.x + a.width + i), hn::LoadU(d, a.r + a.width + i)));
    const V product = hn::Add(hn::LoadU(d, a.r + 2 * a.width + i), load_part(d, a.r_bias + i, n));
    const V fresh = tanh(d, hn::MulAdd(reset, product, hn::LoadU(d, a.x + 2 * a.width + i)));
    // (1 - z) * fresh + z * h
    const V h = hn::MulAdd(update, hn::Sub(load_part(d, a.h + i, n), fresh), fresh);
    store_part(h, d, a.h_new + i, n);
    if (a.y != nullptr) store_part(h, d, a.y + i, n);
  }
}

// The reset gate times the state, into h_new: the first half of a GRU with the reset before the product.
void gru_reset(const Cell& a) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t i = 0; i < a.units; i += lanes) {
    const auto n = static_cast<size_t>(std::min(lanes, a.units - i));
    const V reset = sigmoid(d, hn::Add(hn::LoadU(d, a.x + a.width + i), hn::LoadU(d, a.r + a.width + i)));
    store_part(hn::Mul(reset, load_part(d, a.h + i, n)), d, a.h_new + i, n);
  }
}

// The second half: r holds the product of the reset state in the hidden gate.
void gru_after_reset(const Cell& a) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t i = 0; i < a.units; i += lanes) {
    const auto n = static_cast<size_t>(std::min(lanes, a.units - i));
    const V update = sigmoid(d, hn::Add(hn::LoadU(d, a.x + i), hn::LoadU(d, a.r + i)));
    const V fresh =
        tanh(d, hn::Add(hn::LoadU(d, a.x + 2 * a.width + i), hn::LoadU(d, a.r + 2 * a.width + i)));
    const V h = hn::MulAdd(update, hn::Sub(load_part(d, a.h + i, n), fresh), fresh);
    store_part(h, d, a.h_new + i, n);
    if (a.y != nullptr) store_part(h, d, a.y + i, n);
  }
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kLstmCell, lstm_cell);
LITE_SIMD_TABLE(kRnnCell, rnn_cell);
LITE_SIMD_TABLE(kGruCell, gru_cell);
LITE_SIMD_TABLE(kGruReset, gru_reset);
LITE_SIMD_TABLE(kGruAfterReset, gru_after_reset);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

using CellFn = void(const Cell&);

// Where things lie: layout 0 has time first, layout 1 the sequence.
struct Shape {
  int64_t steps, batch, inputs, hidden, directions, gates;
  bool batch_first;
  int64_t row(int64_t t, int64_t b) const { return batch_first ? b * steps + t : t * batch + b; }
  int64_t y(int64_t t, int64_t d, int64_t b) const {
    return (batch_first ? (b * steps + t) * directions + d : (t * directions + d) * batch + b) * hidden;
  }
  int64_t state(int64_t d, int64_t b) const {
    return (batch_first ? b * directions + d : d * batch + b) * hidden;
  }
};

bool is_lstm(const NodeQuery& q) { return std::string_view(q.node.op->name) == "LSTM"; }
bool is_rnn(const NodeQuery& q) { return std::string_view(q.node.op->name) == "RNN"; }

Shape shape_of(const NodeQuery& q) {
  const Dims& x = q.in[0].dims;
  const bool batch_first = q.attrs().i64("layout", 0) == 1;
  return {.steps = x[batch_first ? 1 : 0],
          .batch = x[batch_first ? 0 : 1],
          .inputs = x[2],
          .hidden = q.in[2].dims[2],
          .directions = q.in[1].dims[0],
          .gates = is_lstm(q)  ? 4
                   : is_rnn(q) ? 1
                               : 3,
          .batch_first = batch_first};
}

WhyNot rejects(const NodeQuery& q) {
  const AttrReader a = q.attrs();
  for (size_t i = 0; i < q.in.size(); ++i)
    if (q.has_in(i) && q.in[i].dtype != (i == 4 ? DType::kI32 : DType::kF32)) return "not float32";
  for (size_t i = 1; i <= 3; ++i)
    if (q.has_in(i) && q.in[i].constant == nullptr) return "weights not constant";
  if (a.has("clip")) return "clipped gates";
  if (a.i64("input_forget", 0) != 0) return "coupled gates";
  if (is_lstm(q) && q.has_in(7)) return "peepholes";
  const auto names = a.strs("activations");
  constexpr std::string_view kLstm[] = {"Sigmoid", "Tanh", "Tanh"}, kGru[] = {"Sigmoid", "Tanh"},
                             kRnn[] = {"Tanh"};
  const std::span<const std::string_view> usual = is_lstm(q)  ? std::span<const std::string_view>(kLstm)
                                                  : is_rnn(q) ? std::span<const std::string_view>(kRnn)
                                                              : kGru;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string_view want = usual[i % usual.size()];
    if (!std::equal(names[i].begin(), names[i].end(), want.begin(), want.end(),
                    [](char x, char y) { return (x | 32) == (y | 32); }))
      return "activations other than the usual";
  }
  return nullptr;
}

class Recurrent final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
    auto k = std::make_unique<Recurrent>();
    k->s_ = shape_of(q);
    k->gemm_ = Gemm(q.options);
    const Shape& s = k->s_;
    k->width_ = k->gemm_.width();
    k->blocks_ = ceil_div(s.hidden, k->width_);
    k->lstm_ = is_lstm(q);
    k->op_ = q.node.op->name;
    const bool gru = !k->lstm_ && !is_rnn(q);
    k->one_product_ = !gru || q.attrs().i64("linear_before_reset", 0) != 0;
    k->reset_after_ = gru && q.attrs().i64("linear_before_reset", 0) != 0;
    k->reverse_ = q.attrs().str("direction", "forward") == "reverse";
    k->cell_ = choose(k->lstm_          ? kLstmCell
                      : is_rnn(q)       ? kRnnCell
                      : k->reset_after_ ? kGruCell
                                        : kGruAfterReset,
                      q.options);
    k->reset_ = choose(kGruReset, q.options);
    LITE_ASSIGN(k->w_, k->pack(*q.in[1].constant, s.inputs, packs));
    LITE_ASSIGN(k->r_, k->pack(*q.in[2].constant, s.hidden, packs));
    k->bias_.assign(static_cast<size_t>(s.directions * k->columns()), 0.0f);
    k->r_bias_.assign(static_cast<size_t>(s.directions * s.hidden), 0.0f);
    if (q.has_in(3)) {
      LITE_ASSIGN(const Tensor bias, q.in[3].constant->aligned());
      k->read_bias(bias.data<float>());
    }
    k->has_ = {q.has_in(4), q.has_in(5), q.has_in(6), q.has_out(0), q.has_out(1), q.has_out(2)};
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    const int32_t* lengths = has_.lengths ? l.in<int32_t>(4) : nullptr;
    for (int64_t b = 0; b < s_.batch && lengths != nullptr; ++b)
      if (lengths[b] < 0 || lengths[b] > s_.steps)
        return invalid_argument(op_, ": sequence_lens[", b, "] is ", lengths[b], ", wanted in [0,", s_.steps,
                                "]");
    for (int64_t d = 0; d < s_.directions; ++d) {
      gemm_.run(*l.parallel,
                GemmArgs{.a = l.in<float>(0),
                         .a_row = s_.inputs,
                         .b = static_cast<const float*>(w_->data.get()) + d * columns() * s_.inputs,
                         .c = projected(l, d),
                         .c_row = columns(),
                         .m = s_.steps * s_.batch,
                         .n = columns(),
                         .k = s_.inputs,
                         .bias = bias_.data() + d * columns()});
    }
    l.parallel->run(s_.directions, [&](int64_t d) { run_direction(l, d, lengths); });
    return ok();
  }

  size_t workspace_bytes() const override {
    return static_cast<size_t>(s_.directions * direction_floats()) * sizeof(float);
  }
  bool reads_input(size_t i) const override { return i == 0 || i > 3; }

 private:
  struct Has {
    bool lengths, h0, c0, y, y_h, y_c;
  };

  // Columns of all gates: those of a block of units follow each other.
  int64_t columns() const { return blocks_ * s_.gates * width_; }
  int64_t state_floats() const { return round_up(s_.batch * s_.hidden, 16); }
  int64_t direction_floats() const {
    return round_up(s_.steps * s_.batch * columns(), 16) + 4 * state_floats();
  }
  float* projected(const Launch& l, int64_t d) const {
    return static_cast<float*>(l.workspace) + d * direction_floats();
  }

  Result<std::shared_ptr<const PackCache::Packed>> pack(const Tensor& w, int64_t k, PackCache& packs) const {
    const auto bytes = static_cast<size_t>(s_.directions * columns() * k) * sizeof(float);
    return packs.get(w, cat("recurrent:", s_.gates, ":", width_), bytes, [&](void* packed) -> Status {
      LITE_ASSIGN(const Tensor weights, w.aligned());
      auto* to = static_cast<float*>(packed);
      for (int64_t d = 0; d < s_.directions; ++d)
        for (int64_t u = 0; u < blocks_; ++u)
          for (int64_t g = 0; g < s_.gates; ++g, to += k * width_) {
            const float* from = weights.data<float>() + ((d * s_.gates + g) * s_.hidden + u * width_) * k;
            pack_panel(from, k, std::min(width_, s_.hidden - u * width_), 1, k, width_, to);
          }
      return ok();
    });
  }

  // Biases of input and state add up, but for that of a hidden gate that is reset after its product.
  void read_bias(const float* bias) {
    for (int64_t d = 0; d < s_.directions; ++d)
      for (int64_t g = 0; g < s_.gates; ++g)
        for (int64_t i = 0; i < s_.hidden; ++i) {
          const float* of_direction = bias + d * 2 * s_.gates * s_.hidden;
          const float from_input = of_direction[g * s_.hidden + i],
                      from_state = of_direction[(s_.gates + g) * s_.hidden + i];
          const bool apart = reset_after_ && g == 2;
          const int64_t column = (i / width_ * s_.gates + g) * width_ + i % width_;
          bias_[static_cast<size_t>(d * columns() + column)] = apart ? from_input : from_input + from_state;
          if (apart) r_bias_[static_cast<size_t>(d * s_.hidden + i)] = from_state;
        }
  }

  // One step of `rows` sequences from b0 and one block of units.
  struct Step {
    int64_t d, step;
    const float* projected;
    const float *h, *reset_h;
    float *h_new, *c;
    float* y;  // of the whole node, or null
    const int32_t* lengths;
  };
  static constexpr int64_t kRows = 12;  // sequences at a time
  static constexpr int64_t kMaxWidth = 32;

  // Gates [g0, g1) from the state `a`, into product.
  void multiply(const Step& t, const float* a, int64_t b0, int64_t rows, int64_t u, int64_t g0, int64_t g1,
                float* product) const {
    const float* r = static_cast<const float*>(r_->data.get()) +
                     (t.d * columns() + (u * s_.gates + g0) * width_) * s_.hidden;
    gemm_.tile(GemmArgs{.a = a + b0 * s_.hidden,
                        .a_row = s_.hidden,
                        .b = r,
                        .c = product + g0 * width_,
                        .c_row = s_.gates * width_,
                        .m = rows,
                        .n = (g1 - g0) * width_,
                        .k = s_.hidden},
               0, rows, 0, g1 - g0);
  }

  void finish(const Step& t, CellFn* fn, float* to, int64_t b0, int64_t rows, int64_t u, const float* product,
              bool last_phase) const {
    for (int64_t b = b0; b < b0 + rows; ++b) {
      const int64_t length = t.lengths == nullptr ? s_.steps : t.lengths[b];
      const int64_t unit = u * width_, units = std::min(width_, s_.hidden - unit), at = b * s_.hidden + unit;
      if (t.step >= length) {
        const auto bytes = static_cast<size_t>(units) * sizeof(float);
        memcpy(to + at, t.h + at, bytes);
        if (last_phase && t.y != nullptr) memset(t.y + s_.y(t.step, t.d, b) + unit, 0, bytes);
        continue;
      }
      const bool backwards = reverse_ || t.d == 1;
      const int64_t time = backwards ? length - 1 - t.step : t.step;
      fn(Cell{.x = t.projected + s_.row(time, b) * columns() + u * s_.gates * width_,
              .r = product + (b - b0) * s_.gates * width_,
              .r_bias = r_bias_.data() + t.d * s_.hidden + unit,
              .h = t.h + at,
              .c = t.c + at,
              .h_new = to + at,
              .y = last_phase && t.y != nullptr ? t.y + s_.y(time, t.d, b) + unit : nullptr,
              .width = width_,
              .units = units});
    }
  }

  void run_direction(const Launch& l, int64_t d, const int32_t* lengths) const {
    float* const projected_rows = projected(l, d);
    float* h = projected_rows + round_up(s_.steps * s_.batch * columns(), 16);
    float* h_new = h + state_floats();
    float* const c = h_new + state_floats();
    float* const reset_h = c + state_floats();
    const auto load_state = [&](float* to, bool given, size_t input) {
      for (int64_t b = 0; b < s_.batch; ++b) {
        if (given)
          memcpy(to + b * s_.hidden, l.in<float>(input) + s_.state(d, b),
                 static_cast<size_t>(s_.hidden) * sizeof(float));
        else
          memset(to + b * s_.hidden, 0, static_cast<size_t>(s_.hidden) * sizeof(float));
      }
    };
    const auto store_state = [&](const float* from, size_t output) {
      for (int64_t b = 0; b < s_.batch; ++b)
        memcpy(l.out<float>(output) + s_.state(d, b), from + b * s_.hidden,
               static_cast<size_t>(s_.hidden) * sizeof(float));
    };
    load_state(h, has_.h0, 5);
    if (lstm_) load_state(c, has_.c0, 6);

    // A chunk is worth its start only from some hundred thousand multiplications on.
    constexpr int64_t kWorth = 1 << 17;
    const int64_t row_blocks = ceil_div(s_.batch, kRows), rows_of_one = std::min(s_.batch, kRows);
    const int64_t grain = std::max<int64_t>(1, kWorth / (rows_of_one * s_.hidden * s_.gates * width_));
    const auto for_blocks = [&](const auto& f) {
      l.parallel->for_range(blocks_ * row_blocks, grain, [&](int64_t begin, int64_t end) {
        alignas(64) float product[kRows * 4 * kMaxWidth];
        for (int64_t i = begin; i < end; ++i) {
          const int64_t b0 = i % row_blocks * kRows;
          f(b0, std::min(kRows, s_.batch - b0), i / row_blocks, product);
        }
      });
    };
    for (int64_t step = 0; step < s_.steps; ++step) {
      if (l.parallel->cancel != nullptr && l.parallel->cancel->stop_requested()) return;
      const Step t{d,      step, projected_rows, h, reset_h, h_new, c, has_.y ? l.out<float>(0) : nullptr,
                   lengths};
      if (one_product_) {
        for_blocks([&](int64_t b0, int64_t rows, int64_t u, float* product) {
          multiply(t, h, b0, rows, u, 0, s_.gates, product);
          finish(t, cell_, h_new, b0, rows, u, product, true);
        });
      } else {
        for_blocks([&](int64_t b0, int64_t rows, int64_t u, float* product) {
          multiply(t, h, b0, rows, u, 1, 2, product);
          finish(t, reset_, reset_h, b0, rows, u, product, false);
        });
        for_blocks([&](int64_t b0, int64_t rows, int64_t u, float* product) {
          multiply(t, h, b0, rows, u, 0, 1, product);
          multiply(t, reset_h, b0, rows, u, 2, 3, product);
          finish(t, cell_, h_new, b0, rows, u, product, true);
        });
      }
      std::swap(h, h_new);
    }
    if (has_.y_h) store_state(h, 1);
    if (lstm_ && has_.y_c) store_state(c, 2);
  }

  Shape s_{};
  Gemm gemm_;
  int64_t width_ = 0, blocks_ = 0;
  const char* op_ = "";
  bool lstm_ = false, reset_after_ = false, reverse_ = false;
  bool one_product_ = true;  // of the state and all gates; a reset before its product takes two
  CellFn* cell_ = nullptr;
  CellFn* reset_ = nullptr;
  std::shared_ptr<const PackCache::Packed> w_, r_;
  std::vector<float> bias_, r_bias_;
  Has has_{};
};

constexpr KernelDef kKernels[] = {{"lstm:simd", "LSTM", rejects, Recurrent::make},
                                  {"gru:simd", "GRU", rejects, Recurrent::make},
                                  {"rnn:simd", "RNN", rejects, Recurrent::make}};

}  // namespace

extern constinit const KernelTable simd_recurrent;
constinit const KernelTable simd_recurrent{kKernels};

}  // namespace lite::kernels
#endif
