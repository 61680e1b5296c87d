// Einsum: sums of products over named dimensions.
//
//   in  Inputs...      one or more, numeric, one type
//   out Output         that type
//   attr equation      "ij,jk->ik": one term an input, letters name dimensions (upper and lower case differ),
//   "..." stands for
//                      the dimensions left over, which broadcast. Without "->" the output has "..." and then
//                      every letter that occurs once, in alphabetical order. Blanks mean nothing.
//
// Dimensions of one name are equal, or 1, which stretches. Floats are added in double, integers in 64 bits
// that wrap.

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

// Labels are letters, and kEllipsis + i for the i-th of the broadcast dimensions.
constexpr int kEllipsis = 1000;
using Term = std::vector<int>;

struct Equation {
  std::vector<Term> in;  // kEllipsis once for all of them, as written
  Term out;
};

Result<Term> parse_term(std::string_view text) {
  Term t;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ') continue;
    if (c == '.' && text.substr(i, 3) == "..." && std::find(t.begin(), t.end(), kEllipsis) == t.end()) {
      t.push_back(kEllipsis);
      i += 2;
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      t.push_back(c);
    } else {
      return invalid_model("Einsum: unexpected '", c, "' in the term '", text, "'");
    }
  }
  return t;
}

Result<Equation> parse(std::string_view text) {
  Equation e;
  const size_t arrow = text.find("->");
  std::string_view left = text.substr(0, arrow);
  while (true) {
    const size_t comma = left.find(',');
    LITE_ASSIGN(Term t, parse_term(left.substr(0, comma)));
    e.in.push_back(std::move(t));
    if (comma == std::string_view::npos) break;
    left.remove_prefix(comma + 1);
  }
  if (arrow != std::string_view::npos) {
    LITE_ASSIGN(e.out, parse_term(text.substr(arrow + 2)));
    for (size_t i = 0; i < e.out.size(); ++i)
      if (std::find(e.out.begin(), e.out.begin() + static_cast<std::ptrdiff_t>(i), e.out[i]) !=
          e.out.begin() + static_cast<std::ptrdiff_t>(i))
        return invalid_model("Einsum: a label occurs twice in the output of '", text, "'");
    return e;
  }
  Term all;
  for (const Term& t : e.in) all.insert(all.end(), t.begin(), t.end());
  std::sort(all.begin(), all.end());
  if (!all.empty() && all.back() == kEllipsis) e.out.push_back(kEllipsis);
  for (const int label : all)
    if (label != kEllipsis && std::count(all.begin(), all.end(), label) == 1) e.out.push_back(label);
  return e;
}

// The equation with every dimension named, and the sizes by name.
struct Plan {
  std::vector<Term> in;
  Term out, summed;
  std::vector<std::pair<int, int64_t>> sizes;

  int64_t* size_of(int label) {
    const auto it = std::find_if(sizes.begin(), sizes.end(), [&](const auto& s) { return s.first == label; });
    return it == sizes.end() ? nullptr : &it->second;
  }
};

Result<Plan> plan_of(const AttrReader& r, std::span<const Dims> shapes) {
  const std::string_view text = r.str("equation");
  LITE_ASSIGN(const Equation e, parse(text));
  if (e.in.size() != shapes.size())
    return invalid_model("Einsum: '", text, "' has ", e.in.size(), " terms, the node ", shapes.size(),
                         " inputs");
  Plan p;
  size_t widest = 0;
  for (size_t i = 0; i < shapes.size(); ++i) {
    const bool dots = std::count(e.in[i].begin(), e.in[i].end(), kEllipsis) != 0;
    const size_t named = e.in[i].size() - (dots ? 1 : 0);
    if (dots ? shapes[i].size() < named : shapes[i].size() != named)
      return invalid_model("Einsum: input ", i, " of shape ", shapes[i], " does not fit its term in '", text,
                           "'");
    if (dots) widest = std::max(widest, shapes[i].size() - named);
  }
  const auto spell = [&](const Term& t, size_t count) {
    Term out;
    for (const int label : t) {
      if (label != kEllipsis) out.push_back(label);
      for (size_t k = widest - count; label == kEllipsis && k < widest; ++k)
        out.push_back(kEllipsis + static_cast<int>(k));
    }
    return out;
  };
  for (size_t i = 0; i < shapes.size(); ++i) {
    const bool dots = std::count(e.in[i].begin(), e.in[i].end(), kEllipsis) != 0;
    p.in.push_back(spell(e.in[i], dots ? shapes[i].size() - (e.in[i].size() - 1) : 0));
    for (size_t d = 0; d < shapes[i].size(); ++d) {
      const int64_t size = shapes[i][d];
      int64_t* known = p.size_of(p.in[i][d]);
      if (known == nullptr) {
        p.sizes.emplace_back(p.in[i][d], size);
      } else if (*known == 1 || (*known < 0 && size > 1)) {
        *known = size;
      } else if (size >= 0 && size != 1 && *known >= 0 && *known != size) {
        return invalid_model("Einsum: dimensions of ", *known, " and ", size, " have one name in '", text,
                             "'");
      }
    }
  }
  p.out = spell(e.out, widest);
  for (const int label : p.out)
    if (p.size_of(label) == nullptr)
      return invalid_model("Einsum: the output of '", text, "' has a label that no input has");
  for (const auto& [label, size] : p.sizes)
    if (std::find(p.out.begin(), p.out.end(), label) == p.out.end()) p.summed.push_back(label);
  return p;
}

Status infer(const InferArgs& a) {
  if (a.num_in() == 0) return invalid_model("Einsum: has no inputs, one or more wanted");
  a.out[0] = Fact(a.in[0].dtype);
  std::vector<Dims> shapes;
  for (const Fact& f : a.in) {
    if (!f.has_rank) return parse(a.attrs.str("equation")).status();
    shapes.push_back(f.dims);
  }
  LITE_ASSIGN(Plan p, plan_of(a.attrs, shapes));
  Dims dims;
  for (const int label : p.out) dims.push_back(*p.size_of(label));
  a.out[0] = Fact(a.in[0].dtype, std::move(dims));
  return ok();
}

Status reference(const EvalArgs& a) {
  std::vector<Dims> shapes;
  for (size_t i = 0; i < a.num_in(); ++i) shapes.push_back(a.input(i).dims());
  LITE_ASSIGN(Plan p, plan_of(a.attrs, shapes));
  const size_t n = a.num_in();

  // All dimensions, those of the output first, and the stride of every input along each.
  Term labels = p.out;
  labels.insert(labels.end(), p.summed.begin(), p.summed.end());
  Dims sizes, out_dims;
  for (const int label : labels) sizes.push_back(*p.size_of(label));
  for (size_t d = 0; d < p.out.size(); ++d) out_dims.push_back(sizes[d]);
  std::vector<Dims> strides(n, Dims(labels.size()));
  for (size_t i = 0; i < n; ++i) {
    const Dims own = row_major_strides(shapes[i]);
    for (size_t d = 0; d < shapes[i].size(); ++d) {
      const auto at =
          static_cast<size_t>(std::find(labels.begin(), labels.end(), p.in[i][d]) - labels.begin());
      if (shapes[i][d] != 1) strides[i][at] += own[d];
    }
  }
  LITE_ASSIGN(Tensor* const y, a.output(0, a.input(0).dtype(), out_dims));
  const auto counted = checked_elements(std::span(sizes.data() + p.out.size(), p.summed.size()));
  if (!counted) return unsupported("Einsum: the sums of '", a.attrs.str("equation"), "' have too many terms");
  const int64_t terms = *counted;

  return dispatch_numeric("Einsum", y->dtype(), [&]<class T>() -> Status {
    using S = std::conditional_t<std::is_floating_point_v<Compute<T>>, double, uint64_t>;
    Dims index(labels.size());
    std::vector<const T*> at(n);
    for (size_t i = 0; i < n; ++i) at[i] = a.input(i).data<T>();
    // Steps through the dimensions [from, to), last fastest; after all of them it is at the beginning again.
    const auto advance = [&](size_t from, size_t to) {
      for (size_t d = to; d-- > from;) {
        for (size_t i = 0; i < n; ++i) at[i] += strides[i][d];
        if (++index[d] < sizes[d]) return;
        for (size_t i = 0; i < n; ++i) at[i] -= strides[i][d] * sizes[d];
        index[d] = 0;
      }
    };
    for (int64_t o = 0; o < y->elements(); ++o) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      S sum = 0;
      for (int64_t t = 0; t < terms; ++t) {
        S product = 1;
        for (size_t i = 0; i < n; ++i) product *= static_cast<S>(load(*at[i]));
        sum += product;
        advance(p.out.size(), labels.size());
      }
      y->mutable_data<T>()[o] = store<T>(static_cast<Compute<T>>(sum));
      advance(0, p.out.size());
    }
    return ok();
  });
}

constexpr OperandSpec kIn[] = {{"Inputs", types::kNumeric, 'T', OperandSpec::kVariadic}};
constexpr OperandSpec kOut[] = {{"Output", types::kNumeric, 'T'}};
constexpr AttrSpec kAttrs[] = {{"equation", AttrType::kString, true}};

constexpr OpDef kOps[] = {{
    .name = "Einsum",
    .since = 28,
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .exactness = Exactness::kAccumulating,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable einsum;
constinit const OpTable einsum{kOps};

}  // namespace lite::ops
