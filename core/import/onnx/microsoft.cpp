#include "core/import/onnx/microsoft.h"

#include <algorithm>

namespace lite::onnx {
namespace {

// Calls f with each word of a list separated by spaces, until it fails.
template <class F>
Status each_word(std::string_view list, F&& f) {
  while (!list.empty()) {
    const size_t end = std::min(list.find(' '), list.size());
    LITE_TRY(f(list.substr(0, end)));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return ok();
}

bool has_word(std::string_view list, std::string_view word) {
  const size_t at = (' ' + std::string(list) + ' ').find(' ' + std::string(word) + ' ');
  return at != std::string::npos;
}

Status check(const Draft& d, const Translation& t) {
  size_t i = 0;
  bool repeats = false;
  LITE_TRY(each_word(t.inputs, [&](std::string_view name) -> Status {
    repeats = name.back() == '*';
    if (name.back() != '?' && !d.has(i)) return invalid_model("input ", i, " (", name, ") is left out");
    ++i;
    return ok();
  }));
  for (; i < d.node.in.size() && !repeats; ++i)
    if (d.has(i)) return unsupported("input ", i, " is not known here");
  for (const Attr& a : d.node.attrs)
    if (!has_word(t.attrs, a.name)) return unsupported("attribute '", a.name, "' is not known here");
  if (!d.wants(0)) return unsupported("its first output is left out");
  return ok();
}

}  // namespace

ValueId Emitter::operator()(const char* op, std::vector<ValueId> in, const Draft::Attrs& attrs) {
  if (!status_.is_ok()) return kNoValue;
  Result<ValueId> r = d_.emit(op, std::move(in), attrs);
  if (r.is_ok()) return r.value();
  status_ = std::move(r).take_error();
  return kNoValue;
}

std::vector<ValueId> Emitter::many(const char* op, std::vector<ValueId> in, size_t outputs,
                                   const Draft::Attrs& attrs) {
  if (status_.is_ok()) {
    Result<std::vector<ValueId>> r = d_.emit_many(op, std::move(in), outputs, attrs);
    if (r.is_ok()) return std::move(r).value();
    status_ = std::move(r).take_error();
  }
  return std::vector<ValueId>(outputs, kNoValue);
}

ValueId Emitter::scalar(DType dtype, double v) {
  if (!status_.is_ok()) return kNoValue;
  Result<ValueId> r = d_.scalar(dtype, v);
  if (r.is_ok()) return r.value();
  status_ = std::move(r).take_error();
  return kNoValue;
}

void Emitter::output(size_t i, const char* op, std::vector<ValueId> in, const Draft::Attrs& attrs) {
  d_.done = true;
  if (status_.is_ok()) status_ = d_.emit_to(d_.node.out[i], op, std::move(in), attrs);
}

Status rename(Draft& d, const char* op) {
  d.domain.clear();
  d.op_type = op;
  return ok();
}

Draft::Attrs attrs_without(const Draft& d, std::initializer_list<std::string_view> names) {
  Draft::Attrs list;
  for (const Attr& a : d.node.attrs)
    if (std::find(names.begin(), names.end(), a.name) == names.end())
      list.emplace_back(a.name.c_str(), a.data);
  return list;
}

void each_translation(const std::function<void(const Translation&)>& f) {
  for (const std::span<const Translation> list :
       {microsoft_plain(), microsoft_fused(), microsoft_normalization(), microsoft_attention(),
        microsoft_quantized(), microsoft_packed()})
    for (const Translation& t : list) f(t);
}

Status adapt_microsoft(Draft& d) {
  const Translation* found = nullptr;
  each_translation([&](const Translation& t) {
    if (d.op_type == t.op) found = &t;
  });
  if (found == nullptr) return ok();
  LITE_TRY(check(d, *found));
  return found->apply(d);
}

}  // namespace lite::onnx
