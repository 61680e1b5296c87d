#include "core/import/megengine/reader.h"

#include <bit>
#include <cstring>
#include <unordered_map>

#include "core/import/megengine/oprs.h"
#include "core/import/megengine/type_id.h"

namespace lite::mge {
namespace {

static_assert(std::endian::native == std::endian::little,
              "numbers are used as stored, which is little-endian");

constexpr size_t kTestCaseHeader = 12;  // mgbtest0, u32 number of cases
constexpr uint64_t kMaxFlatbuffer = (uint64_t{1} << 31) - 1;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class T>
T number_at(std::span<const std::byte> bytes, size_t at) {
  T v;
  std::memcpy(&v, bytes.data() + at, sizeof(v));
  return v;
}

std::string_view view(const flatbuffers::String* s) {
  return s == nullptr ? std::string_view() : std::string_view(s->c_str(), s->size());
}

template <class T>
std::vector<T> list(const flatbuffers::Vector<T>* v) {
  return v == nullptr ? std::vector<T>() : std::vector<T>(v->begin(), v->end());
}

// A size-prefixed flatbuffer at the start of `bytes`, verified. The verifier counts tables and depth.
template <class Root>
Result<const Root*> verified(std::span<const std::byte> bytes, const char* identifier,
                             const ImportLimits& limits) {
  if (bytes.size() < 4)
    return invalid_model("the graph is cut short: ", bytes.size(), " bytes are left of it");
  const uint64_t size = number_at<uint32_t>(bytes, 0);
  if (size > bytes.size() - 4)
    return invalid_model("the graph has ", size, " bytes, but the file ends after ", bytes.size() - 4);
  if (size >= kMaxFlatbuffer - 4)
    return invalid_model("the graph has ", size, " bytes, less than 2 GiB wanted");
  flatbuffers::Verifier::Options options;
  options.max_depth = 64;
  options.max_tables = static_cast<flatbuffers::uoffset_t>(std::min<size_t>(limits.max_records, UINT32_MAX));
  const auto* const at = reinterpret_cast<const uint8_t*>(bytes.data());
  flatbuffers::Verifier verifier(at, static_cast<size_t>(size) + 4, options);
  if (!verifier.VerifySizePrefixedBuffer<Root>(identifier))
    return invalid_model("the graph is not a valid flatbuffer '", identifier, "', or it has more than ",
                         limits.max_records, " records (limit max_records)");
  return flatbuffers::GetSizePrefixedRoot<Root>(at);
}

// Numbers in a flatbuffer are aligned as far as its start is.
Bytes aligned(const Bytes& bytes) {
  return reinterpret_cast<uintptr_t>(bytes.view.data()) % 8 == 0 ? bytes : copy_bytes(bytes.view);
}

template <class Opr>
Result<std::vector<StoredParam>> params_of(const Opr& o) {
  std::vector<StoredParam> params;
  if (o.param() != nullptr) params.push_back({o.param_type(), o.param()});
  if (o.additional_params() == nullptr || o.additional_params_type() == nullptr) return params;
  for (flatbuffers::uoffset_t i = 0; i < o.additional_params()->size(); ++i)
    params.push_back(
        {o.additional_params_type()->template GetEnum<fb::OperatorParam>(i), o.additional_params()->Get(i)});
  return params;
}

Status check_inputs(const StoredOpr& o, uint32_t made) {
  for (size_t i = 0; i < o.inputs.size(); ++i)
    if (o.inputs[i] >= made)
      return invalid_model("operator ", o.type, " '", o.name, "': input ", i, " is variable ", o.inputs[i],
                           ", but only ", made, " are made before it");
  return ok();
}

Status check_outputs(const StoredModel& m) {
  if (m.outputs.empty()) return invalid_model("the graph has no outputs");
  for (const uint32_t id : m.outputs)
    if (id >= m.num_variables && !m.guessed)
      return invalid_model("an output of the graph is variable ", id, ", but there are ", m.num_variables);
  return ok();
}

Status check_count(size_t oprs, const ImportLimits& limits) {
  if (oprs <= limits.max_nodes) return ok();
  return fail(Code::kLimitExceeded, "the model has ", oprs, " operators, more than ", limits.max_nodes,
              " (limit max_nodes)");
}

std::string hex(uint64_t v) {
  std::string s = "0x";
  for (int shift = 60; shift >= 0; shift -= 4) s += "0123456789abcdef"[v >> shift & 15];
  return s;
}

using Ids = std::unordered_map<uint64_t, const OprRow*>;
Ids ids_of(uint64_t (*id)(std::string_view)) {
  Ids ids;
  for (const OprRow& row : opr_rows()) ids.emplace(id(row.name), &row);
  return ids;
}

// How many variables an operator of the older container makes: it does not say.
Result<uint32_t> count_outputs(const StoredOpr& o, const ImportLimits& limits) {
  size_t n = 0;
  switch (o.row->outputs) {
    case kOnePerTensor:
      n = o.tensors.size();
      break;
    case kOnePerPart:
      n = o.inputs.empty() ? 0 : o.inputs.size() - 1;
      break;
    case kOneOrTwo: {  // TopK gives indices too unless it only looks for the k-th
      const bool one = !o.params.empty() && o.params[0].type == fb::OperatorParam::TopK &&
                       static_cast<const fb::TopK*>(o.params[0].table)->mode() == 0;
      n = one ? 1 : 2;
      break;
    }
    default:
      n = static_cast<size_t>(o.row->outputs);
  }
  if (n > limits.max_records)
    return invalid_model("operator ", o.type, " '", o.name, "' makes ", n, " variables, at most ",
                         limits.max_records, " allowed (limit max_records)");
  return static_cast<uint32_t>(n);
}

Result<StoredModel> read_v1(const Bytes& bytes, bool short_ids, const ImportLimits& limits) {
  // u32 magic, then u64 features unless the ids are short, u32 reserved, u64 bytes of tensors.
  const size_t header = short_ids ? 16 : 24;
  if (bytes.view.size() < header)
    return invalid_model("it has ", bytes.view.size(), " bytes, its header alone ", header);
  if (!short_ids && number_at<uint64_t>(bytes.view, 4) != 0)
    return unsupported("it needs features ", hex(number_at<uint64_t>(bytes.view, 4)),
                       " that no known writer uses");
  const auto data_size = number_at<uint64_t>(bytes.view, header - 8);
  if (data_size > bytes.view.size() - header)
    return invalid_model("it has ", data_size, " bytes of tensors, but ends after ",
                         bytes.view.size() - header);
  StoredModel m;
  m.container = 1;
  m.source = bytes;
  m.tables = aligned({bytes.owner, bytes.view.subspan(header + static_cast<size_t>(data_size))});
  LITE_ASSIGN(const fb::Graph* const g, verified<fb::Graph>(m.tables.view, "mgb1", limits));
  const auto data = bytes.view.subspan(header, static_cast<size_t>(data_size));
  const Ids ids = ids_of(short_ids ? short_type_id : type_id);
  m.megengine_version = g->mgb_version();
  if (g->metadata() != nullptr) {
    m.user_info = view(g->metadata()->user_info());
    m.optimize_options = g->metadata()->optimize_options();
  }
  if (g->oprs() == nullptr) return invalid_model("the graph has no operators");
  LITE_TRY(check_count(g->oprs()->size(), limits));
  size_t used = 0;
  for (const fb::OperatorV1* const fbo : *g->oprs()) {
    StoredOpr o;
    const auto it = ids.find(fbo->type_id());
    o.row = it == ids.end() ? nullptr : it->second;
    o.type = o.row == nullptr ? hex(fbo->type_id()) : std::string(o.row->name);
    o.name = view(fbo->name());
    o.inputs = list(fbo->inputs());
    o.output_type = fbo->output_dtype();
    if (fbo->output_name() != nullptr)
      for (const flatbuffers::String* const s : *fbo->output_name()) o.output_names.push_back(view(s));
    LITE_ASSIGN(o.params, params_of(*fbo));
    if (fbo->tensors() != nullptr)
      for (const fb::TensorV1* const t : *fbo->tensors()) {
        StoredTensor s{view(t->name()), list(t->shape()), t->dtype(), {}};
        const size_t size = t->data_size(), skip = t->offset();
        if (size > data.size() - used)
          return invalid_model("operator ", o.type, " '", o.name, "': a tensor has ", size,
                               " bytes, but only ", data.size() - used, " of the ", data.size(),
                               " bytes of tensors are left");
        if (skip > size)
          return invalid_model("operator ", o.type, " '", o.name, "': a tensor of ", size,
                               " bytes begins at byte ", skip);
        s.data = data.subspan(used + skip, size - skip);
        used += size;
        o.tensors.push_back(std::move(s));
      }
    if (!m.guessed) LITE_TRY(check_inputs(o, m.num_variables));
    uint32_t count = static_cast<uint32_t>(std::max<size_t>(o.output_names.size(), 1));
    if (o.row != nullptr) {
      LITE_ASSIGN(count, count_outputs(o, limits));
    } else if (o.output_names.empty()) {
      m.guessed = true;
    }
    if (count > limits.max_records - std::min<size_t>(limits.max_records, m.num_variables))
      return invalid_model("the graph has more than ", limits.max_records, " variables (limit max_records)");
    for (uint32_t i = 0; i < count; ++i) o.outputs.push_back(m.num_variables++);
    m.oprs.push_back(std::move(o));
  }
  if (used != data.size() && !m.guessed)
    return invalid_model("its operators use ", used, " of the ", data.size(), " bytes of tensors");
  if (g->output_vars_idx() != nullptr)
    for (const fb::OutputV1* const v : *g->output_vars_idx()) m.outputs.push_back(v->compact_id());
  LITE_TRY(check_outputs(m));
  return m;
}

Result<StoredModel> read_v2(const Bytes& bytes, const ImportLimits& limits) {
  StoredModel m;
  m.tables = m.source = aligned(bytes);
  LITE_ASSIGN(const fb::Model* const g, verified<fb::Model>(m.tables.view, "mgv2", limits));
  m.megengine_version = g->mge_version();
  if (g->model_version() > 2)
    return unsupported("its format has version ", g->model_version(), "; the newest known here is 2");
  if (g->metadata() != nullptr) {
    m.user_info = view(g->metadata()->user_info());
    m.optimize_options = g->metadata()->optimize_options();
  }
  if (g->oprs() == nullptr) return invalid_model("the graph has no operators");
  LITE_TRY(check_count(g->oprs()->size(), limits));
  std::unordered_map<std::string_view, const OprRow*> names;
  for (const OprRow& row : opr_rows()) names.emplace(row.name, &row);
  Ids ids;
  for (const fb::OperatorV2* const fbo : *g->oprs()) {
    StoredOpr o;
    o.type = std::string(view(fbo->type()));
    if (o.type.empty()) {
      if (ids.empty()) ids = ids_of(short_type_id);
      const auto it = ids.find(fbo->type_id());
      o.row = it == ids.end() ? nullptr : it->second;
      o.type = o.row == nullptr ? hex(fbo->type_id()) : std::string(o.row->name);
    } else if (const auto it = names.find(o.type); it != names.end()) {
      o.row = it->second;
    }
    o.name = view(fbo->name());
    o.inputs = list(fbo->inputs());
    o.outputs = list(fbo->outputs());
    o.output_type = fbo->output_dtype();
    LITE_ASSIGN(o.params, params_of(*fbo));
    if (fbo->tensors() != nullptr)
      for (const fb::TensorV2* const t : *fbo->tensors()) {
        StoredTensor s{view(t->name()), list(t->shape()), t->dtype(), {}};
        if (t->data() != nullptr)
          s.data = {reinterpret_cast<const std::byte*>(t->data()->data()), t->data()->size()};
        if (const auto* const f = t->format_as_LowbitsAlignedTensorFormat(); f != nullptr)
          s.row_bits = f->align_size_in_bits();
        o.tensors.push_back(std::move(s));
      }
    LITE_TRY(check_inputs(o, m.num_variables));
    for (const uint32_t id : o.outputs) {
      if (id != m.num_variables)
        return invalid_model("operator ", o.type, " '", o.name, "': an output is variable ", id, ", ",
                             m.num_variables, " wanted: each is made once, in order");
      const auto* const middle = g->middle_tensors();
      const bool named = middle != nullptr && id < middle->size();
      o.output_names.push_back(named ? view(middle->Get(id)->name()) : std::string_view());
      ++m.num_variables;
    }
    m.oprs.push_back(std::move(o));
  }
  if (g->output_vars_idx() != nullptr)
    for (const fb::OutputV2* const v : *g->output_vars_idx()) m.outputs.push_back(v->compact_id());
  LITE_TRY(check_outputs(m));
  return m;
}

}  // namespace

Container container_of(std::span<const std::byte> bytes) noexcept {
  const std::string_view text = text_of(bytes);
  if (text.starts_with("MGBC")) return Container::kV1;
  if (text.starts_with("MGBS")) return Container::kV1Short;
  if (text.starts_with("mgbtest0")) return Container::kTestCase;
  if (text.size() >= 12 && text.substr(8, 4) == "mgv2") return Container::kV2;
  return Container::kNone;
}

Result<StoredModel> read_model(const Bytes& bytes, const ImportLimits& limits) {
  switch (container_of(bytes.view)) {
    case Container::kV1:
      return read_v1(bytes, false, limits);
    case Container::kV1Short:
      return read_v1(bytes, true, limits);
    case Container::kV2:
      return read_v2(bytes, limits);
    case Container::kTestCase: {
      // The model is followed by graphs that hold inputs to try it with, which nobody needs here.
      if (bytes.view.size() < kTestCaseHeader)
        return invalid_model("it ends inside the header of its test cases");
      const Bytes inner{bytes.owner, bytes.view.subspan(kTestCaseHeader)};
      if (container_of(inner.view) == Container::kTestCase)
        return invalid_model("test cases are nested in test cases");
      return read_model(inner, limits);
    }
    case Container::kNone:
      break;
  }
  return invalid_model("it begins like none of MegEngine's containers");
}

}  // namespace lite::mge
