// Strings, which are UTF-8.
//
//   StringConcat      in X, Y, which broadcast; out their concatenations, at most 64 MiB in all
//   StringSplit       in X; attr delimiter string, default runs of white space; attr maxsplit int, default no
//   limit
//                     out Y: one more dimension, as long as the most pieces there are, filled up with ""; Z
//                     int64: how many pieces. Between white space there are no empty pieces; between
//                     delimiters there are.
//   StringNormalizer  in X [C] or [1, C]; attrs stopwords strings, is_case_sensitive int, default 0,
//   case_change_action "NONE"
//                     (default), "LOWER", "UPPER"; drops the stop words, then changes case letter by letter;
//                     when nothing is left, one empty string. attr locale is not needed: letters are
//                     Unicode's.
//   RegexFullMatch    in X; attr pattern; out bool, whether the pattern matches a whole string. The syntax is
//   what ECMAScript
//                     and RE2 have in common; without back-references, so that matching takes polynomial
//                     time.

#include <clocale>
#include <cwctype>
#include <regex>

#include "core/ops/strided.h"
#include "core/ops/utf8.h"

namespace lite::ops {
namespace {

Status infer_concat(const InferArgs& a) {
  LITE_ASSIGN(a.out[0], broadcast(a.in));
  a.out[0].dtype = DType::kString;
  return ok();
}

Status concat(const EvalArgs& a) {
  const Tensor &x = a.input(0), &y = a.input(1);
  LITE_ASSIGN(const Dims dims, broadcast(x.dims(), y.dims()));
  LITE_ASSIGN(Tensor* const z, a.output(0, DType::kString, dims));
  const StridedLoop<3> loop(
      dims, {row_major_strides(dims), broadcast_strides(x.dims(), dims), broadcast_strides(y.dims(), dims)});
  // A loop may double its strings with each iteration.
  constexpr size_t kMost = size_t{64} << 20;
  size_t bytes = 0;
  loop.for_rows([&](const auto& offset, int64_t n, const auto& step) {
    for (int64_t i = 0; i < n; ++i)
      bytes += x.strings()[static_cast<size_t>(offset[1] + i * step[1])].size() +
               y.strings()[static_cast<size_t>(offset[2] + i * step[2])].size();
  });
  if (bytes > kMost)
    return fail(Code::kLimitExceeded, "StringConcat: the strings have ", bytes, " bytes; the limit is ",
                kMost);
  loop.for_rows([&](const auto& offset, int64_t n, const auto& step) {
    for (int64_t i = 0; i < n; ++i)
      z->mutable_data<std::string>()[offset[0] + i] =
          x.data<std::string>()[offset[1] + i * step[1]] + y.data<std::string>()[offset[2] + i * step[2]];
  });
  return ok();
}

constexpr std::string_view kSpace = " \t\n\v\f\r";

std::vector<std::string> pieces_of(std::string_view s, std::string_view delimiter, int64_t most_splits) {
  std::vector<std::string> out;
  if (delimiter.empty()) {
    while (true) {
      const size_t begin = s.find_first_not_of(kSpace);
      if (begin == std::string_view::npos) return out;
      s.remove_prefix(begin);
      const size_t end = s.find_first_of(kSpace);
      if (end == std::string_view::npos || static_cast<int64_t>(out.size()) == most_splits) {
        out.emplace_back(s);
        return out;
      }
      out.emplace_back(s.substr(0, end));
      s.remove_prefix(end);
    }
  }
  if (s.empty()) return out;
  while (static_cast<int64_t>(out.size()) != most_splits) {
    const size_t end = s.find(delimiter);
    if (end == std::string_view::npos) break;
    out.emplace_back(s.substr(0, end));
    s.remove_prefix(end + delimiter.size());
  }
  out.emplace_back(s);
  return out;
}

Status infer_split(const InferArgs& a) {
  a.out[0] = a.in[0];
  a.out[0].dtype = DType::kString;
  if (a.in[0].has_rank) a.out[0].dims.push_back(kUnknownDim);
  if (a.out.size() > 1) {
    a.out[1] = a.in[0];
    a.out[1].dtype = DType::kI64;
  }
  if (a.attrs.has("maxsplit") && a.attrs.i64("maxsplit") < 0)
    return invalid_model("StringSplit: maxsplit is ", a.attrs.i64("maxsplit"), ", wanted 0 or more");
  return ok();
}

Status split(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const int64_t most = a.attrs.has("maxsplit") ? a.attrs.i64("maxsplit") : -1;
  std::vector<std::vector<std::string>> pieces;
  size_t longest = 0;
  for (const std::string& s : x.strings()) {
    pieces.push_back(pieces_of(s, a.attrs.str("delimiter"), most));
    longest = std::max(longest, pieces.back().size());
  }
  Dims dims = x.dims();
  dims.push_back(static_cast<int64_t>(longest));
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kString, dims));
  if (a.wants(1)) {
    LITE_ASSIGN(Tensor* const z, a.output(1, DType::kI64, x.dims()));
    for (size_t i = 0; i < pieces.size(); ++i)
      z->mutable_data<int64_t>()[i] = static_cast<int64_t>(pieces[i].size());
  }
  auto* to = y->mutable_data<std::string>();
  for (auto& p : pieces) {
    p.resize(longest);
    to = std::move(p.begin(), p.end(), to);
  }
  return ok();
}

// ---- case

enum class Case { kNone, kLower, kUpper };

Result<Case> case_of(const AttrReader& r) {
  const std::string_view s = r.str("case_change_action", "NONE");
  if (s == "NONE") return Case::kNone;
  if (s == "LOWER") return Case::kLower;
  if (s == "UPPER") return Case::kUpper;
  return invalid_model("StringNormalizer: case_change_action is '", s,
                       "', wanted 'NONE', 'LOWER' or 'UPPER'");
}

// Letter by letter, by the C library's Unicode tables whatever the process's locale is.
class CaseChanger {
 public:
  CaseChanger() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {}
  CaseChanger(const CaseChanger&) = delete;
  CaseChanger& operator=(const CaseChanger&) = delete;
  ~CaseChanger() {
    if (locale_ != nullptr) freelocale(locale_);
  }
  std::string change(const std::string& s, Case how) const {
    if (how == Case::kNone) return s;
    std::u32string text = from_utf8(s);
    for (char32_t& c : text) c = letter(c, how);
    return to_utf8(text);
  }

 private:
  char32_t letter(char32_t c, Case how) const {
    if (c < 0x80) {
      if (how == Case::kLower) return c >= 'A' && c <= 'Z' ? c + 32 : c;
      return c >= 'a' && c <= 'z' ? c - 32 : c;
    }
    if (locale_ == nullptr) return c;
    const auto w = static_cast<wint_t>(c);
    return static_cast<char32_t>(how == Case::kLower ? towlower_l(w, locale_) : towupper_l(w, locale_));
  }
  locale_t locale_;
};

Status infer_normalizer(const InferArgs& a) {
  LITE_TRY(case_of(a.attrs).status());
  a.out[0] = Fact(DType::kString);
  const Fact& x = a.in[0];
  if (!x.has_rank) return ok();
  if (x.rank() == 0 || x.rank() > 2 || (x.rank() == 2 && x.dims[0] >= 0 && x.dims[0] != 1))
    return invalid_model("StringNormalizer: X has shape ", x.dims, ", wanted [C] or [1,C]");
  a.out[0] = unknown_dims(DType::kString, x.rank());
  if (x.rank() == 2) a.out[0].dims[0] = 1;
  return ok();
}

Status normalizer(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  if (x.rank() == 0 || x.rank() > 2 || (x.rank() == 2 && x.dims()[0] != 1))
    return invalid_argument("StringNormalizer: X has shape ", x.dims(), ", wanted [C] or [1,C]");
  LITE_ASSIGN(const Case how, case_of(a.attrs));
  const CaseChanger changer;
  // Words are compared as they are, or all in one case.
  const Case compare = a.attrs.i64("is_case_sensitive") != 0 ? Case::kNone : Case::kLower;
  std::vector<std::string> stop, kept;
  for (const std::string& s : a.attrs.strs("stopwords")) stop.push_back(changer.change(s, compare));
  for (const std::string& s : x.strings())
    if (std::find(stop.begin(), stop.end(), changer.change(s, compare)) == stop.end())
      kept.push_back(changer.change(s, how));
  if (kept.empty()) kept.emplace_back();
  Dims dims{static_cast<int64_t>(kept.size())};
  if (x.rank() == 2) dims.insert(0, 1);
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kString, dims));
  std::move(kept.begin(), kept.end(), y->mutable_data<std::string>());
  return ok();
}

// ---- regular expressions

static_assert(sizeof(wchar_t) == sizeof(char32_t), "code points are matched as wchar_t");

std::wstring wide(std::string_view s) {
  const std::u32string text = from_utf8(s);
  return {text.begin(), text.end()};
}

Result<std::wregex> pattern_of(const AttrReader& r) {
  const std::string_view pattern = r.str("pattern");
  constexpr size_t kLongest = 4096;  // compiling recurses
  if (pattern.size() > kLongest)
    return unsupported("RegexFullMatch: the pattern has ", pattern.size(), " bytes, at most ", kLongest,
                       " are supported");
  auto flags = std::regex_constants::ECMAScript;
#ifdef __GLIBCXX__
  flags |= std::regex_constants::__polynomial;
#endif
  try {
    return std::wregex(wide(pattern), flags);
  } catch (const std::regex_error& e) {
    return unsupported("RegexFullMatch: pattern '", pattern, "': ", e.what());
  }
}

Status infer_regex(const InferArgs& a) {
  LITE_TRY(pattern_of(a.attrs).status());
  a.out[0] = a.in[0];
  a.out[0].dtype = DType::kBool;
  return ok();
}

Status regex(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const std::wregex pattern, pattern_of(a.attrs));
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kBool, x.dims()));
  try {
    for (int64_t i = 0; i < x.elements(); ++i)
      y->mutable_data<bool>()[i] = std::regex_match(wide(x.strings()[static_cast<size_t>(i)]), pattern);
  } catch (const std::regex_error& e) {
    return unsupported("RegexFullMatch: pattern '", a.attrs.str("pattern"), "': ", e.what());
  }
  return ok();
}

constexpr OperandSpec kConcatIn[] = {{"X", types::kString, 'T'}, {"Y", types::kString, 'T'}};
constexpr OperandSpec kStringIn[] = {{"X", types::kString}};
constexpr OperandSpec kStringOut[] = {{"Y", types::kString}};
constexpr OperandSpec kSplitOut[] = {{"Y", types::kString}, {"Z", DType::kI64}};
constexpr OperandSpec kBoolOut[] = {{"Y", types::kBool}};
constexpr AttrSpec kSplitAttrs[] = {{"delimiter", AttrType::kString}, {"maxsplit", AttrType::kInt}};
constexpr AttrSpec kNormalizerAttrs[] = {{"case_change_action", AttrType::kString},
                                         {"is_case_sensitive", AttrType::kInt},
                                         {"locale", AttrType::kString},
                                         {"stopwords", AttrType::kStrings}};
constexpr AttrSpec kRegexAttrs[] = {{"pattern", AttrType::kString}};

constexpr OpDef kOps[] = {
    {.name = "StringConcat",
     .since = 20,
     .inputs = kConcatIn,
     .outputs = kStringOut,
     .traits = kElementwise,
     .infer = infer_concat,
     .reference = concat},
    {.name = "StringSplit",
     .since = 20,
     .inputs = kStringIn,
     .outputs = kSplitOut,
     .attrs = kSplitAttrs,
     .traits = kDataDependentShape,
     .infer = infer_split,
     .reference = split},
    {.name = "StringNormalizer",
     .since = 10,
     .inputs = kStringIn,
     .outputs = kStringOut,
     .attrs = kNormalizerAttrs,
     .traits = kDataDependentShape,
     .infer = infer_normalizer,
     .reference = normalizer},
    {.name = "RegexFullMatch",
     .since = 20,
     .inputs = kStringIn,
     .outputs = kBoolOut,
     .attrs = kRegexAttrs,
     .traits = kElementwise,
     .infer = infer_regex,
     .reference = regex},
};

}  // namespace

extern constinit const OpTable string_ops;
constinit const OpTable string_ops{kOps};

}  // namespace lite::ops
