#include "tests/kernels/simd_test.h"

#include <cstring>
#include <random>

namespace lite::test {
namespace {

constexpr size_t kGuard = 192;
constexpr unsigned char kGuardByte = 0xa5;

// Bytes with guards around, aligned to `element` and to nothing larger.
class Guarded {
 public:
  Guarded(size_t bytes, size_t element) : bytes_(bytes), store_(bytes + 2 * kGuard + 128, kGuardByte) {
    const auto base = reinterpret_cast<uintptr_t>(store_.data()) + kGuard;
    offset_ = kGuard + (64 - base % 64) % 64 + (element < 64 ? element : 0);
  }
  void* data() { return store_.data() + offset_; }
  void fill(const std::vector<unsigned char>& bytes) {
    std::memcpy(data(), bytes.data(), std::min(bytes.size(), bytes_));
  }
  std::vector<unsigned char> content() const {
    const auto from = store_.begin() + static_cast<std::ptrdiff_t>(offset_);
    return {from, from + static_cast<std::ptrdiff_t>(bytes_)};
  }
  bool intact() const {
    for (size_t i = 0; i < store_.size(); ++i)
      if ((i < offset_ || i >= offset_ + bytes_) && store_[i] != kGuardByte) return false;
    return true;
  }

 private:
  size_t bytes_, offset_ = 0;
  std::vector<unsigned char> store_;
};

Layout at(const std::vector<Layout>& list, size_t i) { return i < list.size() ? list[i] : Layout::kPlain; }

struct Built {
  Graph graph;
  Node node;
  std::vector<Operand> in, out;
  std::vector<Tensor> want;
  std::vector<Tensor> weights;
  Status reference;  // of the run that made `want`
};

// The same values at an odd address, where weights may lie in a model's file.
Tensor misplaced(const Tensor& t) {
  const auto bytes = std::make_shared<std::vector<std::byte>>(t.bytes() + 1);
  std::memcpy(bytes->data() + 1, t.raw(), t.bytes());
  return Tensor::view(t.dtype(), t.dims(), static_cast<const void*>(bytes->data() + 1), bytes);
}

// False when the operator is not there (yet) or the node is wrong; that is reported.
bool build(const KernelCase& c, Built& b) {
  const OpDef* op = ops::find(c.domain, c.op);
  if (op == nullptr) {
    ADD_FAILURE() << c.op << ": no such operator";
    return false;
  }
  Node n;
  n.op = op;
  n.attrs = c.attrs;
  for (const Tensor& t : c.in) n.in.push_back(t.defined() ? b.graph.add_constant("in", t) : kNoValue);
  for (size_t i = 0; i < c.outputs; ++i) n.out.push_back(b.graph.add_value("out"));
  b.node = b.graph.node(b.graph.add_node(std::move(n)));
  if (const Status s = infer_graph(b.graph); !s.is_ok()) {
    ADD_FAILURE() << s.message();
    return false;
  }
  std::vector<Datum> data(c.in.begin(), c.in.end()), out(c.outputs);
  std::vector<const Datum*> in;
  for (size_t i = 0; i < c.in.size(); ++i) in.push_back(c.in[i].defined() ? &data[i] : nullptr);
  b.reference = evaluate_node(b.node, in, out);
  b.weights.resize(c.in.size());
  for (size_t i = 0; i < c.in.size(); ++i) {
    Operand o;
    o.dtype = c.in[i].dtype();
    o.dims = c.in[i].dims();
    o.layout = at(c.in_layouts, i);
    if (i < c.constant.size() && c.constant[i]) {
      const bool large = o.dtype == DType::kF32 && o.dims.size() >= 2;
      b.weights[i] = large ? misplaced(c.in[i]) : c.in[i];
      o.constant = &b.weights[i];
    }
    b.in.push_back(o);
  }
  for (size_t i = 0; i < c.outputs; ++i) {
    const Fact& f = b.graph.value(b.node.out[i]).fact;
    b.want.push_back(out[i].tensor);
    Operand o;
    o.dtype = b.reference.is_ok() ? out[i].tensor.dtype() : f.dtype;
    o.dims = b.reference.is_ok() ? out[i].tensor.dims() : f.dims;
    o.layout = at(c.out_layouts, i);
    b.out.push_back(o);
  }
  return true;
}

std::vector<const KernelDef*> named(const KernelCase& c) {
  if (c.def != nullptr) return {c.def};
  std::vector<const KernelDef*> list;
  for (const KernelDef* k : kernels::all())
    if (c.op == k->op && std::string_view(k->name).find(c.kernel) != std::string_view::npos)
      list.push_back(k);
  return list;
}

Result<std::vector<std::vector<unsigned char>>> run_kernel(const Kernel& kernel, const Built& b,
                                                           const KernelCase& c, int threads, int in_place) {
  std::vector<std::unique_ptr<Guarded>> buffers;
  std::vector<void*> table{nullptr};
  std::vector<uint32_t> in_ids, out_ids;
  for (size_t i = 0; i < c.in.size(); ++i) {
    if (!c.in[i].defined() || !kernel.reads_input(i)) {
      in_ids.push_back(0);
      continue;
    }
    const auto bytes = to_layout(c.in[i], b.in[i].layout);
    buffers.push_back(std::make_unique<Guarded>(bytes.size(), dtype_size(c.in[i].dtype())));
    buffers.back()->fill(bytes);
    in_ids.push_back(static_cast<uint32_t>(table.size()));
    table.push_back(buffers.back()->data());
  }
  std::vector<Guarded*> outs;
  for (size_t i = 0; i < b.out.size(); ++i) {
    if (i == 0 && in_place >= 0) {
      out_ids.push_back(in_ids[static_cast<size_t>(in_place)]);
      for (auto& g : buffers)
        if (g->data() == table[out_ids[0]]) outs.push_back(g.get());
      continue;
    }
    buffers.push_back(std::make_unique<Guarded>(layout_bytes(b.out[i].dtype, b.out[i].dims, b.out[i].layout),
                                                dtype_size(b.out[i].dtype)));
    outs.push_back(buffers.back().get());
    out_ids.push_back(static_cast<uint32_t>(table.size()));
    table.push_back(buffers.back()->data());
  }
  Guarded workspace(
      round_up(static_cast<int64_t>(kernel.workspace_bytes()), 64) > 0 ? kernel.workspace_bytes() : 0, 64);
  Parallel parallel{threads, nullptr};
  const Launch launch{table.data(), in_ids.data(), out_ids.data(), workspace.data(), &parallel};
  LITE_TRY(kernel.run(launch));
  for (const auto& g : buffers) EXPECT_TRUE(g->intact()) << "wrote outside a buffer";
  EXPECT_TRUE(workspace.intact()) << "wrote outside the workspace";
  std::vector<std::vector<unsigned char>> content;
  for (const Guarded* g : outs) content.push_back(g->content());
  return content;
}

// Logical contents of stored bytes; false when padding is not zero.
bool from_layout(const std::vector<unsigned char>& bytes, const Operand& o, Tensor& t) {
  t = std::move(Tensor::allocate(o.dtype, o.dims)).value();
  const size_t element = dtype_size(o.dtype);
  auto* to = static_cast<unsigned char*>(t.mutable_raw());
  if (o.layout == Layout::kPlain) {
    std::memcpy(to, bytes.data(), t.bytes());
    return true;
  }
  const int64_t n = o.dims[0], c = o.dims[1], s = c == 0 || n == 0 ? 0 : o.elements() / n / c;
  const int64_t block = o.layout == Layout::kBlocked8 ? 8 : o.layout == Layout::kBlocked16 ? 16 : c;
  const int64_t stored = round_up(c, block);
  bool clean = true;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t k = 0; k < stored; ++k)
      for (int64_t p = 0; p < s; ++p) {
        const auto* from =
            bytes.data() +
            static_cast<size_t>(((i * (stored / block) + k / block) * s + p) * block + k % block) * element;
        if (k < c)
          std::memcpy(to + static_cast<size_t>((i * c + k) * s + p) * element, from, element);
        else
          for (size_t e = 0; e < element; ++e) clean = clean && from[e] == 0;
      }
  return clean;
}

std::string describe(const KernelCase& c, const Built& b, const KernelDef& k, uint32_t isa, int in_place) {
  std::ostringstream s;
  s << k.name << " " << c.op;
  for (const Operand& o : b.in) s << " " << dtype_name(o.dtype) << o.dims << layout_name(o.layout);
  s << " -> " << dtype_name(b.out[0].dtype) << b.out[0].dims << layout_name(b.out[0].layout) << ", isa "
    << std::hex << isa;
  if (in_place >= 0) s << ", over input " << in_place;
  return s.str();
}

}  // namespace

std::vector<uint32_t> isa_levels() {
  std::vector<uint32_t> list{isa::kNone};
  for (const uint32_t level :
       {uint32_t{isa::kSse41}, isa::kAvx2Level, isa::kAvx512Level, uint32_t{isa::kNeon}, cpu_isa()})
    if (isa::runs_on(level, cpu_isa()) && level != list.back()) list.push_back(level);
  return list;
}

std::vector<unsigned char> to_layout(const Tensor& t, Layout layout) {
  std::vector<unsigned char> bytes(layout_bytes(t.dtype(), t.dims(), layout), 0);
  const auto* from = static_cast<const unsigned char*>(t.raw());
  if (layout == Layout::kPlain) {
    if (!bytes.empty()) std::memcpy(bytes.data(), from, bytes.size());
    return bytes;
  }
  const size_t element = dtype_size(t.dtype());
  const int64_t n = t.dims()[0], c = t.dims()[1], s = t.elements() / n / c;
  const int64_t block = layout == Layout::kBlocked8 ? 8 : layout == Layout::kBlocked16 ? 16 : c;
  const int64_t blocks = ceil_div(c, block);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t k = 0; k < c; ++k)
      for (int64_t p = 0; p < s; ++p)
        std::memcpy(bytes.data() +
                        static_cast<size_t>(((i * blocks + k / block) * s + p) * block + k % block) * element,
                    from + static_cast<size_t>((i * c + k) * s + p) * element, element);
  return bytes;
}

void check_kernels(const KernelCase& c) {
  Built b;
  if (!build(c, b)) return;
  ASSERT_TRUE(b.reference.is_ok()) << c.op << ": " << b.reference.message();
  for (const uint32_t isa : isa_levels()) {
    if (!isa::runs_on(c.needs, isa)) continue;
    const NodeQuery q{b.node, b.in, b.out, KernelOptions{.isa = isa, .unranked = c.unranked}};
    size_t tried = 0;
    std::string why;
    for (const KernelDef* k : named(c)) {
      if (const WhyNot no = k->rejects(q); no != nullptr) {
        why += cat(k->name, ": ", no, "; ");
        continue;
      }
      PackCache packs;
      auto kernel = k->make(q, packs);
      if (!kernel.is_ok()) {
        why += cat(k->name, ": ", kernel.error().message, "; ");
        continue;
      }
      ++tried;
      for (int in_place = -1; in_place < static_cast<int>(c.in.size()); ++in_place) {
        if (in_place >= 0 && (k->in_place == nullptr || !k->in_place(q, static_cast<size_t>(in_place))))
          continue;
        SCOPED_TRACE(describe(c, b, *k, isa, in_place));
        auto one = run_kernel(*kernel.value(), b, c, 1, in_place);
        ASSERT_TRUE(one.is_ok()) << one.error().message;
        for (const int threads : c.threads) {
          auto more = run_kernel(*kernel.value(), b, c, threads, in_place);
          ASSERT_TRUE(more.is_ok()) << more.error().message;
          EXPECT_TRUE(one.value() == more.value()) << threads << " threads give other bits than 1";
        }
        for (size_t i = 0; i < b.out.size(); ++i) {
          Tensor got;
          EXPECT_TRUE(from_layout(one.value()[i], b.out[i], got))
              << "padding channels of output " << i << " are not zero";
          if (c.relative == 0 && c.absolute == 0)
            expect_equal(got, b.want[i]);
          else
            expect_near(got, b.want[i], c.relative, c.absolute);
        }
        if (::testing::Test::HasFailure()) return;
      }
    }
    ASSERT_GT(tried, 0u) << c.op << ": no kernel " << c.kernel << " takes "
                         << (b.in.empty() ? Dims() : b.in[0].dims) << ": " << why;
  }
}

void check_kernels_fail(const KernelCase& c, const std::string& message) {
  Built b;
  if (!build(c, b)) return;
  for (const uint32_t isa : isa_levels()) {
    const NodeQuery q{b.node, b.in, b.out, KernelOptions{.isa = isa}};
    for (const KernelDef* k : named(c)) {
      if (k->rejects(q) != nullptr) continue;
      PackCache packs;
      auto kernel = k->make(q, packs);
      if (!kernel.is_ok()) continue;
      const auto result = run_kernel(*kernel.value(), b, c, 1, -1);
      ASSERT_FALSE(result.is_ok());
      EXPECT_NE(result.error().message.find(message), std::string::npos) << result.error().message;
    }
  }
}

Tensor kernel_result(const KernelCase& c) {
  Built b;
  Tensor t;
  if (!build(c, b)) return t;
  PackCache packs;
  auto kernel = named(c).front()->make(NodeQuery{b.node, b.in, b.out, KernelOptions{}}, packs);
  if (!kernel.is_ok()) {
    ADD_FAILURE() << kernel.error().message;
    return t;
  }
  auto bytes = run_kernel(*kernel.value(), b, c, 1, -1);
  EXPECT_TRUE(bytes.is_ok() && from_layout(bytes.value()[0], b.out[0], t));
  return t;
}

bool accepted_by(const std::string& kernel, const KernelCase& c, const KernelOptions& options) {
  Built b;
  if (!build(c, b)) return false;
  const NodeQuery q{b.node, b.in, b.out, options};
  for (const KernelDef* k : kernels::all())
    if (kernel == k->name) return k->rejects(q) == nullptr;
  ADD_FAILURE() << "there is no kernel " << kernel;
  return false;
}

bool declined(const KernelCase& c) {
  Built b;
  if (!build(c, b)) return false;
  const NodeQuery q{b.node, b.in, b.out, KernelOptions{}};
  for (const KernelDef* k : named(c))
    if (k->rejects(q) == nullptr) return false;
  return true;
}

Tensor random_f32(const Dims& dims, uint32_t seed, float lo, float hi) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<float> values(lo, hi);
  Tensor t = std::move(Tensor::allocate(DType::kF32, dims)).value();
  for (int64_t i = 0; i < t.elements(); ++i) t.mutable_data<float>()[i] = values(engine);
  return t;
}

Tensor random_ints(DType dtype, const Dims& dims, uint32_t seed, int64_t lo, int64_t hi) {
  std::mt19937 engine(seed);
  std::uniform_int_distribution<int64_t> values(lo, hi);
  Tensor t = std::move(Tensor::allocate(dtype, dims)).value();
  const Status s = ops::dispatch<DType::kI8, DType::kU8, DType::kI16, DType::kU16, DType::kI32, DType::kU32,
                                 DType::kI64, DType::kU64, DType::kBool, DType::kF32, DType::kF64>(
      "random_ints", dtype, [&]<class T>() -> Status {
        for (int64_t i = 0; i < t.elements(); ++i) t.mutable_data<T>()[i] = static_cast<T>(values(engine));
        return ok();
      });
  EXPECT_TRUE(s.is_ok());
  return t;
}

Tensor random_bytes(DType type, const Dims& dims, uint32_t seed) {
  return type == DType::kI8 ? random_ints(type, dims, seed, -128, 127)
                            : random_ints(type, dims, seed, 0, 255);
}

Tensor one_byte(DType type, int v) {
  return type == DType::kI8 ? i8({}, {static_cast<int8_t>(v)}) : u8({}, {static_cast<uint8_t>(v)});
}

}  // namespace lite::test
