// LSTM, GRU and RNN of float32 with the standard activations, on our own matrix product.
//
// The inputs of all time steps go through one product. A step then multiplies the state by weights whose
// columns lie so that the gates of a vector of units come out side by side, and finishes those units while
// the products are in the cache.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_recurrent.cpp"
#include <array>
#include <numeric>

#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_gemm.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_CELL
#define LITE_SIMD_CELL
namespace lite::simd {

// Some units of one sequence, from a multiple of a vector on. Of each vector of units, or what is left of
// one, the gates lie side by side: gate g of G of unit i has what comes from the input, bias included, in x[i
// * G + g * n] with n = min(a vector, units - i), and what comes from the state in r.
struct Cell {
  const float *x, *r;
  const float *x_after, *r_after;  // GRU with the reset before the product: the hidden gate, with G = 1
  const float* r_bias;  // GRU with linear_before_reset: the state's bias of the hidden gate; else null
  const float* h;       // the state before
  float* c;             // LSTM: the cell's content, updated
  float* h_new;
  float* y;  // a copy of h_new; may be null
  int64_t units;
};

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// n elements, of which there are seldom fewer than a vector: parts are slow where there are no masks.
HWY_INLINE V load(const float* p, size_t n) {
  const D d;
  if (HWY_MEM_OPS_MIGHT_FAULT && n == hn::Lanes(d)) return hn::LoadU(d, p);
  return load_part(d, p, n);
}
HWY_INLINE void store(V v, float* p, size_t n) {
  const D d;
  if (HWY_MEM_OPS_MIGHT_FAULT && n == hn::Lanes(d))
    hn::StoreU(v, d, p);
  else
    store_part(v, d, p, n);
}

// Calls f(i, n) for each vector of units.
template <class F>
HWY_INLINE void each_vector(const Cell& a, const F& f) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D()));
  int64_t i = 0;
  for (; i + lanes <= a.units; i += lanes) f(i, lanes);
  if (i < a.units) f(i, a.units - i);
}
// Gate g of kGates of the n units from i on.
template <int kGates>
HWY_INLINE V from_input(const Cell& a, int64_t i, int64_t n, int64_t g) {
  return load(a.x + i * kGates + g * n, static_cast<size_t>(n));
}
template <int kGates>
HWY_INLINE V from_state(const Cell& a, int64_t i, int64_t n, int64_t g) {
  return load(a.r + i * kGates + g * n, static_cast<size_t>(n));
}
template <int kGates>
HWY_INLINE V gate(const Cell& a, int64_t i, int64_t n, int64_t g) {
  return hn::Add(from_input<kGates>(a, i, n, g), from_state<kGates>(a, i, n, g));
}
HWY_INLINE void put(const Cell& a, V h, int64_t i, int64_t n) {
  store(h, a.h_new + i, static_cast<size_t>(n));
  if (a.y != nullptr) store(h, a.y + i, static_cast<size_t>(n));
}

// Gates i, o, f, c. In two passes: the processor sees too few instructions ahead to begin with the next units
// while it waits for the content of these, and then for its tanh.
void lstm_cell(const Cell& a) {
  const D d;
  each_vector(a, [&](int64_t i, int64_t n) HWY_ATTR {
    const V in = sigmoid(d, gate<4>(a, i, n, 0)), out = sigmoid(d, gate<4>(a, i, n, 1));
    const V forget = sigmoid(d, gate<4>(a, i, n, 2)), fresh = tanh(d, gate<4>(a, i, n, 3));
    const auto count = static_cast<size_t>(n);
    store(hn::MulAdd(forget, load(a.c + i, count), hn::Mul(in, fresh)), a.c + i, count);
    store(out, a.h_new + i, count);
  });
  each_vector(a, [&](int64_t i, int64_t n) HWY_ATTR {
    const auto count = static_cast<size_t>(n);
    put(a, hn::Mul(load(a.h_new + i, count), tanh(d, load(a.c + i, count))), i, n);
  });
}

// One gate: tanh.
void rnn_cell(const Cell& a) {
  each_vector(a, [&](int64_t i, int64_t n) HWY_ATTR { put(a, tanh(D(), gate<1>(a, i, n, 0)), i, n); });
}

// (1 - z) * fresh + z * h
HWY_INLINE V update(const Cell& a, V z, V fresh, int64_t i, int64_t n) {
  return hn::MulAdd(z, hn::Sub(load(a.h + i, static_cast<size_t>(n)), fresh), fresh);
}

// Gates z, r, h with the reset applied to the product: linear_before_reset.
void gru_cell(const Cell& a) {
  const D d;
  each_vector(a, [&](int64_t i, int64_t n) HWY_ATTR {
    const V z = sigmoid(d, gate<3>(a, i, n, 0)), reset = sigmoid(d, gate<3>(a, i, n, 1));
    const V product = hn::Add(from_state<3>(a, i, n, 2), load(a.r_bias + i, static_cast<size_t>(n)));
    const V fresh = tanh(d, hn::MulAdd(reset, product, from_input<3>(a, i, n, 2)));
    put(a, update(a, z, fresh, i, n), i, n);
  });
}

// The reset gate times the state, into h_new: the first half of a GRU with the reset before the product.
void gru_reset(const Cell& a) {
  each_vector(a, [&](int64_t i, int64_t n) HWY_ATTR {
    const auto count = static_cast<size_t>(n);
    const V reset = sigmoid(D(), gate<2>(a, i, n, 1));
    store(hn::Mul(reset, load(a.h + i, count)), a.h_new + i, count);
  });
}

// The second half.
void gru_after_reset(const Cell& a) {
  const D d;
  each_vector(a, [&](int64_t i, int64_t n) HWY_ATTR {
    const auto count = static_cast<size_t>(n);
    const V z = sigmoid(d, gate<2>(a, i, n, 0));
    const V fresh = tanh(d, hn::Add(load(a.x_after + i, count), load(a.r_after + i, count)));
    put(a, update(a, z, fresh, i, n), i, n);
  });
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

// Gates [first, first + gates) whose products with one state are made at once, and their columns.
struct Part {
  int64_t first = 0, gates = 0;
  int64_t begin = 0, columns = 0;  // among all columns, in whole vectors
  int64_t packed = 0;              // where its weights begin
  int64_t group = 0;               // units whose columns are whole panels
  Gemm gemm;
};

class Recurrent final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
    auto k = std::make_unique<Recurrent>();
    k->s_ = shape_of(q);
    const Shape& s = k->s_;
    k->lanes_ = float_lanes(q.options);
    k->lstm_ = is_lstm(q);
    k->op_ = q.node.op->name;
    const bool gru = !k->lstm_ && !is_rnn(q);
    k->reset_after_ = gru && q.attrs().i64("linear_before_reset", 0) != 0;
    k->reverse_ = q.attrs().str("direction", "forward") == "reverse";
    k->cell_ = choose(k->lstm_          ? kLstmCell
                      : is_rnn(q)       ? kRnnCell
                      : k->reset_after_ ? kGruCell
                                        : kGruAfterReset,
                      q.options);
    k->reset_ = choose(kGruReset, q.options);
    if (gru && !k->reset_after_) {
      k->add_part(2, q.options);
      k->add_part(1, q.options);
    } else {
      k->add_part(s.gates, q.options);
    }
    k->gemm_ = Gemm(q.options, k->columns_);
    LITE_TRY(k->pack_weights(q, packs));
    k->bias_.assign(static_cast<size_t>(s.directions * k->columns_), 0.0f);
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
      gemm_.run(*l.parallel, GemmArgs{.a = l.in<float>(0),
                                      .a_row = s_.inputs,
                                      .b = static_cast<const float*>(w_->data.get()) + d * w_floats(),
                                      .c = projected(l, d),
                                      .c_row = columns_,
                                      .m = s_.steps * s_.batch,
                                      .n = columns_,
                                      .k = s_.inputs,
                                      .bias = bias_.data() + d * columns_});
    }
    // Sequences know nothing of each other: threads that take some of them need not wait after each step.
    // Each reads all weights, which is well while they stay in its cache.
    const int64_t most = is_near() ? l.parallel->threads / s_.directions : 1;
    const int64_t shares = std::clamp<int64_t>(s_.batch / kLeastRows, 1, std::max<int64_t>(1, most));
    l.parallel->run(s_.directions * shares, [&](int64_t i) {
      const int64_t d = i / shares, share = i % shares;
      run_rows(l, d, s_.batch * share / shares, s_.batch * (share + 1) / shares, lengths);
    });
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

  void add_part(int64_t gates, const KernelOptions& options) {
    Part p;
    p.gates = gates;
    p.columns = round_up(gates * s_.hidden, lanes_);
    if (parts_ != 0) {
      const Part& before = part_[parts_ - 1];
      p.first = before.first + before.gates;
      p.begin = before.begin + before.columns;
      p.packed = before.packed + packed_floats(s_.hidden, before.columns, before.gemm.width());
    }
    p.gemm = Gemm(options, p.columns, s_.batch);
    p.group = std::lcm(gates * lanes_, p.gemm.width()) / gates;
    part_[parts_++] = p;
    columns_ += p.columns;
  }
  // Where gate g of unit i is among all columns.
  int64_t column(int64_t g, int64_t i) const {
    const Part& p = part_[g < part_[0].gates ? 0 : 1];
    const int64_t first = i / lanes_ * lanes_;
    return p.begin + first * p.gates + (g - p.first) * std::min(lanes_, s_.hidden - first) + i - first;
  }

  int64_t w_floats() const { return packed_floats(s_.inputs, columns_, gemm_.width()); }
  int64_t r_floats() const {
    const Part& last = part_[parts_ - 1];
    return last.packed + packed_floats(s_.hidden, last.columns, last.gemm.width());
  }
  int64_t state_floats() const { return round_up(s_.batch * s_.hidden, 16); }
  int64_t projected_floats() const { return round_up(s_.steps * s_.batch * columns_, 16); }
  int64_t direction_floats() const {
    return projected_floats() + round_up(s_.batch * columns_, 16) + 4 * state_floats();
  }
  float* projected(const Launch& l, int64_t d) const {
    return static_cast<float*>(l.workspace) + d * direction_floats();
  }

  Status pack_weights(const NodeQuery& q, PackCache& packs) {
    std::string how = cat("recurrent:", lanes_, ":", s_.gates);
    for (size_t i = 0; i < parts_; ++i) how += cat(":", part_[i].gates, ":", part_[i].gemm.width());
    const auto pack = [&](size_t input, int64_t k, int64_t floats, const std::string& name, const auto& fn) {
      const Tensor& w = *q.in[input].constant;
      const auto bytes = static_cast<size_t>(s_.directions * floats) * sizeof(float);
      return packs.get(w, name, bytes, [&](void* packed, const void* stored) -> Status {
        // Perhaps not aligned, as in a mapped file. The columns in their order; those that fill a vector up
        // stay zeros.
        std::vector<float> rows(static_cast<size_t>(columns_ * k));
        for (int64_t d = 0; d < s_.directions; ++d) {
          const float* from = static_cast<const float*>(stored) + d * s_.gates * s_.hidden * k;
          for (int64_t g = 0; g < s_.gates; ++g)
            for (int64_t i = 0; i < s_.hidden; ++i, from += k)
              std::copy(from, from + k, rows.data() + column(g, i) * k);
          fn(rows.data(), static_cast<float*>(packed) + d * floats);
        }
        return ok();
      });
    };
    LITE_ASSIGN(
        w_, pack(1, s_.inputs, w_floats(), cat(how, ":", gemm_.width()), [&](const float* from, float* to) {
          pack_panels(from, s_.inputs, columns_, 1, s_.inputs, gemm_.width(), to);
        }));
    LITE_ASSIGN(r_, pack(2, s_.hidden, r_floats(), how, [&](const float* from, float* to) {
                  for (size_t i = 0; i < parts_; ++i) {
                    const Part& p = part_[i];
                    pack_panels(from + p.begin * s_.hidden, s_.hidden, p.columns, 1, s_.hidden,
                                p.gemm.width(), to + p.packed);
                  }
                }));
    return ok();
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
          bias_[static_cast<size_t>(d * columns_ + column(g, i))] =
              apart ? from_input : from_input + from_state;
          if (apart) r_bias_[static_cast<size_t>(d * s_.hidden + i)] = from_state;
        }
  }

  struct Step {
    int64_t d, step;
    const float* projected;
    float* product;  // of the state and all columns
    const float *h, *reset_h;
    float *h_new, *c;
    float* y;  // of the whole node, or null
    const int32_t* lengths;
  };
  // Sequences [b0, b1) and units [u0, u1), which begin a group.
  struct Range {
    int64_t b0, b1, u0, u1;
  };

  void multiply(const Step& t, const Part& p, const float* state, const Range& r) const {
    const int64_t first = r.u0 * p.gates, width = p.gemm.width();
    const int64_t columns = r.u1 == s_.hidden ? p.columns - first : (r.u1 - r.u0) * p.gates;
    p.gemm.tile(GemmArgs{.a = state + r.b0 * s_.hidden,
                         .a_row = s_.hidden,
                         .b = static_cast<const float*>(r_->data.get()) + t.d * r_floats() + p.packed +
                              first * s_.hidden,
                         .b_near = is_near(),
                         .c = t.product + r.b0 * columns_ + p.begin + first,
                         .c_row = columns_,
                         .m = r.b1 - r.b0,
                         .n = columns,
                         .k = s_.hidden},
                0, r.b1 - r.b0, 0, ceil_div(columns, width));
  }

  // With the products of the first part, and in the last phase of all.
  void finish(const Step& t, CellFn* fn, float* to, const Range& r, bool last_phase) const {
    const int64_t units = r.u1 - r.u0, first = r.u0 * part_[0].gates, after = part_[1].begin + r.u0;
    for (int64_t b = r.b0; b < r.b1; ++b) {
      const int64_t length = t.lengths == nullptr ? s_.steps : t.lengths[b], at = b * s_.hidden + r.u0;
      if (t.step >= length) {
        const auto bytes = static_cast<size_t>(units) * sizeof(float);
        memcpy(to + at, t.h + at, bytes);
        if (last_phase && t.y != nullptr) memset(t.y + s_.y(t.step, t.d, b) + r.u0, 0, bytes);
        continue;
      }
      const bool backwards = reverse_ || t.d == 1;
      const int64_t time = backwards ? length - 1 - t.step : t.step;
      const float *x = t.projected + s_.row(time, b) * columns_, *product = t.product + b * columns_;
      fn(Cell{.x = x + first,
              .r = product + first,
              .x_after = x + after,
              .r_after = product + after,
              .r_bias = r_bias_.data() + t.d * s_.hidden + r.u0,
              .h = t.h + at,
              .c = t.c + at,
              .h_new = to + at,
              .y = last_phase && t.y != nullptr ? t.y + s_.y(time, t.d, b) + r.u0 : nullptr,
              .units = units});
    }
  }

  // f for sequences [b0, b1) and all units, in groups of part p, by all threads.
  template <class F>
  void for_ranges(const Parallel& parallel, const Part& p, int64_t b0, int64_t b1, const F& f) const {
    // A chunk is worth its start only from some hundred thousand multiplications on, or when it has to read
    // half as many weights. A single thread takes as much as stays near it.
    constexpr int64_t kWorth = 1 << 17, kNear = 1 << 13, kRows = 48, kReadRows = 2;
    const int64_t row_blocks = std::max<int64_t>(1, ceil_div(b1 - b0, kRows)),
                  groups = ceil_div(s_.hidden, p.group), rows = ceil_div(b1 - b0, row_blocks);
    int64_t most = rows * p.columns / kNear;
    if (parallel.threads > 1) {
      most = std::max(rows, kReadRows) * p.columns * s_.hidden / kWorth;
      // Equal shares where there are few, so that each thread finds its weights in its own cache in each
      // step.
      if (most > parallel.threads && most < 4 * parallel.threads) most -= most % parallel.threads;
    }
    const int64_t chunks = std::clamp<int64_t>(most, 1, std::max<int64_t>(1, groups));
    parallel.run(row_blocks * chunks, [&](int64_t i) {
      const int64_t block = i % row_blocks, chunk = i / row_blocks;
      f(Range{b0 + (b1 - b0) * block / row_blocks, b0 + (b1 - b0) * (block + 1) / row_blocks,
              groups * chunk / chunks * p.group,
              std::min(s_.hidden, groups * (chunk + 1) / chunks * p.group)});
    });
  }

  // All steps of sequences [b0, b1) in one direction.
  void run_rows(const Launch& l, int64_t d, int64_t b0, int64_t b1, const int32_t* lengths) const {
    float* const product = projected(l, d) + projected_floats();
    float* h = product + round_up(s_.batch * columns_, 16);
    float* h_new = h + state_floats();
    float* const c = h_new + state_floats();
    float* const reset_h = c + state_floats();
    const auto load_state = [&](float* to, bool given, size_t input) {
      for (int64_t b = b0; b < b1; ++b) {
        if (given)
          memcpy(to + b * s_.hidden, l.in<float>(input) + s_.state(d, b),
                 static_cast<size_t>(s_.hidden) * sizeof(float));
        else
          memset(to + b * s_.hidden, 0, static_cast<size_t>(s_.hidden) * sizeof(float));
      }
    };
    const auto store_state = [&](const float* from, size_t output) {
      for (int64_t b = b0; b < b1; ++b)
        memcpy(l.out<float>(output) + s_.state(d, b), from + b * s_.hidden,
               static_cast<size_t>(s_.hidden) * sizeof(float));
    };
    load_state(h, has_.h0, 5);
    if (lstm_) load_state(c, has_.c0, 6);

    for (int64_t step = 0; step < s_.steps; ++step) {
      if (l.parallel->cancel != nullptr && l.parallel->cancel->stop_requested()) return;
      const Step t{
          d,      step, projected(l, d), product, h, reset_h, h_new, c, has_.y ? l.out<float>(0) : nullptr,
          lengths};
      if (parts_ == 1) {
        for_ranges(*l.parallel, part_[0], b0, b1, [&](const Range& r) {
          multiply(t, part_[0], h, r);
          finish(t, cell_, h_new, r, true);
        });
      } else {
        for_ranges(*l.parallel, part_[0], b0, b1, [&](const Range& r) {
          multiply(t, part_[0], h, r);
          finish(t, reset_, reset_h, r, false);
        });
        for_ranges(*l.parallel, part_[1], b0, b1, [&](const Range& r) {
          multiply(t, part_[1], reset_h, r);
          finish(t, cell_, h_new, r, true);
        });
      }
      std::swap(h, h_new);
    }
    if (has_.y_h) store_state(h, 1);
    if (lstm_ && has_.y_c) store_state(c, 2);
  }

  // Whether the weights stay in the L2 cache between steps.
  bool is_near() const { return r_floats() <= 1 << 18; }
  static constexpr int64_t kLeastRows = 2;  // sequences that are worth a thread of their own

  Shape s_{};
  int64_t lanes_ = 1, columns_ = 0;
  Gemm gemm_;
  // One, or where a reset comes before a product those before and behind it.
  std::array<Part, 2> part_;
  size_t parts_ = 0;
  const char* op_ = "";
  bool lstm_ = false, reset_after_ = false, reverse_ = false;
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
