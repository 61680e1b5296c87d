#include "core/package/pack.h"

#include <cstring>

#include "core/package/pack_generated.h"

namespace lite::package {
namespace {

constexpr std::string_view kMagic = "packed_model";
constexpr size_t kMaxFlatbuffer = (size_t{1} << 31) - 1;
constexpr size_t kAlign = 32;  // of the model in the file; the most that FlatBuffers has

using Octets = flatbuffers::Vector<uint8_t>;

Bytes part(const Bytes& whole, const Octets* v) {
  if (v == nullptr) return {};
  return {whole.owner, {reinterpret_cast<const std::byte*>(v->data()), v->size()}};
}

Status read_text(const flatbuffers::String* s, const char* field, std::string* out) {
  if (s == nullptr) return invalid_model("the pack's header has no ", field);
  *out = s->str();
  return ok();
}

const uint8_t* raw(const Bytes& b) { return reinterpret_cast<const uint8_t*>(b.view.data()); }

}  // namespace

bool looks_like_pack(std::span<const std::byte> bytes) noexcept {
  return bytes.size() >= kMagic.size() && std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) == 0;
}

Result<Pack> read_pack(const Bytes& bytes) {
  if (!looks_like_pack(bytes.view)) return invalid_model("a pack begins with '", kMagic, "'; this does not");
  // Numbers in a flatbuffer are aligned as far as its start is.
  Bytes whole = bytes;
  if (reinterpret_cast<uintptr_t>(bytes.view.data() + kMagic.size()) % 4 != 0) whole = copy_bytes(bytes.view);
  const auto body = whole.view.subspan(kMagic.size());
  if (body.size() >= kMaxFlatbuffer)
    return invalid_model("the pack has ", body.size(), " bytes, less than 2 GiB wanted");
  const auto* const at = reinterpret_cast<const uint8_t*>(body.data());
  flatbuffers::Verifier verifier(at, body.size(), /*max_depth=*/8, /*max_tables=*/64);
  if (!verifier.VerifyBuffer<fb::Pack>(nullptr))
    return invalid_model("the pack is damaged or cut short: its ", body.size(),
                         " bytes are not a valid flatbuffer");
  const auto* const models = flatbuffers::GetRoot<fb::Pack>(at)->models();
  const size_t count = models == nullptr ? 0 : models->size();
  if (count == 0) return invalid_model("the pack holds no model");
  if (count > 1) return unsupported("the pack holds ", count, " models, one wanted");
  const fb::Model& model = *models->Get(0);
  if (model.header() == nullptr) return invalid_model("the pack has no header");
  const fb::Header& header = *model.header();
  Pack pack;
  LITE_TRY(read_text(header.name(), "name", &pack.name));
  LITE_TRY(read_text(header.model_method(), "model_decryption_method", &pack.model_method));
  LITE_TRY(read_text(header.info_method(), "info_decryption_method", &pack.info_method));
  LITE_TRY(read_text(header.info_parser(), "info_parse_method", &pack.info_parser));
  if (model.data() != nullptr) pack.model = part(whole, model.data()->data());
  if (pack.model.view.empty()) return invalid_model("the pack's model is empty");
  if (model.info() != nullptr) {
    pack.info = part(whole, model.info()->data());
    pack.cache = part(whole, model.info()->cache());
    pack.binary_cache = part(whole, model.info()->binary_cache());
  }
  return pack;
}

Result<std::vector<std::byte>> write_pack(const Pack& pack) {
  const size_t parts[] = {pack.model.view.size(), pack.info.view.size(), pack.cache.view.size(),
                          pack.binary_cache.view.size(), pack.name.size() + 4096};
  size_t total = 0;
  for (const size_t n : parts) {
    if (n >= kMaxFlatbuffer - total)
      return fail(Code::kLimitExceeded,
                  "a pack holds less than 2 GiB; model, information and caches need more");
    total += n;
  }
  flatbuffers::FlatBufferBuilder builder(total);
  // The buffer is made from its end. Its start is at a multiple of kAlign in itself, and kMagic.size()
  // further in the file.
  builder.ForceVectorAlignment(kAlign, 1, kAlign);
  while ((builder.GetSize() + pack.model.view.size()) % kAlign != kMagic.size())
    builder.PushElement<uint8_t>(0);
  const auto model_bytes = builder.CreateVector(raw(pack.model), pack.model.view.size());
  const auto octets = [&](const Bytes& b) {
    return b.view.empty() ? flatbuffers::Offset<Octets>() : builder.CreateVector(raw(b), b.view.size());
  };
  const auto info_bytes = octets(pack.info), cache = octets(pack.cache), binary = octets(pack.binary_cache);
  const auto header =
      fb::CreateHeader(builder, builder.CreateString(pack.name), builder.CreateString(pack.info_method),
                       builder.CreateString(pack.info_parser), builder.CreateString(pack.model_method),
                       builder.CreateString(kCacheParser), /*fast_run_cache=*/!pack.cache.view.empty());
  const bool has_info =
      !(pack.info.view.empty() && pack.cache.view.empty() && pack.binary_cache.view.empty());
  const auto info =
      has_info ? fb::CreateInfo(builder, info_bytes, cache, binary) : flatbuffers::Offset<fb::Info>();
  const auto model = fb::CreateModel(builder, header, info, fb::CreateData(builder, model_bytes));
  builder.Finish(fb::CreatePack(builder, builder.CreateVector(&model, 1)));

  std::vector<std::byte> out(kMagic.size() + builder.GetSize());
  std::memcpy(out.data(), kMagic.data(), kMagic.size());
  std::memcpy(out.data() + kMagic.size(), builder.GetBufferPointer(), builder.GetSize());
  return out;
}

}  // namespace lite::package
