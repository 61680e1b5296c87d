#include "core/compiled/compiled.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/hash.h"
#include "core/compiled/format.h"
#include "core/import/onnx/onnx.h"
#include "core/ir/fact.h"
#include "core/ops/registry.h"
#include "core/runtime/session.h"
#include "tests/import/hostile_onnx.h"
#include "tests/support/compiled_model.h"
#include "tests/support/run_model.h"

namespace lite::test {
namespace {

std::span<std::byte> bytes_of(std::string& s) { return std::as_writable_bytes(std::span(s)); }

Tensor filled(Dims dims, float step) {
  Tensor t = Tensor::allocate(DType::kF32, std::move(dims)).value();
  for (int64_t i = 0; i < t.elements(); ++i)
    t.mutable_data<float>()[i] = static_cast<float>(i % 13 - 6) * step;
  return t;
}

Node node(const char* op, std::vector<ValueId> in, std::vector<ValueId> out) {
  Node n;
  n.op = &ops::get(op);
  n.name = op;
  n.in = std::move(in);
  n.out = std::move(out);
  return n;
}

// Convolutions whose weights are packed in several ways, a batch normalisation that is folded into one (its
// weights are derived), and a product.
Graph network() {
  Graph g;
  g.name = "network";
  g.metadata["author"] = "a test";
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{g.symbol("N"), 16, kUnknownDim, 12}));
  const ValueId a = g.add_value("a"), b = g.add_value("b"), c = g.add_value("c"), d = g.add_value("d"),
                e = g.add_value("e"), y = g.add_value("y");
  Node conv = node("Conv", {x, g.add_constant("w1", filled({32, 16, 3, 3}, 0.01f))}, {a});
  conv.set("pads", std::vector<int64_t>{1, 1, 1, 1});
  g.add_node(std::move(conv));
  Tensor variance = filled({32}, 0.1f);
  for (float& v : std::span(variance.mutable_data<float>(), 32)) v += 1;
  g.add_node(node("BatchNormalization",
                  {a, g.add_constant("scale", filled({32}, 0.25f)), g.add_constant("shift", filled({32}, 1)),
                   g.add_constant("mean", filled({32}, 0.5f)), g.add_constant("variance", variance)},
                  {b}));
  g.add_node(node("Relu", {b}, {c}));
  g.add_node(node("Conv", {c, g.add_constant("w2", filled({24, 32, 1, 1}, 0.02f))}, {d}));
  g.add_node(node("GlobalAveragePool", {d}, {e}));
  const ValueId f = g.add_value("f");
  g.add_node(node("Flatten", {e}, {f}));
  g.add_node(node("MatMul", {f, g.add_constant("w3", filled({24, 40}, 0.1f))}, {y}));
  g.outputs = {y};
  EXPECT_TRUE(infer_graph(g).is_ok());
  return g;
}

struct CompiledTest : ::testing::Test {
  std::shared_ptr<Model> model = Model::create(network(), ModelOptions()).value();
  const std::vector<Fact> inputs{Fact(DType::kF32, Dims{2, 16, 14, 12})};
  std::string file = compiled(*model, std::span(&inputs, 1)).value();

  compiled::Header header() const {
    compiled::Header h;
    std::memcpy(&h, file.data(), sizeof h);
    return h;
  }
  // Of the file as it is now.
  Error error(bool thorough = false) {
    auto loaded = load_compiled(bytes_of(file), ModelOptions(), {}, thorough);
    return loaded.is_ok() ? Error{Code::kOk, ""} : loaded.error();
  }
  // After the head was changed on purpose.
  void seal() { compiled::seal(bytes_of(file).first(sizeof(compiled::Header) + header().head_bytes)); }
  static Datum run(std::shared_ptr<Model> m, Dims dims) {
    Session s(std::move(m));
    EXPECT_TRUE(s.set_input(0, filled(std::move(dims), 0.1f)).is_ok());
    const Status status = s.run();
    EXPECT_TRUE(status.is_ok()) << status.message();
    return s.output(0);
  }
  void expect_same(const std::shared_ptr<Model>& other, const Dims& dims) {
    EXPECT_TRUE(same_bits(run(model, dims).tensor, run(other, dims).tensor)) << "of another shape";
  }
};

TEST_F(CompiledTest, GivesTheSameBitsForTheseShapesAndOthers) {
  const auto loaded = load_compiled(bytes_of(file), ModelOptions(), {}, true);
  ASSERT_TRUE(loaded.is_ok()) << loaded.error().message;
  for (const Dims& dims : {Dims{2, 16, 14, 12}, Dims{1, 16, 14, 12}, Dims{3, 16, 5, 12}})
    expect_same(loaded.value(), dims);
}

TEST_F(CompiledTest, GivesTheSameBitsWithOtherOptions) {
  for (const bool optimise : {true, false})
    for (const bool winograd : {true, false}) {
      ModelOptions options;
      options.optimise = optimise;
      options.kernel.winograd = winograd;
      options.kernel.reproducible = !winograd;
      const auto loaded = load_compiled(bytes_of(file), options);
      ASSERT_TRUE(loaded.is_ok()) << loaded.error().message;
      const auto source = Model::create(network(), options).value();
      if (optimise)
        EXPECT_TRUE(
            same_bits(run(loaded.value(), {2, 16, 14, 12}).tensor, run(source, {2, 16, 14, 12}).tensor));
      else
        run(loaded.value(), {2, 16, 14, 12});  // of the graph in the file, whose normalisation is folded
    }
}

TEST_F(CompiledTest, KeepsNamesSymbolsAndMetadata) {
  const auto loaded = load_compiled(bytes_of(file), ModelOptions()).value();
  const Graph& whole = *loaded->whole_graph().value();
  EXPECT_EQ(dump_text(whole), dump_text(model->graph()));
  for (const Graph* g : {&whole, &loaded->graph()}) {
    EXPECT_EQ(g->name, "network");
    EXPECT_EQ(g->metadata, model->graph().metadata);
    EXPECT_EQ(g->symbols, model->graph().symbols);
  }
  EXPECT_EQ(loaded->input(0).name, "x");
  EXPECT_EQ(loaded->input(0).fact, model->input(0).fact);
  EXPECT_EQ(loaded->output(0).name, "y");
  EXPECT_EQ(loaded->output(0).fact, model->output(0).fact);
  EXPECT_EQ(loaded->statistics().weight_bytes, model->statistics().weight_bytes);
}

// The graph of the source is for other shapes, and nobody who has none of these waits for it.
TEST_F(CompiledTest, DecodesTheSourceWhenItIsNeeded) {
  const auto loaded = load_compiled(bytes_of(file), ModelOptions()).value();
  EXPECT_EQ(loaded->graph().num_nodes(), 0);
  run(loaded, {2, 16, 14, 12});
  EXPECT_EQ(loaded->graph().num_nodes(), 0);
  EXPECT_EQ(loaded->whole_graph().value()->num_nodes(), model->graph().num_nodes());
  EXPECT_EQ(loaded->whole_graph().value(), loaded->whole_graph().value());
}

// Of what is decoded late, an error is told by whoever asks; a thorough load asks for all.
TEST_F(CompiledTest, TellsLateWhatIsWrongWithAGraph) {
  // The names of values in the three places where they stand: outside, in the source, in what was made of it.
  std::vector<size_t> places;
  for (size_t at = file.find("GlobalAveragePool"); at < header().data;
       at = file.find("GlobalAveragePool", at + 1))
    places.push_back(at);
  ASSERT_EQ(places.size(), 3u);  // in the table of operators, and the names of a node in two graphs
  const std::string sound = file;
  for (const size_t graph : {size_t{1}, size_t{2}}) {
    file = sound;
    // The number of the operator stands before the length of the name.
    const uint32_t none = 1000;
    std::memcpy(&file[places[graph] - 8], &none, sizeof none);
    seal();
    EXPECT_EQ(error(true).code, Code::kInvalidModel);
    const auto loaded = load_compiled(bytes_of(file), ModelOptions());
    ASSERT_TRUE(loaded.is_ok()) << loaded.error().message;
    const std::vector<Fact> other{Fact(DType::kF32, Dims{1, 16, 14, 12})};
    EXPECT_EQ(loaded.value()->program(inputs).is_ok(), graph == 1);
    EXPECT_EQ(loaded.value()->program(other).is_ok(), graph == 2);
    EXPECT_EQ(loaded.value()->program(graph == 1 ? other : inputs).error().code, Code::kInvalidModel);
  }
}

TEST_F(CompiledTest, RefusesASourceThatIsNotAsItIsTold) {
  // The name of the output: outside, in the source, in what was made of it.
  const std::string named("\1\0\0\0y", 5);
  const size_t outside = file.find(named), source = file.find(named, outside + 1);
  ASSERT_LT(source, header().data);
  file[source + 4] = 'z';
  seal();
  const auto loaded = load_compiled(bytes_of(file), ModelOptions());
  ASSERT_TRUE(loaded.is_ok()) << loaded.error().message;
  EXPECT_TRUE(loaded.value()->program(inputs).is_ok());
  const auto whole = loaded.value()->whole_graph();
  ASSERT_FALSE(whole.is_ok());
  EXPECT_EQ(whole.error().code, Code::kInvalidModel);
  EXPECT_NE(whole.error().message.find("inputs and outputs"), std::string::npos) << whole.error().message;
}

TEST_F(CompiledTest, TakesPackingsFromTheFile) {
  const Bytes aligned = copy_bytes(bytes_of(file));
  const auto loaded = load_compiled(aligned.view, ModelOptions()).value();
  const auto begin = reinterpret_cast<uintptr_t>(aligned.view.data()), end = begin + aligned.view.size();
  // How many there are, all of them in the file.
  const auto packings = [&] {
    size_t count = 0;
    const auto look = [&](const void*, size_t, const std::string& how, const PackCache::Packed& packed) {
      const auto at = reinterpret_cast<uintptr_t>(packed.data.get());
      EXPECT_TRUE(at >= begin && at < end) << how.substr(0, 10);
      ++count;
      return ok();
    };
    EXPECT_TRUE(loaded->packs()->visit(look).is_ok());
    return count;
  };
  const size_t stored = packings();
  EXPECT_GE(stored, 3u);
  const auto program = loaded->program(inputs).value();
  EXPECT_EQ(packings(), stored);
}

TEST_F(CompiledTest, LoadsFromMemoryThatIsNotAligned) {
  const std::string moved = "12345" + file;
  const auto loaded = load_compiled(std::as_bytes(std::span(moved)).subspan(5), ModelOptions());
  ASSERT_TRUE(loaded.is_ok()) << loaded.error().message;
  expect_same(loaded.value(), {2, 16, 14, 12});
}

TEST_F(CompiledTest, IsRefusedByAnotherBuild) {
  file[offsetof(compiled::Header, build) + 2] ^= 1;
  EXPECT_EQ(error().code, Code::kUnsupported);
  EXPECT_NE(error().message.find("compile it again from the source model"), std::string::npos);
}

TEST_F(CompiledTest, IsRefusedOnAnotherProcessor) {
  file[offsetof(compiled::Header, isa)] ^= 1;
  EXPECT_EQ(error().code, Code::kUnsupported);
  EXPECT_NE(error().message.find("instruction sets"), std::string::npos) << error().message;
}

TEST_F(CompiledTest, IsRefusedInAnotherFormat) {
  file[offsetof(compiled::Header, format)] ^= 4;
  EXPECT_EQ(error().code, Code::kUnsupported);
}

TEST_F(CompiledTest, IsRefusedWhenItIsCutShort) {
  const std::string whole = file;
  const size_t head = sizeof(compiled::Header) + header().head_bytes, data = header().data;
  for (const size_t size : {size_t{0}, size_t{8}, sizeof(compiled::Header) - 1, sizeof(compiled::Header),
                            head - 1, head, data, data + 1, whole.size() - 1}) {
    file = whole.substr(0, size);
    EXPECT_EQ(error().code, Code::kInvalidModel) << size;
  }
}

TEST_F(CompiledTest, NoticesEveryBitOfItsTables) {
  const size_t head = sizeof(compiled::Header) + header().head_bytes;
  for (size_t i = 0; i < head; ++i) {
    file[i] = static_cast<char>(file[i] ^ 1 << i % 8);
    EXPECT_NE(error().code, Code::kOk) << "byte " << i;
    file[i] = static_cast<char>(file[i] ^ 1 << i % 8);
  }
  EXPECT_EQ(error().code, Code::kOk);
}

TEST_F(CompiledTest, NoticesEveryBlockWhenItIsThorough) {
  const std::string whole = file;
  size_t noticed = 0;
  for (size_t i = header().data; i < whole.size(); i += 64) {
    if (std::all_of(&whole[i], &whole[i] + std::min<size_t>(64, whole.size() - i),
                    [](char c) { return c == 0; }))
      continue;  // between blocks
    const size_t at = i;
    file[at] = static_cast<char>(file[at] ^ 16);
    EXPECT_EQ(error(true).code, Code::kInvalidModel) << "byte " << at;
    EXPECT_EQ(error(false).code, Code::kOk) << "byte " << at;
    file[at] = whole[at];
    ++noticed;
  }
  EXPECT_GT(noticed, 100u);
}

// Whoever seals what he has changed gets an error or a result, and nothing is read that is not there.
TEST_F(CompiledTest, SurvivesSealedNonsense) {
  const std::string whole = file;
  const size_t head = sizeof(compiled::Header) + header().head_bytes;
  size_t refused = 0;
  for (size_t i = sizeof(compiled::Header); i < head; ++i)
    for (const uint8_t value : {uint8_t{0}, uint8_t{0xff}}) {
      file[i] = static_cast<char>(value);
      seal();
      // Of the source, for a shape that is drawn, and of what was made of it.
      const Status status = load_and_run_compiled(bytes_of(file), RunLimits());
      EXPECT_NE(status.code(), Code::kInternal) << i << ": " << status.message();
      refused += status.is_ok() ? 0 : 1;
      file[i] = whole[i];
    }
  EXPECT_GT(refused, head / 3);
}

// The same for packings alone, which no table describes but the one of their sizes.
TEST_F(CompiledTest, PacksAnewWhatHasAnotherSize) {
  const size_t begin = sizeof(compiled::Header), end = begin + header().head_bytes;
  // Blocks are told as offset, bytes and hash; packings come last, those of the convolutions among them.
  size_t changed = 0;
  for (size_t at = begin; at + sizeof(compiled::Block) <= end; ++at) {
    compiled::Block b;
    std::memcpy(&b, file.data() + at, sizeof b);
    if (b.offset % compiled::kAlign != 0 || b.bytes < 1024 || b.bytes > file.size() ||
        b.offset > file.size() || header().data + b.offset + b.bytes > file.size())
      continue;
    if (hash64(bytes_of(file).subspan(header().data + b.offset, b.bytes)) != b.hash) continue;
    const std::string before = file;
    b.bytes -= 64;
    std::memcpy(file.data() + at, &b, sizeof b);
    seal();
    const auto loaded = load_compiled(bytes_of(file), ModelOptions()).value();
    if (const auto program = loaded->program(inputs); program.is_ok()) {
      ++changed;
      expect_same(loaded, {2, 16, 14, 12});
    } else {
      EXPECT_EQ(program.error().code, Code::kInvalidModel) << program.error().message;  // of a constant
    }
    file = before;
    at += sizeof(compiled::Block) - 1;
  }
  EXPECT_GE(changed, 2u);
}

// Without VNNI the packing of quantised weights says where in a row they belong: not beyond it.
TEST(Compiled, ChecksTheOrderOfQuantisedWeights) {
  if (!isa::runs_on(isa::kAvx2Level, cpu_isa())) GTEST_SKIP() << "no AVX2";
  Graph g;
  const auto number = [&](float v) { return g.add_constant("", Tensor::scalar_f32(v)); };
  const auto bytes = [&](DType type, Dims dims, int step) {
    Tensor t = Tensor::allocate(type, std::move(dims)).value();
    for (int64_t i = 0; i < t.elements(); ++i)
      t.mutable_data<uint8_t>()[i] = static_cast<uint8_t>(step * (i % 31 - 15));
    return g.add_constant("", t);
  };
  const ValueId x = g.add_input("x", Fact(DType::kU8, Dims{1, 16, 9, 9})), y = g.add_value("y");
  g.add_node(node("QLinearConv",
                  {x, number(0.5f), bytes(DType::kU8, {}, 0), bytes(DType::kI8, {40, 16, 3, 3}, 3),
                   number(0.01f), bytes(DType::kI8, {}, 0), number(0.5f), bytes(DType::kU8, {}, 0)},
                  {y}));
  g.outputs = {y};
  ASSERT_TRUE(infer_graph(g).is_ok());
  ModelOptions options;
  options.kernel.isa = isa::kAvx2Level;
  const std::vector<Fact> inputs{g.value(x).fact};
  const std::string whole =
      compiled(*Model::create(std::move(g), options).value(), std::span(&inputs, 1)).value();
  compiled::Header header;
  std::memcpy(&header, whole.data(), sizeof header);
  size_t refused = 0;
  for (size_t at = header.data; at + 4 <= whole.size(); at += 4) {
    std::string file = whole;
    file.replace(at, 4, "\x7f\x7f\x7f\x7f");
    const auto loaded = load_compiled(bytes_of(file), options).value();
    Session s(loaded);
    Tensor image = Tensor::allocate(DType::kU8, {1, 16, 9, 9}).value();
    std::memset(image.mutable_data<uint8_t>(), 7, 16 * 9 * 9);
    ASSERT_TRUE(s.set_input(0, image).is_ok());
    const Status status = s.run();
    if (status.is_ok()) continue;
    EXPECT_EQ(status.code(), Code::kInvalidModel) << status.message();
    EXPECT_NE(status.message().find("packed weights"), std::string::npos) << status.message();
    ++refused;
  }
  // 36 quads a row, 32 columns and then 8, each with the numbers of its sums.
  EXPECT_EQ(refused, 2u * (36 + 3));
}

// What programs read lies together: small constants, packings, and apart from them the large constants that
// were packed. The file is put in pieces of a huge page.
TEST(Compiled, PutsPackedConstantsLast) {
  Graph g;
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{4, 1024}));
  const ValueId a = g.add_value("a"), b = g.add_value("b"), y = g.add_value("y");
  g.add_node(node("MatMul", {x, g.add_constant("w1", filled({1024, 512}, 0.01f))}, {a}));
  g.add_node(node("MatMul", {a, g.add_constant("w2", filled({512, 512}, 0.02f))}, {b}));
  g.add_node(node("Add", {b, g.add_constant("shift", filled({512}, 1))}, {y}));
  g.outputs = {y};
  ASSERT_TRUE(infer_graph(g).is_ok());
  const auto model = Model::create(std::move(g), ModelOptions()).value();
  const std::vector<Fact> inputs{Fact(DType::kF32, Dims{4, 1024})};
  std::vector<size_t> pieces;
  std::string file;
  CompiledSize size;
  const auto put = [&](std::span<const std::byte> piece) {
    pieces.push_back(piece.size());
    file.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    return true;
  };
  ASSERT_TRUE(write_compiled(*model, ImportReport(), std::span(&inputs, 1), put, &size).is_ok());
  ASSERT_GE(pieces.size(), 2u);
  for (const size_t bytes : std::span(pieces).first(pieces.size() - 1)) EXPECT_EQ(bytes, size_t{2} << 20);

  const Bytes bytes = copy_bytes(bytes_of(file));
  const auto loaded = load_compiled(bytes.view, ModelOptions()).value();
  std::vector<const void*> sources, packings;
  const auto look = [&](const void* source, size_t, const std::string&, const PackCache::Packed& packed) {
    sources.push_back(source);
    packings.push_back(packed.data.get());
    return ok();
  };
  ASSERT_TRUE(loaded->packs()->visit(look).is_ok());
  ASSERT_EQ(packings.size(), 2u);
  EXPECT_LT(*std::max_element(packings.begin(), packings.end()),
            *std::min_element(sources.begin(), sources.end()));
}

TEST(Compiled, OperatorsAreFoundByNumber) {
  for (const OpDef* op : ops::all()) {
    const uint32_t number = ops::number_of(*op);
    EXPECT_EQ(ops::at(number, op->domain, op->name), op);
    EXPECT_EQ(ops::at(number, "elsewhere", op->name), nullptr);
    EXPECT_EQ(ops::at(number + 1, op->domain, op->name), nullptr);
  }
  EXPECT_EQ(ops::at(UINT32_MAX, "", "Relu"), nullptr);
}

TEST(Compiled, SaneModelsGiveTheSameBits) {
  size_t compared = 0;
  for (const HostileModel& m : sane_onnx_models()) {
    SCOPED_TRACE(m.name);
    const Bytes bytes{nullptr, std::as_bytes(std::span(m.bytes))};
    RunLimits limits;
    auto graph = import_onnx(bytes, import_options(bytes, limits));
    if (!graph.is_ok()) continue;
    auto source = Model::create(std::move(graph).value(), model_options(limits));
    if (!source.is_ok()) continue;
    auto drawn = draw_inputs(*source.value(), bytes.view);
    if (!drawn.is_ok()) continue;
    const auto outputs = [&](const std::shared_ptr<Model>& model, std::vector<Datum>* out) -> Status {
      Session s(model);
      s.set_timeout(limits.time);
      for (size_t i = 0; i < drawn.value().size(); ++i) LITE_TRY(s.set_input(i, drawn.value()[i]));
      LITE_TRY(s.run());
      for (size_t i = 0; i < model->num_outputs(); ++i) out->push_back(s.output(i));
      return ok();
    };
    std::vector<Datum> want, got;
    if (!outputs(source.value(), &want).is_ok()) continue;
    std::vector<Fact> facts;
    for (size_t i = 0; i < drawn.value().size(); ++i)
      facts.push_back(fact_of(drawn.value()[i], &source.value()->input(i).fact));
    auto file = compiled(*source.value(), std::span(&facts, 1));
    ASSERT_TRUE(file.is_ok()) << file.error().message;
    const auto again = load_compiled(bytes_of(file.value()), model_options(limits), {}, true);
    ASSERT_TRUE(again.is_ok()) << again.error().message;
    EXPECT_EQ(dump_text(*again.value()->whole_graph().value()), dump_text(source.value()->graph()));
    const Status status = outputs(again.value(), &got);
    ASSERT_TRUE(status.is_ok()) << status.message();
    ASSERT_EQ(got.size(), want.size());
    for (size_t i = 0; i < want.size(); ++i)
      if (want[i].kind == Kind::kTensor) {
        EXPECT_TRUE(same_bits(got[i].tensor, want[i].tensor));
      }
    ++compared;
  }
  EXPECT_GT(compared, 5u);
}

}  // namespace
}  // namespace lite::test
