// TfIdfVectorizer: how often n-grams of a pool occur in a sequence.
//
//   in  X   [C] or [N, C], int32, int64 or strings
//   out Y   float32 [max(ngram_indexes) + 1], or [N, that]
//
//   attr pool_int64s or pool_strings   the n-grams, one after the other, first those of 1, then of 2, ...
//   attr ngram_counts                  where in the pool those of 1, 2, ... begin
//   attr ngram_indexes                 the place in Y of each n-gram
//   attr min_gram_length, max_gram_length, max_skip_count
//                                      the items of an n-gram stand 1 to max_skip_count + 1 apart, all
//                                      equally
//   attr mode                          "TF" counts, "IDF" min(count, 1) times weight, "TFIDF" count times
//   weight attr weights                       default 1

#include <map>

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

enum class Mode { kTf, kIdf, kTfIdf };

struct Pool {
  Mode mode = Mode::kTf;
  int64_t shortest = 1, longest = 1, most_skipped = 0, width = 0;
  // One n-gram as numbers: the item itself, or the rank of a string among those of the pool.
  std::map<std::vector<int64_t>, size_t> grams;
  std::map<std::string, int64_t, std::less<>> words;
  std::vector<int64_t> places;
  std::span<const float> weights;

  static Result<Pool> read(const AttrReader& r) {
    Pool p;
    const std::string_view mode = r.str("mode");
    if (mode != "TF" && mode != "IDF" && mode != "TFIDF")
      return invalid_model("TfIdfVectorizer: mode is '", mode, "', wanted 'TF', 'IDF' or 'TFIDF'");
    p.mode = mode == "TF" ? Mode::kTf : mode == "IDF" ? Mode::kIdf : Mode::kTfIdf;
    p.shortest = r.i64("min_gram_length");
    p.longest = r.i64("max_gram_length");
    p.most_skipped = r.i64("max_skip_count");
    if (p.shortest < 1 || p.longest < p.shortest || p.most_skipped < 0)
      return invalid_model("TfIdfVectorizer: n-grams of ", p.shortest, " to ", p.longest, " with ",
                           p.most_skipped, " skipped");
    std::vector<int64_t> items(r.ints("pool_int64s").begin(), r.ints("pool_int64s").end());
    if (r.has("pool_strings") == r.has("pool_int64s"))
      return invalid_model("TfIdfVectorizer: one of pool_int64s and pool_strings is wanted");
    for (const std::string& s : r.strs("pool_strings"))
      items.push_back(p.words.try_emplace(s, static_cast<int64_t>(p.words.size())).first->second);
    p.places.assign(r.ints("ngram_indexes").begin(), r.ints("ngram_indexes").end());
    p.weights = r.floats("weights");
    for (const int64_t place : p.places) {
      if (place < 0 || place >= int64_t{1} << 31)
        return invalid_model("TfIdfVectorizer: ngram_indexes holds ", place);
      p.width = std::max(p.width, place + 1);
    }
    const auto counts = r.ints("ngram_counts");
    size_t gram = 0;
    for (size_t n = 0; n < counts.size(); ++n) {
      const auto begin = counts[n],
                 end = n + 1 < counts.size() ? counts[n + 1] : static_cast<int64_t>(items.size());
      const auto length = static_cast<int64_t>(n) + 1;
      if (begin < 0 || end < begin || end > static_cast<int64_t>(items.size()) || (end - begin) % length != 0)
        return invalid_model("TfIdfVectorizer: ngram_counts of ", length, "-grams is ", begin,
                             " of a pool of ", items.size());
      for (int64_t i = begin; i < end; i += length, ++gram) {
        if (length >= p.shortest && length <= p.longest)
          p.grams.emplace(std::vector<int64_t>(items.begin() + i, items.begin() + i + length), gram);
      }
    }
    if (gram != p.places.size() || (!p.weights.empty() && p.weights.size() != gram))
      return invalid_model("TfIdfVectorizer: ", gram, " n-grams, ", p.places.size(), " ngram_indexes, ",
                           p.weights.size(), " weights");
    return p;
  }

  // The items of X as numbers; -1 with an unknown string, which is in no n-gram.
  std::vector<int64_t> numbers(const Tensor& x, int64_t begin, int64_t n) const {
    std::vector<int64_t> out;
    for (int64_t i = begin; i < begin + n; ++i) {
      if (x.dtype() != DType::kString) {
        out.push_back(x.int_at(i));
      } else {
        const auto it = words.find(x.strings()[static_cast<size_t>(i)]);
        out.push_back(it == words.end() ? -1 : it->second);
      }
    }
    return out;
  }
};

Status infer(const InferArgs& a) {
  LITE_ASSIGN(const Pool p, Pool::read(a.attrs));
  const Fact& x = a.in[0];
  a.out[0] = Fact(DType::kF32);
  if (x.dtype != DType::kUndefined && (x.dtype == DType::kString) != a.attrs.has("pool_strings"))
    return invalid_model("TfIdfVectorizer: X is ", dtype_name(x.dtype), ", the pool is not");
  if (!x.has_rank) return ok();
  if (x.rank() != 1 && x.rank() != 2)
    return invalid_model("TfIdfVectorizer: X has rank ", x.rank(), ", wanted 1 or 2");
  a.out[0] = Fact(DType::kF32, x.dims);
  a.out[0].dims.back() = p.width;
  return ok();
}

Status reference(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Dims dims, output_dims(a, infer));
  LITE_ASSIGN(const Pool p, Pool::read(a.attrs));
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kF32, dims));
  const int64_t columns = x.dims().back(), rows = x.rank() == 2 ? x.dims()[0] : 1;
  std::vector<int64_t> counts(p.places.size()), key;
  for (int64_t r = 0; r < rows; ++r) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    const std::vector<int64_t> row = p.numbers(x, r * columns, columns);
    std::fill(counts.begin(), counts.end(), 0);
    const int64_t longest = std::min(p.longest, columns);
    for (int64_t n = p.shortest; n <= longest; ++n) {
      // Single items stand nowhere apart.
      for (int64_t apart = 1; apart <= (n == 1 ? 1 : std::min(p.most_skipped, columns) + 1); ++apart) {
        for (int64_t begin = 0; begin + (n - 1) * apart < columns; ++begin) {
          key.clear();
          for (int64_t k = 0; k < n; ++k) key.push_back(row[static_cast<size_t>(begin + k * apart)]);
          const auto it = p.grams.find(key);
          if (it != p.grams.end()) ++counts[it->second];
        }
      }
    }
    float* out = y->mutable_data<float>() + r * p.width;
    std::fill_n(out, p.width, 0.0f);
    for (size_t g = 0; g < counts.size(); ++g) {
      const float weight = p.weights.empty() || p.mode == Mode::kTf ? 1.0f : p.weights[g];
      const auto count =
          static_cast<float>(p.mode == Mode::kIdf ? std::min<int64_t>(counts[g], 1) : counts[g]);
      out[p.places[g]] += count * weight;
    }
  }
  return ok();
}

constexpr OperandSpec kIn[] = {{"X", types::kIndex | types::kString}};
constexpr OperandSpec kOut[] = {{"Y", DType::kF32}};
constexpr AttrSpec kAttrs[] = {{"max_gram_length", AttrType::kInt, true},
                               {"max_skip_count", AttrType::kInt, true},
                               {"min_gram_length", AttrType::kInt, true},
                               {"mode", AttrType::kString, true},
                               {"ngram_counts", AttrType::kInts, true},
                               {"ngram_indexes", AttrType::kInts, true},
                               {"pool_int64s", AttrType::kInts},
                               {"pool_strings", AttrType::kStrings},
                               {"weights", AttrType::kFloats}};

constexpr OpDef kOps[] = {{
    .name = "TfIdfVectorizer",
    .since = 9,
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .exactness = Exactness::kUlps,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable tf_idf;
constinit const OpTable tf_idf{kOps};

}  // namespace lite::ops
