#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/import/onnx_import_test.h"

namespace lite::test {
namespace {

namespace fs = std::filesystem;

class OnnxExternal : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "lite-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    base_ = root_ / "model";
    fs::create_directories(base_ / "sub");
    const std::vector<float> data{0, 0, 0, 0, 1, 2, 3, 4, 5, 6};
    for (const fs::path& p : {base_ / "w.bin", base_ / "sub/w.bin", root_ / "secret.bin"})
      std::ofstream(p, std::ios::binary) << bytes_of(data);
    fs::create_symlink("../secret.bin", base_ / "link.bin");
    fs::create_directory_symlink("..", base_ / "up");
    fs::create_hard_link(root_ / "secret.bin", base_ / "hard.bin");
    ASSERT_EQ(::mkfifo((base_ / "fifo").c_str(), 0600), 0);
    options_.base_dir = base_.string();
  }
  void TearDown() override { fs::remove_all(root_); }

  using Entries = std::vector<std::pair<std::string, std::string>>;
  Result<Graph> import(const Entries& entries) {
    return import_text(
        one_node(node("Add", {"x", "w"}, {"y"}), 17, {external_tensor("w", kFloat, {2, 3}, entries)}),
        nullptr, options_);
  }
  void expect_refused(const Entries& entries, const std::string& text) {
    const Result<Graph> r = import(entries);
    ASSERT_FALSE(r.is_ok()) << text;
    EXPECT_NE(r.error().message.find(text), std::string::npos) << r.error().message;
    EXPECT_NE(r.error().message.find("'w'"), std::string::npos) << r.error().message;
  }

  fs::path root_, base_;
  ImportOptions options_;
};

TEST_F(OnnxExternal, FilesBeneathTheModel) {
  for (const char* location : {"w.bin", "sub/w.bin", "./w.bin"}) {
    const Result<Graph> g =
        import({{"location", location}, {"offset", "16"}, {"length", "24"}, {"checksum", "x"}});
    ASSERT_TRUE(g.is_ok()) << g.error().message;
    EXPECT_EQ(run(g.value(), {f32({2, 3}, {0, 0, 0, 0, 0, 0})}), (std::vector<float>{1, 2, 3, 4, 5, 6}));
  }
}

TEST_F(OnnxExternal, DataFromTheCaller) {
  const std::vector<float> data{1, 2, 3, 4, 5, 6};
  std::string asked;
  options_.base_dir.clear();
  options_.external = [&](const std::string& location) -> Result<Bytes> {
    asked = location;
    return Bytes{nullptr, std::as_bytes(std::span(data))};
  };
  const Result<Graph> g = import({{"location", "any name"}});
  ASSERT_TRUE(g.is_ok()) << g.error().message;
  EXPECT_EQ(asked, "any name");
  for (ValueId v = 0; v < g.value().num_values(); ++v) {
    if (g.value().value(v).is_constant()) {
      EXPECT_EQ(g.value().value(v).constant.raw(), data.data());
    }
  }
}

TEST_F(OnnxExternal, NothingOutsideIsOpened) {
  const std::string absolute = (root_ / "secret.bin").string();
  for (const std::string& location : {std::string("../secret.bin"),
                                      std::string("sub/../../secret.bin"),
                                      absolute,
                                      std::string("up/secret.bin"),
                                      std::string("link.bin"),
                                      std::string("hard.bin"),
                                      std::string("fifo"),
                                      std::string("sub"),
                                      std::string("."),
                                      std::string(),
                                      std::string("w.bin\0x", 7),
                                      std::string("..\\secret.bin"),
                                      std::string("C:\\secret.bin"),
                                      std::string("//host/share"),
                                      std::string("/dev/zero"),
                                      std::string("sub/"),
                                      std::string("w.bin/.."),
                                      std::string("none.bin"),
                                      std::string(5000, 'a'),
                                      std::string("../model/w.bin")})
    expect_refused({{"location", location}, {"offset", "16"}}, "");
}

TEST_F(OnnxExternal, RangesAreChecked) {
  expect_refused({{"location", "w.bin"}, {"offset", "20"}}, "at offset 20");
  expect_refused({{"location", "w.bin"}, {"offset", "18446744073709551615"}, {"length", "24"}}, "at offset");
  expect_refused({{"location", "w.bin"}, {"offset", "18446744073709551616"}}, "offset");
  expect_refused({{"location", "w.bin"}, {"offset", "-1"}}, "'-1'");
  expect_refused({{"location", "w.bin"}, {"offset", ""}}, "offset");
  expect_refused({{"location", "w.bin"}, {"length", "23"}}, "length 23");
  expect_refused({{"location", "w.bin"}, {"length", "25"}}, "length 25");
  expect_refused({{"location", "w.bin"}, {"location", "sub/w.bin"}}, "two entries");
  expect_refused({{"offset", "0"}}, "no location");
  expect_refused({{"__class__", "os"}, {std::string(100000, 'k'), "1"}}, "no location");
}

TEST_F(OnnxExternal, EveryPositionGoesThroughTheSameDoor) {
  const std::string bad = external_tensor("w", kFloat, {2, 3}, {{"location", "../secret.bin"}});
  const std::string indices = ints("", {0, 1, 2, 3, 4, 5});
  const std::string sparse = Proto()
                                 .s(1, external_tensor("w", kFloat, {6}, {{"location", "../secret.bin"}}))
                                 .s(2, indices)
                                 .packed(3, {2, 3});
  const std::string constant = node("Constant", {}, {"w"}, {attr_t("value", bad)});
  const std::string sparse_constant =
      node("Constant", {}, {"w"}, {Proto().s(1, "sparse_value").s(22, sparse).i(20, 11)});
  const GraphParts body{.nodes = {constant}, .outputs = {untyped("w")}};
  const GraphParts around{.nodes = {node("Add", {"x", "w"}, {"y"})},
                          .inputs = {value("x", kFloat, {"2", "3"})},
                          .outputs = {untyped("y")}};
  std::vector<std::string> models;
  GraphParts g = around;
  g.initializers = {bad};
  models.push_back(model(g));
  g = around;
  g.sparse = {sparse};
  models.push_back(model(g));
  g = around;
  g.nodes.insert(g.nodes.begin(), constant);
  models.push_back(model(g));
  g.nodes[0] = sparse_constant;
  models.push_back(model(g));
  g.nodes[0] = node("If", {"c"}, {"w"}, {attr_g("then_branch", body), attr_g("else_branch", body)});
  g.inputs.push_back(value("c", kBool, {}));
  models.push_back(model(g));
  g = around;
  g.nodes.insert(g.nodes.begin(), node("Make", {}, {"w"}, {}, "", "local"));
  models.push_back(model(g, 17, {FunctionParts{.name = "Make", .out = {"w"}, .nodes = {constant}}}));
  for (const std::string& m : models) {
    const Result<Graph> r = import_text(m, nullptr, options_);
    ASSERT_FALSE(r.is_ok());
    EXPECT_EQ(r.error().code, Code::kInvalidModel);
    EXPECT_NE(r.error().message.find("'..' leaves the model's folder"), std::string::npos)
        << r.error().message;
  }
}

TEST_F(OnnxExternal, ModelsFromMemoryHaveNoFolder) {
  options_.base_dir.clear();
  expect_refused({{"location", "w.bin"}}, "no folder");
}

}  // namespace
}  // namespace lite::test
