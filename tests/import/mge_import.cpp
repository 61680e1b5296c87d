#include <gtest/gtest.h>

#include <set>

#include "core/import/megengine/megengine.h"
#include "core/import/megengine/oprs.h"
#include "core/import/megengine/type_id.h"
#include "core/ir/op_def.h"
#include "tests/import/hostile_mge.h"
#include "tests/import/mge_writer.h"

namespace lite::test {
namespace {

Result<Graph> import_mge(const std::string& model, ImportReport* report = nullptr,
                         const ImportOptions& options = {}) {
  // Memory of its own, so that a sanitizer sees a read behind its end.
  return import_megengine(copy_bytes(std::as_bytes(std::span(model))), options, report);
}

Tensor floats(const Dims& dims, const std::vector<float>& v) {
  Tensor t = std::move(Tensor::allocate(DType::kF32, dims)).value();
  std::copy(v.begin(), v.end(), t.mutable_data<float>());
  return t;
}

std::vector<float> run_mge(const Graph& g, std::vector<Datum> inputs) {
  const auto r = interpret(g, inputs);
  EXPECT_TRUE(r.is_ok()) << r.error().message;
  if (!r.is_ok()) return {};
  std::vector<float> v;
  for (int64_t i = 0; i < r.value()[0].tensor.elements(); ++i)
    v.push_back(static_cast<float>(r.value()[0].tensor.float_at(i)));
  return v;
}

MgeModel sum() {
  return {{mge_input(0, "x", {2, 3}),
           mge_floats(1, {3}, {1, 2, 3}),
           {"Elemwise", {0, 1}, {2}, elemwise(16), {}, "sum", {"y"}}},
          {2},
          2,
          "note"};
}

TEST(MgeImport, BothContainers) {
  for (const std::string& bytes : {mge_v1(sum()), mge_v2(sum())}) {
    ImportReport report;
    const Result<Graph> r = import_mge(bytes, &report);
    ASSERT_TRUE(r.is_ok()) << r.error().message;
    const Graph& g = r.value();
    EXPECT_TRUE(g.verify().is_ok());
    EXPECT_EQ(run_mge(g, {floats({2, 3}, {0, 0, 0, 10, 20, 30})}), (std::vector<float>{1, 2, 3, 11, 22, 33}));
    EXPECT_EQ(g.value(g.inputs[0]).name, "x");
    EXPECT_EQ(g.value(g.outputs[0]).name, "y");
    EXPECT_EQ(report.producer, "MegEngine 1.13.0");
    EXPECT_EQ(g.metadata.at("megengine.user_info"), "6e6f7465");
    EXPECT_EQ(report.traced_inputs, (std::vector<Dims>{{2, 3}}));
    EXPECT_EQ(report.traced_outputs, (std::vector<Dims>{{2, 3}}));
    // Other sizes than those of the file are as good.
    EXPECT_EQ(run_mge(g, {floats({1, 3}, {5, 5, 5})}), (std::vector<float>{6, 7, 8}));
  }
}

TEST(MgeImport, TestCasesAreLeftAlone) {
  const std::string bytes = std::string("mgbtest0\2\0\0\0", 12) + mge_v2(sum()) + mge_v2(sum());
  const Result<Graph> r = import_mge(bytes);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  EXPECT_TRUE(looks_like_megengine(std::as_bytes(std::span(bytes))));
}

TEST(MgeImport, TheFirstOfSeveralGraphs) {
  MgeModel other = sum();
  other.oprs[2].out_names = {"z"};
  for (const std::string& bytes : {mge_v1(sum()) + mge_v1(other), mge_v2(sum()) + mge_v2(other)}) {
    const Result<Graph> r = import_mge(bytes);
    ASSERT_TRUE(r.is_ok()) << r.error().message;
    EXPECT_EQ(r.value().value(r.value().outputs[0]).name, "y");
  }
}

TEST(MgeImport, LargeConstantsStayWhereTheyAre) {
  MgeModel m = sum();
  m.oprs[0] = mge_input(0, "x", {1});
  m.oprs[1] = mge_floats(1, {1 << 18}, std::vector<float>(1 << 18, 1));
  for (const std::string& text : {mge_v1(m), mge_v2(m)}) {
    const Bytes bytes = copy_bytes(std::as_bytes(std::span(text)));
    const Result<Graph> r = import_megengine(bytes);
    ASSERT_TRUE(r.is_ok()) << r.error().message;
    bool found = false;
    for (ValueId v = 0; v < r.value().num_values(); ++v) {
      const Tensor& t = r.value().value(v).constant;
      if (!t.defined() || t.elements() < 1000) continue;
      found = t.raw() > bytes.view.data() && t.raw() < bytes.view.data() + bytes.view.size();
    }
    EXPECT_TRUE(found);
  }
}

TEST(MgeImport, UnknownOperatorsAreReportedTogether) {
  MgeModel m = sum();
  m.oprs.push_back({"CustomThing", {2}, {3}, {}, {}, "first", {"a"}});
  m.oprs.push_back({"Elemwise", {3}, {4}, elemwise(0), {}, "after", {"b"}});
  m.oprs.push_back({"OtherThing", {0}, {5}, {}, {}, "second", {"c"}});
  m.oprs.push_back({"Elemwise", {0, 1}, {6}, elemwise(41), {}, "gradient", {"d"}});
  m.outputs = {4};
  ImportReport report;
  const Result<Graph> v2 = import_mge(mge_v2(m), &report);
  ASSERT_FALSE(v2.is_ok());
  EXPECT_EQ(v2.error().code, Code::kUnsupported);
  ASSERT_EQ(report.unsupported.size(), 3u);
  EXPECT_EQ(report.unsupported[0].name, "first");
  EXPECT_EQ(report.unsupported[0].op_type, "CustomThing");
  EXPECT_EQ(report.unsupported[0].domain, "megengine");
  EXPECT_EQ(report.unsupported[0].types, "float32");
  EXPECT_EQ(report.unsupported[1].name, "second");
  EXPECT_NE(report.unsupported[2].reason.find("FAST_TANH_GRAD"), std::string::npos);
  EXPECT_NE(v2.error().message.find("3 operators cannot run here"), std::string::npos) << v2.error().message;
  // The older container has only a hash of the type.
  const Result<Graph> v1 = import_mge(mge_v1(m), &report);
  EXPECT_EQ(v1.error().code, Code::kUnsupported);
  ASSERT_EQ(report.unsupported.size(), 3u);
  EXPECT_EQ(report.unsupported[0].op_type.substr(0, 2), "0x");
  // Without names nobody knows how many variables an unknown operator makes.
  for (MgeOpr& o : m.oprs) o.out_names.clear();
  m.outputs = {6};
  const Result<Graph> nameless = import_mge(mge_v1(m), &report);
  EXPECT_EQ(nameless.error().code, Code::kUnsupported);
  EXPECT_EQ(report.unsupported.size(), 2u);
}

TEST(MgeImport, OutputsHaveNamesOfTheirOwn) {
  MgeModel m = sum();
  m.outputs = {2, 2, 0, 1};
  const Result<Graph> r = import_mge(mge_v2(m));
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  std::set<std::string> names;
  for (const ValueId v : r.value().outputs) names.insert(r.value().value(v).name);
  for (const ValueId v : r.value().inputs) names.insert(r.value().value(v).name);
  EXPECT_EQ(names.size(), 5u);
}

// The names and their order in the file, and how MegEngine 1.13 numbered them, are those of a model that it
// made.
TEST(MgeImport, InputsAreInTheOrderOfMegEngine) {
  MgeModel m;
  std::vector<uint32_t> numbers = {0, 1};
  for (uint32_t i = 2; i < 16; ++i) numbers.insert(numbers.begin(), i);
  for (uint32_t id = 0; id < 16; ++id)
    m.oprs.push_back(mge_input(id, "in" + std::to_string(numbers[id]), {numbers[id] == 15 ? 7u : 1u}));
  for (uint32_t id = 16, sum = 0; id < 31; sum = id++)
    m.oprs.push_back({"Elemwise", {sum, id - 15}, {id}, elemwise(16)});
  m.outputs = {30};
  ImportReport report;
  const Result<Graph> r = import_mge(mge_v2(m), &report);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  std::vector<std::string> names;
  for (const ValueId v : r.value().inputs) names.push_back(r.value().value(v).name);
#ifdef __GLIBCXX__
  EXPECT_EQ(names, (std::vector<std::string>{"in1", "in15", "in12", "in14", "in5", "in2", "in13", "in11",
                                             "in0", "in7", "in6", "in9", "in8", "in3", "in10", "in4"}));
#endif
  ASSERT_EQ(report.traced_inputs.size(), names.size());
  for (size_t i = 0; i < names.size(); ++i)
    EXPECT_EQ(report.traced_inputs[i], Dims{names[i] == "in15" ? 7 : 1}) << names[i];
}

TEST(MgeImport, TypeIds) {
  EXPECT_EQ(mge::type_id("ImmutableTensor"), 0x60d52856bbd5a2b1u);
  // Of 32 bytes and more, which take another way: the name and its NUL.
  EXPECT_EQ(mge::type_id("MultipleDeviceTensorWithFormatHolder"), 13712197338634655662u);
  EXPECT_EQ(mge::short_type_id("MultipleDeviceTensorWithFormatHolder"), 60799855031704737u);
  EXPECT_EQ(mge::short_type_id("ReshapeV1"), mge::short_type_id("Reshape"));
}

TEST(MgeImport, TheTableIsSortedAndHasNoTwins) {
  std::set<uint64_t> ids;
  std::string_view last;
  for (const mge::OprRow& row : mge::opr_rows()) {
    EXPECT_LT(last, row.name);
    last = row.name;
    EXPECT_TRUE(ids.insert(mge::type_id(row.name)).second) << row.name;
    EXPECT_NE(row.translate, nullptr) << row.name;
  }
}

bool has_one_of(const std::string& text, const std::string& wanted) {
  size_t from = 0;
  while (true) {
    const size_t bar = wanted.find('|', from);
    if (text.find(wanted.substr(from, bar - from)) != std::string::npos) return true;
    if (bar == std::string::npos) return false;
    from = bar + 1;
  }
}

TEST(MgeHostile, EachIsRefusedByName) {
  for (const HostileModel& m : hostile_mge_models()) {
    const Result<Graph> r = import_mge(m.bytes);
    ASSERT_FALSE(r.is_ok()) << m.name;
    EXPECT_TRUE(r.error().code == Code::kInvalidModel || r.error().code == Code::kUnsupported ||
                r.error().code == Code::kLimitExceeded)
        << m.name << ": " << code_name(r.error().code);
    EXPECT_TRUE(has_one_of(r.error().message, m.message)) << m.name << ": " << r.error().message;
    EXPECT_LT(r.error().message.size(), 2000u) << m.name;
  }
}

TEST(MgeHostile, SaneOnesAreNot) {
  for (const HostileModel& m : sane_mge_models()) {
    const Result<Graph> r = import_mge(m.bytes);
    EXPECT_TRUE(r.is_ok()) << m.name << ": " << r.error().message;
  }
}

TEST(MgeHostile, EveryTruncationIsSurvived) {
  for (const HostileModel& m : sane_mge_models())
    for (size_t n = 0; n < m.bytes.size(); ++n)
      EXPECT_FALSE(import_mge(m.bytes.substr(0, n)).is_ok()) << m.name;
}

TEST(MgeHostile, EveryChangedByteIsSurvived) {
  for (const HostileModel& m : sane_mge_models())
    for (size_t n = 0; n < m.bytes.size(); ++n)
      for (const int change : {1, 0x80, 0xff}) {
        std::string bytes = m.bytes;
        bytes[n] = static_cast<char>(bytes[n] ^ change);
        (void)import_mge(bytes);
      }
}

TEST(MgeHostile, LimitsAreTheCallers) {
  ImportOptions options;
  options.limits.max_nodes = 2;
  EXPECT_NE(import_mge(mge_v2(sum()), nullptr, options).error().message.find("max_nodes"), std::string::npos);
  options = {};
  options.limits.max_tensor_bytes = 11;
  EXPECT_NE(import_mge(mge_v1(sum()), nullptr, options).error().message.find("max_tensor_bytes"),
            std::string::npos);
  options = {};
  options.limits.max_records = 5;
  EXPECT_NE(import_mge(mge_v2(sum()), nullptr, options).error().message.find("max_records"),
            std::string::npos);
}

}  // namespace
}  // namespace lite::test
