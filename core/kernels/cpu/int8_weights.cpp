#include "core/kernels/cpu/int8_weights.h"

#include <algorithm>
#include <string>

#include "core/kernels/cpu/int8_quads.h"
#include "core/kernels/cpu/simd.h"

namespace lite::simd {

void Int8Weights::plan_product(const Int8Kernels& kernels, int64_t columns, int64_t row_bytes, bool fits,
                               bool in_order, const Put& put) {
  vector_lanes_ = kernels.lanes;
  columns_ = columns;
  plain_quads_ = row_bytes / 4;
  in_order_ = in_order;
  orders_ = !kernels.adds_four;
  std::vector<int8_t> plain;
  std::vector<int32_t> sums(static_cast<size_t>(columns));
  for (int64_t first = 0; first < columns;) {
    const int64_t left = ceil_div(columns - first, vector_lanes_), vectors = left >= 4   ? 4
                                                                             : left >= 2 ? 2
                                                                                         : 1;
    Group g{first, std::min(vectors * vector_lanes_, columns - first), vectors, lanes_, weight_bytes_};
    g.quads = plain_quads_;
    if (orders_) {
      g.quad = quads_;
      if (!fits) {
        plain.resize(static_cast<size_t>(plain_quads_ * quad_bytes(g)));
        put(g, plain.data(), sums.data());
        g.quads = count_quads({plain.data(), plain_quads_, quad_bytes(g)});
      }
      quads_ += static_cast<size_t>(g.quads);
    }
    groups_.push_back(g);
    first += g.columns;
    lanes_ += static_cast<size_t>(vectors * vector_lanes_);
    weight_bytes_ += static_cast<size_t>(g.quads * quad_bytes(g));
  }
}

void Int8Weights::plan_blocks(const Int8Kernels& kernels, int64_t columns, int64_t channels,
                              int64_t row_bytes) {
  vector_lanes_ = kernels.lanes;
  columns_ = columns;
  plain_quads_ = row_bytes / 4;
  const int64_t width = 4 * vector_lanes_;
  for (int64_t b = 0; b * width < channels; ++b) {
    const int64_t first = std::max<int64_t>(0, std::min(b * width, channels - width));
    groups_.push_back({first, std::min(width, channels), 4, lanes_, weight_bytes_});
    lanes_ += static_cast<size_t>(width);
    weight_bytes_ += static_cast<size_t>(row_bytes * width);
  }
}

Status Int8Weights::pack(const char* op, const Tensor& w, std::string_view how, PackCache& packs,
                         const Put& put, const Place& place) {
  constexpr size_t kCounts = sizeof(QuadSums) / sizeof(int32_t);
  const size_t numbers = static_cast<size_t>(columns_) + (orders_ ? kCounts * groups_.size() + quads_ : 0),
               bytes = weight_bytes_ + numbers * sizeof(int32_t);
  const std::string key =
      cat("int8:", vector_lanes_, orders_ ? ":quad_sums" : "", in_order_ ? ":in_order" : "", how);
  LITE_ASSIGN(packed_, packs.get(w, key, bytes, [&](void* to, const void*) -> Status {
    auto* const packed = static_cast<int8_t*>(to);
    auto* const sums = reinterpret_cast<int32_t*>(packed + weight_bytes_);
    auto* const counts = reinterpret_cast<QuadSums*>(sums + columns_);
    auto* const order = reinterpret_cast<int32_t*>(counts + groups_.size());
    std::vector<int8_t> plain;
    for (const Group& g : groups_) {
      if (!orders_) {
        put(g, packed + g.weight, sums);
        continue;
      }
      plain.resize(static_cast<size_t>(plain_quads_ * quad_bytes(g)));
      put(g, plain.data(), sums);
      counts[&g - groups_.data()] =
          order_quads({plain.data(), plain_quads_, quad_bytes(g)}, packed + g.weight, order + g.quad);
    }
    return ok();
  }));
  return orders_ ? place_quads(op, place) : ok();
}

Status Int8Weights::place_quads(const char* op, const Place& place) {
  const auto* const counts = reinterpret_cast<const QuadSums*>(sums() + columns_);
  const auto* const order = reinterpret_cast<const int32_t*>(counts + groups_.size());
  places_.resize(quads_);
  for (size_t i = 0; i < quads_; ++i) {
    if (order[i] < 0 || order[i] >= plain_quads_)
      return invalid_model(op, ": packed weights are of quad ", order[i], " of ", plain_quads_);
    const int64_t at = place(order[i]);
    if (at > INT32_MAX) return unsupported(op, ": a window of ", at, " bytes");
    places_[i] = static_cast<int32_t>(at);
  }
  for (Group& g : groups_) {
    g.sums = counts[&g - groups_.data()];
    int64_t added = 0;
    for (size_t s = 0; s < g.sums.size(); ++s) {
      const int64_t of = kMostQuads - static_cast<int64_t>(s);
      added += of * g.sums[s];
      if (g.sums[s] < 0 || added > g.quads)
        return invalid_model(op, ": packed weights have ", g.sums[s], " sums of ", of, " of ", g.quads,
                             " quads");
    }
  }
  return ok();
}

int64_t row_blocks(int64_t rows, int64_t task_rows, int64_t groups, int64_t threads) {
  constexpr int64_t kFewRows = 12;  // of a block, where there are few tasks
  // As few blocks as there can be, for each reads the weights again; more where threads would be idle.
  const int64_t wanted = threads > 1 ? ceil_div(4 * threads, groups) : 1,
                blocks = std::max(ceil_div(rows, task_rows), std::min(wanted, ceil_div(rows, kFewRows)));
  // Equal shares, of the same rows in the product before and in the next one.
  return blocks > 1 && rows >= blocks * threads ? round_up(blocks, threads) : blocks;
}

void flip_top_bits(const uint8_t* from, uint8_t* to, int64_t n) {
  LITE_VECTORIZE
  for (int64_t i = 0; i < n; ++i) to[i] = from[i] ^ 0x80;
}

}  // namespace lite::simd
