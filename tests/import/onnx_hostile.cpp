#include "tests/import/hostile_onnx.h"
#include "tests/import/onnx_import_test.h"

namespace lite::test {
namespace {

TEST(OnnxHostile, EachIsRefusedByName) {
  for (const HostileModel& m : hostile_onnx_models()) {
    const Result<Graph> r = import_text(m.bytes);
    ASSERT_FALSE(r.is_ok()) << m.name;
    EXPECT_TRUE(r.error().code == Code::kInvalidModel || r.error().code == Code::kUnsupported ||
                r.error().code == Code::kLimitExceeded)
        << m.name << ": " << code_name(r.error().code);
    EXPECT_NE(r.error().message.find(m.message), std::string::npos) << m.name << ": " << r.error().message;
    EXPECT_LT(r.error().message.size(), 2000u) << m.name;
  }
}

TEST(OnnxHostile, SaneOnesAreTaken) {
  for (const HostileModel& m : sane_onnx_models()) {
    if (m.name == "external") continue;  // there is no such file
    const Result<Graph> r = import_text(m.bytes);
    EXPECT_TRUE(r.is_ok()) << m.name << ": " << r.error().message;
  }
}

TEST(OnnxHostile, EveryTruncationIsSurvived) {
  for (const HostileModel& m : sane_onnx_models())
    for (size_t n = 0; n < m.bytes.size(); ++n) (void)import_text(m.bytes.substr(0, n));
}

TEST(OnnxHostile, EveryChangedByteIsSurvived) {
  for (const HostileModel& m : sane_onnx_models()) {
    for (size_t n = 0; n < m.bytes.size(); ++n) {
      for (const int change : {1, 0x80, 0xff}) {
        std::string bytes = m.bytes;
        bytes[n] = static_cast<char>(bytes[n] ^ change);
        (void)import_text(bytes);
      }
    }
  }
}

TEST(OnnxHostile, LimitsAreTheCallers) {
  const std::string good = one_node(node("Add", {"x", "w"}, {"y"}), 17, {floats("w", {3}, {1, 2, 3})});
  ImportOptions options;
  options.limits.max_nodes = 0;
  EXPECT_NE(import_text(good, nullptr, options).error().message.find("max_nodes"), std::string::npos);
  options = {};
  options.limits.max_tensor_bytes = 11;
  EXPECT_NE(import_text(good, nullptr, options).error().message.find("max_tensor_bytes"), std::string::npos);
  options = {};
  options.limits.max_records = 5;
  EXPECT_NE(import_text(good, nullptr, options).error().message.find("max_records"), std::string::npos);
}

}  // namespace
}  // namespace lite::test
