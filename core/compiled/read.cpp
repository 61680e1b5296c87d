#include <algorithm>

#include "core/base/build_id.h"
#include "core/base/hash.h"
#include "core/compiled/compiled.h"
#include "core/compiled/format.h"
#include "core/ops/custom.h"
#include "core/ops/registry.h"

namespace lite {
namespace compiled {
namespace {

constexpr const char* kAgain = "; compile it again from the source model";

Result<Header> read_header(std::span<const std::byte> file) {
  Header header;
  if (file.size() < sizeof header)
    return invalid_model("compiled model: it has ", file.size(), " bytes, the header alone has ",
                         sizeof header);
  std::memcpy(&header, file.data(), sizeof header);
  const std::string build(header.build, strnlen(header.build, sizeof header.build));
  if (const std::string ours = build_id(); header.format != kFormat || build != ours)
    return unsupported("compiled model: it was compiled by Lite ", build, " (format ", header.format,
                       "), this is Lite ", ours, " (format ", kFormat, ")", kAgain);
  if (header.isa != cpu_isa())
    return unsupported("compiled model: it was compiled for instruction sets 0x", std::hex, header.isa,
                       ", this process has 0x", cpu_isa(), " (", cpu_isa_name(), ")", kAgain);
  // Decryption may leave something behind the end.
  if (header.file_bytes > file.size())
    return invalid_model("compiled model: it has ", file.size(), " bytes, ", header.file_bytes, " wanted",
                         kAgain);
  if (header.head_bytes > file.size() - sizeof header || header.data > header.file_bytes ||
      header.data < sizeof header + header.head_bytes || header.data % kAlign != 0)
    return invalid_model("compiled model: its header makes no sense", kAgain);
  Header bare = header;
  bare.checksum = 0;
  Hash64 hash;
  hash.add(std::as_bytes(std::span(&bare, 1)));
  hash.add(file.subspan(sizeof header, header.head_bytes));
  if (hash.value() != header.checksum) return invalid_model("compiled model: its tables are damaged", kAgain);
  return header;
}

class Reader {
 public:
  Reader(const Bytes& file, const Header& header, const ImportOptions& options, ImportReport& report)
      : owner_(file.owner),
        data_(file.view.subspan(header.data, header.file_bytes - header.data)),
        in_(file.view.subspan(sizeof header, header.head_bytes)),
        options_(options),
        report_(report) {}

  Result<CompiledModel> read(bool thorough) {
    CompiledModel model;
    read_report();
    LITE_TRY(operators());
    LITE_TRY(blocks(thorough));
    LITE_TRY(graph(model.graph, 0, 0));
    for (size_t n = in_.count(1); n > 0; --n) {
      SpecialisedGraph& s = model.specialised.emplace_back();
      for (size_t i = in_.count(4); i > 0; --i) {
        LITE_ASSIGN(Fact f, fact(0, 0));
        s.inputs.push_back(std::move(f));
      }
      LITE_TRY(graph(s.graph, 0, 0));
      if (s.inputs.size() != model.graph.inputs.size() ||
          s.graph.inputs.size() != model.graph.inputs.size() ||
          s.graph.outputs.size() != model.graph.outputs.size())
        return wrong("a specialised graph has other inputs or outputs");
    }
    model.packs = std::make_shared<PackCache>();
    for (size_t n = in_.count(12); n > 0; --n) {
      const Block source = block(), packed = block();
      std::string how = in_.text();
      auto* const bytes = const_cast<std::byte*>(data_.data() + packed.offset);
      model.packs->store(Tensor::view(DType::kU8, Dims{}, data_.data() + source.offset, owner_),
                         std::move(how), {std::shared_ptr<void>(owner_, bytes), packed.bytes});
    }
    LITE_TRY(intact());
    if (in_.left() != 0) return wrong("there is something after the last table");
    LITE_TRY(infer_graph(model.graph).with_context("compiled model"));
    model.made_for = cpu_isa_name();
    for (const SpecialisedGraph& s : model.specialised)
      for (size_t i = 0; i < s.inputs.size(); ++i)
        model.made_for += cat(i == 0 ? "; " : ", ", model.graph.value(model.graph.inputs[i]).name, " ",
                              to_text(model.graph, s.inputs[i]));
    return model;
  }

 private:
  template <class... Parts>
  static Error wrong(const Parts&... parts) {
    return invalid_model("compiled model: ", parts...);
  }
  Status intact() const {
    if (in_.broken()) return wrong("its tables make no sense");
    return ok();
  }

  static Status one_more(size_t& count, size_t most, const char* limit) {
    if (++count <= most) return ok();
    return fail(Code::kLimitExceeded, "compiled model: it has more than ", most, " (", limit, ")");
  }

  void read_report() {
    report_.ir_version = in_.number<int64_t>();
    report_.model_version = in_.number<int64_t>();
    for (std::string* text : {&report_.producer, &report_.domain, &report_.doc}) *text = in_.text();
    for (size_t n = in_.count(12); n > 0; --n) {
      std::string domain = in_.text();
      report_.opsets[std::move(domain)] = in_.number<int64_t>();
    }
    for (size_t n = in_.count(4); n > 0; --n) report_.traced_inputs.push_back(sizes());
    // Where they depend on data nobody knew them.
    for (size_t n = in_.count(4); n > 0; --n) report_.traced_outputs.push_back(sizes(kUnknownDim));
  }

  Status operators() {
    for (size_t n = in_.count(17); n > 0; --n) {
      const std::string domain = in_.text(), name = in_.text();
      const auto since = in_.number<int64_t>();
      Operator& op = operators_.emplace_back();
      const bool registered = in_.flag();
      if (in_.broken()) break;
      if (!registered)
        op.built_in = ops::find(domain, name);
      else if (options_.operators != nullptr)
        op.registered = ops::find(*options_.operators, domain, name, since);
      if (op.registered != nullptr || (op.built_in != nullptr && std::string_view(name) != "Reorder"))
        continue;
      report_.unsupported.push_back(
          {"", name, domain, since, "",
           registered ? "no such operator is registered" : "there is no such operator in this build"});
    }
    LITE_TRY(intact());
    if (report_.unsupported.empty()) return ok();
    std::string names;
    for (const UnsupportedNode& n : report_.unsupported)
      names += cat(names.empty() ? "" : ", ", n.domain.empty() ? "" : n.domain + ".", n.op_type);
    return unsupported("compiled model: it has operators that are not there: ", names);
  }

  Status blocks(bool thorough) {
    for (size_t n = in_.count(sizeof(Block)); n > 0; --n) {
      const auto b = in_.number<Block>();
      if (b.offset % kAlign != 0 || b.offset > data_.size() || b.bytes > data_.size() - b.offset)
        return wrong("block ", blocks_.size(), " does not lie in the file");
      if (thorough && hash64(data_.subspan(b.offset, b.bytes)) != b.hash)
        return wrong("block ", blocks_.size(), ", ", b.bytes, " bytes, is damaged", kAgain);
      blocks_.push_back(b);
    }
    return intact();
  }

  Block block() {
    const uint32_t i = in_.below(static_cast<uint32_t>(blocks_.size()));
    return i < blocks_.size() ? blocks_[i] : Block{};
  }

  // Dimensions from `least` on.
  Dims sizes(int64_t least = 0) {
    const std::vector<int64_t> list = in_.numbers<int64_t>();
    if (list.size() > options_.limits.max_rank ||
        std::any_of(list.begin(), list.end(), [&](int64_t d) { return d < least; }))
      in_.spoil();
    return in_.broken() ? Dims{} : Dims(std::span(list));
  }

  Result<Fact> fact(size_t symbols, size_t depth) {
    if (depth > options_.limits.max_depth) return wrong("types are nested deeper than ", depth - 1);
    Fact f;
    f.dtype = static_cast<DType>(in_.below(static_cast<uint8_t>(kNumDTypes)));
    f.kind = static_cast<Kind>(in_.below<uint8_t>(static_cast<uint8_t>(Kind::kMap) + 1));
    f.has_rank = in_.flag();
    f.dims = sizes(symbol_dim(static_cast<int64_t>(symbols) - 1));
    if (!f.has_rank && !f.dims.empty()) in_.spoil();
    if (in_.flag()) {
      LITE_ASSIGN(Fact element, fact(symbols, depth + 1));
      f.element = std::make_shared<const Fact>(std::move(element));
    }
    return f;
  }

  Result<Tensor> tensor() {
    const auto dtype = static_cast<DType>(in_.below(static_cast<uint8_t>(kNumDTypes)));
    if (dtype == DType::kUndefined) return Tensor();
    Dims dims = sizes();
    const auto elements = checked_elements(dims);
    if (dtype == DType::kString) {
      if (!elements || *elements > static_cast<int64_t>(in_.left() / 4)) in_.spoil();
      LITE_TRY(intact());
      LITE_ASSIGN(Tensor t, Tensor::allocate(dtype, std::move(dims)));
      for (int64_t i = 0; i < *elements; ++i) t.mutable_data<std::string>()[i] = in_.text();
      return t;
    }
    const Block b = block();
    LITE_TRY(intact());
    if (!elements || dtype_bytes(dtype, *elements) != b.bytes)
      return wrong("a constant of ", dtype_name(dtype), " ", dims, " has ", b.bytes, " bytes");
    const std::span<const std::byte> bytes = data_.subspan(b.offset, b.bytes);
    if (dtype == DType::kBool &&
        std::any_of(bytes.begin(), bytes.end(), [](std::byte v) { return v > std::byte{1}; }))
      return wrong("a constant of bool is neither 0 nor 1");
    return Tensor::view(dtype, std::move(dims), bytes.data(), owner_);
  }

  Result<Attr::Data> attr_data(size_t symbols, size_t depth) {
    switch (in_.number<uint8_t>()) {
      case 0:
        return Attr::Data(in_.number<int64_t>());
      case 1:
        return Attr::Data(in_.number<float>());
      case 2:
        return Attr::Data(in_.text());
      case 3:
        return Attr::Data(in_.numbers<int64_t>());
      case 4:
        return Attr::Data(in_.numbers<float>());
      case 5: {
        std::vector<std::string> list;
        for (size_t n = in_.count(4); n > 0; --n) list.push_back(in_.text());
        return Attr::Data(std::move(list));
      }
      case 6: {
        LITE_ASSIGN(Tensor t, tensor());
        return Attr::Data(std::move(t));
      }
      case 7: {
        std::vector<Tensor> list;
        for (size_t n = in_.count(1); n > 0; --n) {
          LITE_ASSIGN(Tensor t, tensor());
          list.push_back(std::move(t));
        }
        return Attr::Data(std::move(list));
      }
      case 8: {
        auto body = std::make_shared<Graph>();
        LITE_TRY(graph(*body, symbols, depth + 1));
        return Attr::Data(Attr::Graphs(std::move(body)));
      }
      case 9: {
        LITE_ASSIGN(Fact f, fact(symbols, 0));
        return Attr::Data(std::move(f));
      }
    }
    return wrong("an attribute is of no known type");
  }
  static_assert(std::variant_size_v<Attr::Data> == 10);

  // `symbols` that graphs around it have.
  Status graph(Graph& g, size_t symbols, size_t depth) {
    if (depth > options_.limits.max_depth) return wrong("bodies are nested deeper than ", depth - 1);
    g.name = in_.text();
    for (size_t n = in_.count(4); n > 0; --n) g.symbols.push_back(in_.text());
    symbols = std::max(symbols, g.symbols.size());
    for (size_t n = in_.count(8); n > 0; --n) {
      std::string key = in_.text();
      g.metadata[std::move(key)] = in_.text();
    }
    for (size_t n = in_.count(5); n > 0; --n) {
      LITE_TRY(one_more(records_, options_.limits.max_records, "max_records"));
      std::string name = in_.text();
      LITE_ASSIGN(Tensor constant, tensor());
      if (constant.defined()) {
        g.add_constant(std::move(name), std::move(constant));
        continue;
      }
      LITE_ASSIGN(Fact f, fact(symbols, 0));
      g.add_value(std::move(name), std::move(f));
    }
    std::vector<char> made(static_cast<size_t>(g.num_values()), 0);  // or known, or given
    for (ValueId v = 0; v < g.num_values(); ++v) made[static_cast<size_t>(v)] = g.value(v).is_constant();
    // Each value comes from one place.
    const auto make = [&](ValueId v) {
      if (v < 0 || v >= g.num_values() || made[static_cast<size_t>(v)] != 0) return in_.spoil();
      made[static_cast<size_t>(v)] = 1;
    };
    const auto use = [&](ValueId v) {
      if (v < 0 || v >= g.num_values()) in_.spoil();
    };
    g.inputs = in_.numbers<ValueId>();
    std::for_each(g.inputs.begin(), g.inputs.end(), make);
    g.outputs = in_.numbers<ValueId>();
    std::for_each(g.outputs.begin(), g.outputs.end(), use);
    g.captures = in_.numbers<Capture>();
    for (const Capture& c : g.captures) make(c.inner);
    for (size_t n = in_.count(20); n > 0; --n) {
      LITE_TRY(one_more(nodes_, options_.limits.max_nodes, "max_nodes"));
      Node node;
      const size_t op = in_.below(static_cast<uint32_t>(operators_.size()));
      node.name = in_.text();
      node.in = in_.numbers<ValueId>();
      node.out = in_.numbers<ValueId>();
      for (const ValueId v : node.in)
        if (v != kNoValue) use(v);
      for (const ValueId v : node.out)
        if (v != kNoValue) make(v);
      LITE_TRY(intact());
      node.op = operators_[op].made();
      const bool registered = (node.op->traits & kRegistered) != 0;
      for (size_t i = in_.count(6); i > 0; --i) {
        LITE_TRY(one_more(records_, options_.limits.max_records, "max_records"));
        std::string name = in_.text();
        LITE_ASSIGN(Attr::Data data, attr_data(symbols, depth));
        if (registered && std::holds_alternative<Attr::Graphs>(data))
          return wrong("a registered operator has a graph");
        node.attrs.push_back({std::move(name), std::move(data)});
      }
      g.add_node(std::move(node));
    }
    LITE_TRY(intact());
    if (depth != 0) return ok();
    const Status sound = g.verify();
    return sound.is_ok() ? ok() : Status(wrong(sound.message()));
  }

  struct Operator {
    const OpDef* built_in = nullptr;
    std::shared_ptr<const ops::CustomOp> registered;
    OpRef made() const {
      return built_in != nullptr ? OpRef(built_in)
                                 : OpRef(std::make_shared<const ops::CustomNodeOp>(registered));
    }
  };

  const std::shared_ptr<const void> owner_;
  const std::span<const std::byte> data_;
  In in_;
  const ImportOptions& options_;
  ImportReport& report_;
  std::vector<Operator> operators_;
  std::vector<Block> blocks_;
  size_t nodes_ = 0, records_ = 0;
};

}  // namespace
}  // namespace compiled

bool looks_like_compiled(std::span<const std::byte> bytes) noexcept {
  return bytes.size() >= sizeof compiled::kMagic &&
         std::memcmp(bytes.data(), compiled::kMagic, sizeof compiled::kMagic) == 0;
}

Result<CompiledModel> read_compiled(const Bytes& bytes, const ImportOptions& options, bool thorough,
                                    ImportReport* report) {
  LITE_ASSIGN(const compiled::Header header, compiled::read_header(bytes.view));
  const bool aligned = reinterpret_cast<uintptr_t>(bytes.view.data()) % compiled::kAlign == 0;
  return compiled::Reader(aligned ? bytes : copy_bytes(bytes.view), header, options, *report).read(thorough);
}

}  // namespace lite
