#include <algorithm>

#include "core/base/build_id.h"
#include "core/base/hash.h"
#include "core/compiled/compiled.h"
#include "core/compiled/format.h"
#include "core/ir/check_data.h"
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

template <class... Parts>
Error wrong(const Parts&... parts) {
  return invalid_model("compiled model: ", parts...);
}

Status intact(const In& in) {
  if (in.broken()) return wrong("its tables make no sense");
  return ok();
}

struct Operator {
  const OpDef* built_in = nullptr;
  std::shared_ptr<const ops::CustomOp> registered;
  OpRef made() const {
    return built_in != nullptr ? OpRef(built_in)
                               : OpRef(std::make_shared<const ops::CustomNodeOp>(registered));
  }
};

// What graphs refer to.
struct Tables {
  std::shared_ptr<const void> owner;
  std::span<const std::byte> data;
  ImportLimits limits;
  std::vector<Operator> operators;
  std::vector<Block> blocks;
  Graph outside;  // names and types of inputs and outputs, symbols: what whole graphs have, too
};

// Reads facts and graphs. The bytes may be others than were checked when the file was opened.
class Decoder {
 public:
  Decoder(const Tables& tables, In bytes) : in(bytes), tables_(tables) {}

  In in;

  Block block() {
    const uint32_t i = in.below(static_cast<uint32_t>(tables_.blocks.size()));
    return i < tables_.blocks.size() ? tables_.blocks[i] : Block{};
  }

  // Dimensions from `least` on.
  Dims sizes(int64_t least = 0) {
    const size_t rank = in.count(sizeof(int64_t));
    if (rank > tables_.limits.max_rank) {
      in.spoil();
      return {};
    }
    Dims dims(rank);
    for (int64_t& d : dims) {
      d = in.number<int64_t>();
      if (d < least) in.spoil();
    }
    return in.broken() ? Dims{} : dims;
  }

  Result<Fact> fact(size_t symbols, size_t depth) {
    if (depth > tables_.limits.max_depth) return wrong("types are nested deeper than ", depth - 1);
    Fact f;
    f.dtype = static_cast<DType>(in.below(static_cast<uint8_t>(kNumDTypes)));
    f.kind = static_cast<Kind>(in.below<uint8_t>(static_cast<uint8_t>(Kind::kMap) + 1));
    f.has_rank = in.flag();
    f.dims = sizes(symbol_dim(static_cast<int64_t>(symbols) - 1));
    if (!f.has_rank && !f.dims.empty()) in.spoil();
    if (in.flag()) {
      LITE_ASSIGN(Fact element, fact(symbols, depth + 1));
      f.element = std::make_shared<const Fact>(std::move(element));
    }
    return f;
  }

  // What is the same in every graph of the file.
  void heading(Graph& g) {
    g.name = in.text();
    for (size_t n = in.count(4); n > 0; --n) g.symbols.push_back(in.text());
    for (size_t n = in.count(8); n > 0; --n) {
      std::string key = in.text();
      g.metadata[std::move(key)] = in.text();
    }
  }

  Result<Tensor> tensor() {
    const auto dtype = static_cast<DType>(in.below(static_cast<uint8_t>(kNumDTypes)));
    if (dtype == DType::kUndefined) return Tensor();
    Dims dims = sizes();
    const auto elements = checked_elements(dims);
    if (dtype == DType::kString) {
      if (!elements || *elements > static_cast<int64_t>(in.left() / 4)) in.spoil();
      LITE_TRY(intact(in));
      LITE_ASSIGN(Tensor t, Tensor::allocate(dtype, std::move(dims)));
      for (int64_t i = 0; i < *elements; ++i) t.mutable_data<std::string>()[i] = in.text();
      return t;
    }
    const Block b = block();
    LITE_TRY(intact(in));
    if (!elements || dtype_bytes(dtype, *elements) != b.bytes)
      return wrong("a constant of ", dtype_name(dtype), " ", dims, " has ", b.bytes, " bytes");
    const std::span<const std::byte> bytes = tables_.data.subspan(b.offset, b.bytes);
    if (dtype == DType::kBool &&
        std::any_of(bytes.begin(), bytes.end(), [](std::byte v) { return v > std::byte{1}; }))
      return wrong("a constant of bool is neither 0 nor 1");
    return Tensor::view(dtype, std::move(dims), bytes.data(), tables_.owner);
  }

  Result<Attr::Data> attr_data(size_t symbols, size_t depth) {
    switch (in.number<uint8_t>()) {
      case 0:
        return Attr::Data(in.number<int64_t>());
      case 1:
        return Attr::Data(in.number<float>());
      case 2:
        return Attr::Data(in.text());
      case 3:
        return Attr::Data(in.numbers<int64_t>());
      case 4:
        return Attr::Data(in.numbers<float>());
      case 5: {
        std::vector<std::string> list;
        for (size_t n = in.count(4); n > 0; --n) list.push_back(in.text());
        return Attr::Data(std::move(list));
      }
      case 6: {
        LITE_ASSIGN(Tensor t, tensor());
        return Attr::Data(std::move(t));
      }
      case 7: {
        std::vector<Tensor> list;
        for (size_t n = in.count(1); n > 0; --n) {
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
    if (depth > tables_.limits.max_depth) return wrong("bodies are nested deeper than ", depth - 1);
    heading(g);
    symbols = std::max(symbols, g.symbols.size());
    for (size_t n = in.count(5); n > 0; --n) {
      LITE_TRY(one_more(records_, tables_.limits.max_records, "max_records"));
      std::string name = in.text();
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
      if (v < 0 || v >= g.num_values() || made[static_cast<size_t>(v)] != 0) return in.spoil();
      made[static_cast<size_t>(v)] = 1;
    };
    const auto use = [&](ValueId v) {
      if (v < 0 || v >= g.num_values()) in.spoil();
    };
    g.inputs = in.numbers<ValueId>();
    std::for_each(g.inputs.begin(), g.inputs.end(), make);
    g.outputs = in.numbers<ValueId>();
    std::for_each(g.outputs.begin(), g.outputs.end(), use);
    g.captures = in.numbers<Capture>();
    for (const Capture& c : g.captures) make(c.inner);
    for (size_t n = in.count(20); n > 0; --n) {
      LITE_TRY(one_more(nodes_, tables_.limits.max_nodes, "max_nodes"));
      Node node;
      const size_t op = in.below(static_cast<uint32_t>(tables_.operators.size()));
      node.name = in.text();
      node.in = in.numbers<ValueId>();
      node.out = in.numbers<ValueId>();
      for (const ValueId v : node.in)
        if (v != kNoValue) use(v);
      for (const ValueId v : node.out)
        if (v != kNoValue) make(v);
      LITE_TRY(intact(in));
      node.op = tables_.operators[op].made();
      const bool registered = (node.op->traits & kRegistered) != 0;
      size_t attrs = in.count(6);
      node.attrs.reserve(attrs);
      for (; attrs > 0; --attrs) {
        LITE_TRY(one_more(records_, tables_.limits.max_records, "max_records"));
        std::string name = in.text();
        LITE_ASSIGN(Attr::Data data, attr_data(symbols, depth));
        if (registered && std::holds_alternative<Attr::Graphs>(data))
          return wrong("a registered operator has a graph");
        node.attrs.push_back({std::move(name), std::move(data)});
      }
      g.add_node(std::move(node));
    }
    LITE_TRY(intact(in));
    if (depth != 0) return ok();
    const Status sound = g.verify();
    return sound.is_ok() ? ok() : Status(wrong(sound.message()));
  }

 private:
  static Status one_more(size_t& count, size_t most, const char* limit) {
    if (++count <= most) return ok();
    return fail(Code::kLimitExceeded, "compiled model: it has more than ", most, " (", limit, ")");
  }

  const Tables& tables_;
  size_t nodes_ = 0, records_ = 0;
};

Result<Graph> decode(const Tables& tables, std::span<const std::byte> bytes) {
  Graph g;
  Decoder decoder(tables, In(bytes));
  LITE_TRY(decoder.graph(g, 0, 0));
  if (decoder.in.left() != 0) return wrong("there is something after a graph");
  if (g.inputs.size() != tables.outside.inputs.size() || g.outputs.size() != tables.outside.outputs.size())
    return wrong("a graph has other inputs or outputs than the model");
  return g;
}

Result<Graph> decode_whole(const Tables& tables, std::span<const std::byte> bytes) {
  LITE_ASSIGN(Graph g, decode(tables, bytes));
  LITE_TRY(infer_graph(g).with_context("compiled model"));
  const Graph& told = tables.outside;
  const auto same = [&](ValueId a, ValueId b) {
    return g.value(a).name == told.value(b).name && g.value(a).fact == told.value(b).fact;
  };
  if (g.symbols != told.symbols || !std::equal(g.inputs.begin(), g.inputs.end(), told.inputs.begin(), same) ||
      !std::equal(g.outputs.begin(), g.outputs.end(), told.outputs.begin(), same))
    return wrong("its inputs and outputs are not as it says");
  return g;
}

class Reader {
 public:
  Reader(const Bytes& file, const Header& header, const ImportOptions& options, ImportReport& report)
      : tables_(std::make_shared<Tables>()),
        decoder_(*tables_, In(file.view.subspan(sizeof header, header.head_bytes))),
        operators_(options.operators.get()),
        report_(report) {
    tables_->owner = file.owner;
    tables_->data = file.view.subspan(header.data, header.file_bytes - header.data);
    tables_->limits = options.limits;
  }

  Result<CompiledModel> read(bool thorough) {
    In& in = decoder_.in;
    CompiledModel model;
    read_report();
    LITE_TRY(operators());
    LITE_TRY(blocks(thorough));
    LITE_TRY(outside());
    model.graph = tables_->outside;
    model.made_for = in.text();
    model.nodes = in.number<uint64_t>();
    model.weight_bytes = in.number<uint64_t>();
    model.whole = [tables = tables_, bytes = in.bytes()] { return decode_whole(*tables, bytes); };
    for (size_t n = in.count(1); n > 0; --n) {
      StoredGraph& s = model.specialised.emplace_back();
      for (size_t i = in.count(4); i > 0; --i) {
        LITE_ASSIGN(Fact f, decoder_.fact(0, 0));
        s.inputs.push_back(std::move(f));
      }
      if (s.inputs.size() != model.graph.inputs.size()) return wrong("a graph is for other inputs");
      s.graph = [tables = tables_, bytes = in.bytes()] { return decode(*tables, bytes); };
    }
    model.packs = std::make_shared<PackCache>();
    for (size_t n = in.count(12); n > 0; --n) {
      const Block source = decoder_.block(), packed = decoder_.block();
      std::string how = in.text();
      auto* const bytes = const_cast<std::byte*>(tables_->data.data() + packed.offset);
      model.packs->store(
          Tensor::view(DType::kU8, Dims{}, tables_->data.data() + source.offset, tables_->owner),
          std::move(how), {std::shared_ptr<void>(tables_->owner, bytes), packed.bytes});
    }
    LITE_TRY(intact(in));
    if (in.left() != 0) return wrong("there is something after the last table");
    const bool registered = std::any_of(tables_->operators.begin(), tables_->operators.end(),
                                        [](const Operator& op) { return op.registered != nullptr; });
    // The program may unregister them before the graph is asked for.
    if (thorough || registered) {
      LITE_ASSIGN(model.graph, model.whole());
      model.whole = nullptr;
    }
    if (thorough)
      for (const StoredGraph& s : model.specialised) LITE_TRY(s.graph().status());
    return model;
  }

 private:
  void read_report() {
    In& in = decoder_.in;
    report_.ir_version = in.number<int64_t>();
    report_.model_version = in.number<int64_t>();
    for (std::string* text : {&report_.producer, &report_.domain, &report_.doc}) *text = in.text();
    for (size_t n = in.count(12); n > 0; --n) {
      std::string domain = in.text();
      report_.opsets[std::move(domain)] = in.number<int64_t>();
    }
    for (size_t n = in.count(4); n > 0; --n) report_.traced_inputs.push_back(decoder_.sizes());
    // Where they depend on data nobody knew them.
    for (size_t n = in.count(4); n > 0; --n) report_.traced_outputs.push_back(decoder_.sizes(kUnknownDim));
  }

  Status operators() {
    In& in = decoder_.in;
    for (size_t n = in.count(21); n > 0; --n) {
      const std::string domain = in.text(), name = in.text();
      const auto since = in.number<int64_t>();
      Operator& op = tables_->operators.emplace_back();
      const bool registered = in.flag();
      const auto number = in.number<uint32_t>();
      if (in.broken()) break;
      if (!registered)
        op.built_in = ops::at(number, domain, name);
      else if (operators_ != nullptr)
        op.registered = ops::find(*operators_, domain, name, since);
      if (op.registered != nullptr || (op.built_in != nullptr && std::string_view(name) != "Reorder"))
        continue;
      report_.unsupported.push_back(
          {"", name, domain, since, "",
           registered ? "no such operator is registered" : "there is no such operator in this build"});
    }
    LITE_TRY(intact(in));
    if (report_.unsupported.empty()) return ok();
    std::string names;
    for (const UnsupportedNode& n : report_.unsupported)
      names += cat(names.empty() ? "" : ", ", n.domain.empty() ? "" : n.domain + ".", n.op_type);
    return unsupported("compiled model: it has operators that are not there: ", names);
  }

  Status blocks(bool thorough) {
    In& in = decoder_.in;
    for (size_t n = in.count(sizeof(Block)); n > 0; --n) {
      const auto b = in.number<Block>();
      if (b.offset % kAlign != 0 || b.offset > tables_->data.size() ||
          b.bytes > tables_->data.size() - b.offset)
        return wrong("block ", tables_->blocks.size(), " does not lie in the file");
      if (thorough && hash64(tables_->data.subspan(b.offset, b.bytes)) != b.hash)
        return wrong("block ", tables_->blocks.size(), ", ", b.bytes, " bytes, is damaged", kAgain);
      tables_->blocks.push_back(b);
    }
    return intact(in);
  }

  Status outside() {
    Graph& g = tables_->outside;
    decoder_.heading(g);
    for (std::vector<ValueId>* list : {&g.inputs, &g.outputs})
      for (size_t n = decoder_.in.count(13); n > 0; --n) {
        std::string name = decoder_.in.text();
        LITE_ASSIGN(Fact f, decoder_.fact(g.symbols.size(), 0));
        LITE_TRY(check_size(f).with_context("compiled model"));
        list->push_back(g.add_value(std::move(name), std::move(f)));
      }
    return intact(decoder_.in);
  }

  const std::shared_ptr<Tables> tables_;
  Decoder decoder_;
  const ops::CustomOps* const operators_;
  ImportReport& report_;
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
