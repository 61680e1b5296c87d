#include "tests/package/hostile_packs.h"

#include <cstring>

#include "core/package/pack_generated.h"

namespace lite::test {
namespace {

namespace fb = package::fb;
using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;

template <class Table>
std::string finish(FlatBufferBuilder& b, Offset<Table> root) {
  b.Finish(root);
  return "packed_model" + std::string(reinterpret_cast<const char*>(b.GetBufferPointer()), b.GetSize());
}

struct Parts {
  const char* name = "m";
  const char* info_method = "NONE";
  const char* info_parser = "LITE_default";
  const char* model_method = "NONE";
  bool header = true, data = true;
  std::vector<uint8_t> model{1, 2, 3};
  size_t models = 1;
};

std::string pack_of(const Parts& p) {
  FlatBufferBuilder b;
  const auto text = [&](const char* s) {
    return s == nullptr ? Offset<flatbuffers::String>() : b.CreateString(s);
  };
  std::vector<Offset<fb::Model>> models;
  for (size_t i = 0; i < p.models; ++i) {
    const auto header = p.header ? fb::CreateHeader(b, text(p.name), text(p.info_method), text(p.info_parser),
                                                    text(p.model_method))
                                 : Offset<fb::Header>();
    const auto data = p.data ? fb::CreateData(b, b.CreateVector(p.model)) : Offset<fb::Data>();
    models.push_back(fb::CreateModel(b, header, 0, data));
  }
  return finish(b, fb::CreatePack(b, b.CreateVector(models)));
}

std::string without_models() {
  FlatBufferBuilder b;
  return finish(b, fb::CreatePack(b));
}

}  // namespace

std::vector<HostilePack> hostile_packs() {
  const std::string good = pack_of({});
  std::string far = good;
  far[12] = '\x7f';  // where the root lies
  std::string huge = good;
  const uint32_t length = 0x7ffffff0;  // of the model, whose bytes are 1, 2, 3
  std::memcpy(huge.data() + huge.find(std::string("\3\0\0\0\1\2\3", 7)), &length, sizeof length);
  return {
      {"nothing_behind_the_magic", "packed_model", "damaged or cut short: its 0 bytes"},
      {"no_flatbuffer", "packed_model" + std::string(40, '\xff'), "damaged or cut short"},
      {"root_outside", far, "damaged or cut short"},
      {"model_longer_than_the_file", huge, "damaged or cut short"},
      {"cut_in_half", good.substr(0, good.size() / 2), "damaged or cut short"},
      {"no_models", without_models(), "no model"},
      {"zero_models", pack_of({.models = 0}), "no model"},
      {"two_models", pack_of({.models = 2}), "2 models"},
      {"no_header", pack_of({.header = false}), "no header"},
      {"no_name", pack_of({.name = nullptr}), "no name"},
      {"no_model_method", pack_of({.model_method = nullptr}), "no model_decryption_method"},
      {"no_info_method", pack_of({.info_method = nullptr}), "no info_decryption_method"},
      {"no_parser", pack_of({.info_parser = nullptr}), "no info_parse_method"},
      {"no_data", pack_of({.data = false}), "model is empty"},
      {"empty_model", pack_of({.model = {}}), "model is empty"},
  };
}

}  // namespace lite::test
