#include <algorithm>
#include <map>

#include "core/base/build_id.h"
#include "core/base/hash.h"
#include "core/base/pages.h"
#include "core/compiled/compiled.h"
#include "core/compiled/format.h"
#include "core/ops/custom.h"
#include "core/ops/registry.h"

namespace lite {
namespace compiled {

void seal(std::span<std::byte> header_and_head) {
  Header header;
  std::memcpy(&header, header_and_head.data(), sizeof header);
  header.isa = cpu_isa();
  std::memset(header.build, 0, sizeof header.build);
  build_id().copy(header.build, sizeof header.build - 1);
  header.checksum = 0;
  std::memcpy(header_and_head.data(), &header, sizeof header);
  header.checksum = hash64(header_and_head);
  std::memcpy(header_and_head.data(), &header, sizeof header);
}

namespace {

uint64_t round_up(uint64_t n, uint64_t to) { return (n + to - 1) / to * to; }

class Writer {
 public:
  explicit Writer(const Model& model) : model_(model) {}

  Status prepare(const ImportReport& r, std::span<const std::vector<Fact>> inputs) {
    LITE_TRY(compile(inputs));
    report(r);
    outside(*whole_);
    whole(*whole_);
    out_.count(specialised_.size());
    for (const SpecialisedGraph& s : specialised_) {
      out_.count(s.inputs.size());
      for (const Fact& f : s.inputs) fact(f);
      whole(s.graph);
    }
    const size_t constants = blocks_.size();
    LITE_TRY(packings());
    lay_out(constants);

    Out head;
    head.append(report_);
    head.count(ops_.size());
    for (const Op& op : ops_) {
      head.text(op.domain);
      head.text(op.name);
      head.number(static_cast<int64_t>(op.since));
      head.number(static_cast<uint8_t>(op.registered));
      head.number(op.number);
    }
    head.count(blocks_.size());
    for (const auto& [block, tensor] : blocks_) head.number(block);
    head.append(out_);

    Header header{};
    std::copy(std::begin(kMagic), std::end(kMagic), header.magic);
    header.format = kFormat;
    header.head_bytes = head.bytes().size();
    header.data = round_up(sizeof header + header.head_bytes, kPage);
    header.file_bytes = header.data + data_bytes_;
    const auto start = std::as_bytes(std::span(&header, 1));
    front_.assign(start.begin(), start.end());
    front_.insert(front_.end(), head.bytes().begin(), head.bytes().end());
    seal(front_);
    front_.resize(header.data);
    size_.bytes = header.file_bytes;
    size_.nodes = static_cast<size_t>(whole_->num_nodes());
    return ok();
  }

  // In pieces of a huge page: so the file lies in the system's cache on such ones, and is mapped by them.
  bool put(const PutBytes& put) const {
    std::vector<std::byte> piece;
    piece.reserve(kHugePage);
    const auto add = [&](std::span<const std::byte> bytes) {
      while (!bytes.empty()) {
        const size_t taken = std::min(kHugePage - piece.size(), bytes.size());
        piece.insert(piece.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
        bytes = bytes.subspan(taken);
        if (piece.size() < kHugePage) return true;
        if (!put(piece)) return false;
        piece.clear();
      }
      return true;
    };
    if (!add(front_)) return false;
    static constexpr std::byte kZeros[kPage] = {};
    uint64_t at = 0;
    for (const uint32_t i : order_) {
      const auto& [block, tensor] = blocks_[i];
      if (!add(std::span(kZeros).first(block.offset - at))) return false;
      if (block.bytes != 0 && !add({static_cast<const std::byte*>(tensor.raw()), block.bytes})) return false;
      leave(tensor);
      at = block.offset + block.bytes;
    }
    return piece.empty() || put(piece);
  }

  const CompiledSize& size() const { return size_; }

 private:
  struct Op {
    std::string domain, name;
    int since;
    bool registered;
    uint32_t number;  // ops::number_of()
  };

  Status compile(std::span<const std::vector<Fact>> inputs) {
    LITE_ASSIGN(whole_, model_.whole_graph());
    for (const std::vector<Fact>& facts : inputs) {
      LITE_ASSIGN(SpecialisedGraph s, model_.specialise(facts));
      s.graph.metadata.clear();  // nobody asks them
      specialised_.push_back(std::move(s));
      LITE_ASSIGN(std::shared_ptr<const Program> program,
                  model_.compile([&]() -> Result<SpecialisedGraph> { return specialised_.back(); }));
      programs_.push_back(std::move(program));
    }
    // A node with a registered operator has a state, which two graphs in a file cannot share.
    if (!ops::used_by(*whole_).empty()) specialised_.clear();
    return ok();
  }

  // Nobody need keep what has been read.
  static void leave(const Tensor& tensor) {
    tensor.release();
    forget_pages(tensor.address(), tensor.bytes());
  }

  uint32_t op(const OpDef& def, const ops::CustomNodeOp* custom) {
    const void* const key = custom == nullptr ? static_cast<const void*>(&def) : custom->op().get();
    const auto [it, made] = op_of_.emplace(key, static_cast<uint32_t>(ops_.size()));
    if (made && custom == nullptr)
      ops_.push_back({def.domain, def.name, def.since, false, ops::number_of(def)});
    if (made && custom != nullptr)
      ops_.push_back({custom->op()->domain(), custom->op()->name(), def.since, true, 0});
    return it->second;
  }

  uint32_t block(const Tensor& tensor) {
    const auto [it, made] =
        block_of_.emplace(std::pair(tensor.address(), tensor.bytes()), static_cast<uint32_t>(blocks_.size()));
    if (!made) return it->second;
    const uint64_t bytes = tensor.bytes();
    const auto* const data = bytes == 0 ? nullptr : static_cast<const std::byte*>(tensor.raw());
    blocks_.push_back({{0, bytes, hash64({data, static_cast<size_t>(bytes)})}, tensor});
    leave(tensor);
    return it->second;
  }

  // Small ones first, then packings, then the constants that were packed, so that what programs read lies
  // together: the system may map megabytes around what is touched.
  void lay_out(size_t constants) {
    const auto group = [&](uint32_t i) {
      return blocks_[i].first.bytes < kLarge ? 0 : i >= constants ? 1 : 2;
    };
    for (uint32_t i = 0; i < blocks_.size(); ++i) order_.push_back(i);
    std::stable_sort(order_.begin(), order_.end(),
                     [&](uint32_t a, uint32_t b) { return group(a) < group(b); });
    for (const uint32_t i : order_) {
      Block& b = blocks_[i].first;
      b.offset = round_up(data_bytes_, b.bytes < kLarge ? kAlign : kPage);
      data_bytes_ = b.offset + b.bytes;
      (i < constants ? size_.constants : size_.packed) += b.bytes;
    }
  }

  void report(const ImportReport& r) {
    report_.number(r.ir_version);
    report_.number(r.model_version);
    for (const std::string* text : {&r.producer, &r.domain, &r.doc}) report_.text(*text);
    report_.count(r.opsets.size());
    for (const auto& [domain, version] : r.opsets) {
      report_.text(domain);
      report_.number(version);
    }
    for (const std::vector<Dims>* list : {&r.traced_inputs, &r.traced_outputs}) {
      report_.count(list->size());
      for (const Dims& d : *list) report_.numbers<int64_t>({d.data(), d.size()});
    }
  }

  void dims(const Dims& d) { out_.numbers<int64_t>({d.data(), d.size()}); }
  void ids(std::span<const ValueId> list) { out_.numbers(list); }

  void fact(const Fact& f) {
    out_.number(f.dtype);
    out_.number(f.kind);
    out_.number(static_cast<uint8_t>(f.has_rank));
    dims(f.dims);
    out_.number(static_cast<uint8_t>(f.element != nullptr));
    if (f.element) fact(*f.element);
  }

  void tensor(const Tensor& t) {
    out_.number(t.dtype());
    if (!t.defined()) return;
    dims(t.dims());
    if (t.dtype() != DType::kString) return out_.number(block(t));
    for (const std::string& s : t.strings()) out_.text(s);
  }

  void attr(const Attr& a) {
    out_.text(a.name);
    out_.number(static_cast<uint8_t>(a.data.index()));
    std::visit([this](const auto& data) { value(data); }, a.data);
  }
  void value(int64_t v) { out_.number(v); }
  void value(float v) { out_.number(v); }
  void value(const std::string& s) { out_.text(s); }
  void value(const std::vector<int64_t>& list) { out_.numbers(std::span(list)); }
  void value(const std::vector<float>& list) { out_.numbers(std::span(list)); }
  void value(const std::vector<std::string>& list) {
    out_.count(list.size());
    for (const std::string& s : list) out_.text(s);
  }
  void value(const Tensor& t) { tensor(t); }
  void value(const std::vector<Tensor>& list) {
    out_.count(list.size());
    for (const Tensor& t : list) tensor(t);
  }
  void value(const Attr::Graphs& g) { graph(*g); }
  void value(const Fact& f) { fact(f); }

  void heading(const Graph& g) {
    out_.text(g.name);
    out_.count(g.symbols.size());
    for (const std::string& s : g.symbols) out_.text(s);
    out_.count(g.metadata.size());
    for (const auto& [key, text] : g.metadata) {
      out_.text(key);
      out_.text(text);
    }
  }

  // What a load needs of the graph, and what people are told.
  void outside(const Graph& g) {
    heading(g);
    for (const std::vector<ValueId>* list : {&g.inputs, &g.outputs}) {
      out_.count(list->size());
      for (const ValueId v : *list) {
        out_.text(g.value(v).name);
        fact(g.value(v).fact);
      }
    }
    std::string made_for = cpu_isa_name();
    for (const SpecialisedGraph& s : specialised_)
      for (size_t i = 0; i < s.inputs.size(); ++i)
        made_for += cat(i == 0 ? "; " : ", ", g.value(g.inputs[i]).name, " ", to_text(g, s.inputs[i]));
    out_.text(made_for);
    out_.number(static_cast<uint64_t>(g.num_nodes()));
    out_.number(static_cast<uint64_t>(model_.statistics().weight_bytes));
  }

  // In a part of its own, which a load steps over.
  void whole(const Graph& g) {
    Out before;
    std::swap(before, out_);
    graph(g);
    std::swap(before, out_);
    out_.part(before);
  }

  // Precondition: compact().
  void graph(const Graph& g) {
    heading(g);
    out_.count(static_cast<size_t>(g.num_values()));
    for (ValueId v = 0; v < g.num_values(); ++v) {
      out_.text(g.value(v).name);
      tensor(g.value(v).constant);
      if (!g.value(v).is_constant()) fact(g.value(v).fact);
    }
    ids(g.inputs);
    ids(g.outputs);
    out_.numbers(std::span(g.captures));
    out_.count(static_cast<size_t>(g.num_nodes()));
    for (NodeId n = 0; n < g.num_nodes(); ++n) {
      const Node& node = g.node(n);
      out_.number(op(*node.op, ops::custom(node)));
      out_.text(node.name);
      ids(node.in);
      ids(node.out);
      out_.count(node.attrs.size());
      for (const Attr& a : node.attrs) attr(a);
    }
  }

  Status packings() {
    Out list;
    LITE_TRY(model_.packs()->visit([&](const void* source, size_t source_bytes, const std::string& how,
                                       const PackCache::Packed& packed) -> Status {
      const auto it = block_of_.find({source, source_bytes});
      // A constant that only lay badly does not do so in the container.
      if (it == block_of_.end() || how == "aligned") return ok();
      list.number(it->second);
      list.number(block(Tensor::view(DType::kU8, Dims{static_cast<int64_t>(packed.bytes)}, packed.data.get(),
                                     packed.data)));
      list.text(how);
      ++size_.packings;
      return ok();
    }));
    out_.count(size_.packings);
    out_.append(list);
    return ok();
  }

  const Model& model_;
  const Graph* whole_ = nullptr;
  std::vector<SpecialisedGraph> specialised_;
  std::vector<std::shared_ptr<const Program>> programs_;  // they keep alive what is packed
  Out report_, out_;
  std::map<const void*, uint32_t> op_of_;
  std::vector<Op> ops_;
  std::map<std::pair<const void*, size_t>, uint32_t> block_of_;  // by where and how long it is
  std::vector<std::pair<Block, Tensor>> blocks_;
  std::vector<uint32_t> order_;  // of blocks in the file
  uint64_t data_bytes_ = 0;
  std::vector<std::byte> front_;
  CompiledSize size_;
};

}  // namespace
}  // namespace compiled

Result<bool> write_compiled(const Model& model, const ImportReport& report,
                            std::span<const std::vector<Fact>> inputs, const PutBytes& put,
                            CompiledSize* size) {
  compiled::Writer writer(model);
  LITE_TRY(writer.prepare(report, inputs));
  *size = writer.size();
  return writer.put(put);
}

}  // namespace lite
