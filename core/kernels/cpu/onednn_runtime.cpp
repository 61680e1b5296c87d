#include "core/kernels/cpu/onednn_runtime.h"

#include <oneapi/dnnl/dnnl_threadpool.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <oneapi/dnnl/dnnl_threadpool.hpp>
#include <oneapi/dnnl/dnnl_threadpool_iface.hpp>
#include <string_view>

#include "core/base/thread_pool.h"
#include "core/kernels/cpu/onednn_arena.h"

namespace lite::onednn {
namespace {

using dnnl::memory;

// The primitive that this thread runs: what it may use, how it was cut, and whether the thread is inside one
// of its parts.
constinit thread_local const Parallel* t_parallel = nullptr;
constinit thread_local int t_parts = 1;
constinit thread_local bool t_in_part = false;

std::atomic<int> g_parts{0};  // 0: by the kind of work

// One adapter serves all threads: what differs between runs is in the two variables above.
class Pool final : public dnnl::threadpool_interop::threadpool_iface {
 public:
  int get_num_threads() const override { return t_parts; }
  bool get_in_parallel() const override { return t_in_part; }
  uint64_t get_flags() const override { return 0; }
  void wait() override {}
  void parallel_for(int n, const std::function<void(int, int)>& fn) override {
    const Parallel serial;
    const Parallel& parallel = t_parallel != nullptr ? *t_parallel : serial;
    parallel.run(n, [&](int64_t i) {
      const ArenaScope arena;
      const bool outer = t_in_part;
      t_in_part = true;
      fn(static_cast<int>(i), n);
      t_in_part = outer;
    });
  }
};

struct Runtime {
  Pool pool;
  dnnl::engine engine;
  dnnl::stream stream;
};

void limit_isa() {
#if defined(__x86_64__) || defined(__i386__)
  const uint32_t have = cpu_isa();
  const auto runs = [&](uint32_t need) { return isa::runs_on(need, have); };
  dnnl_cpu_isa_t level = dnnl_cpu_isa_sse41;
  if (runs(isa::kAvx)) level = dnnl_cpu_isa_avx;
  if (runs(isa::kAvx2Level)) level = dnnl_cpu_isa_avx2;
  if (runs(isa::kAvx2Level | isa::kAvxVnni)) level = dnnl_cpu_isa_avx2_vnni;
  if (runs(isa::kAvx512Level)) {
    level = dnnl_cpu_isa_avx512_core;
    if (runs(isa::kAvx512vnni)) level = dnnl_cpu_isa_avx512_core_vnni;
    if (runs(isa::kAvx512vnni | isa::kAvx512bf16)) level = dnnl_cpu_isa_avx512_core_bf16;
    if (runs(isa::kAvx512vnni | isa::kAvx512bf16 | isa::kAvx512fp16 | isa::kAvxVnni))
      level = dnnl_cpu_isa_avx512_core_fp16;
  }
  // Fails when the program has used this copy of oneDNN before, which it cannot: our symbols are hidden.
  (void)dnnl_set_max_cpu_isa(level);
#endif
}

// Programs hold what they run. oneDNN's own cache is there for nodes that are alike and for a model that is
// loaded again; each entry keeps some 300 KB of generated code, so that its default of 1024 takes as much
// memory as a large model, once shapes vary.
constexpr int kPrimitivesCached = 128;

Runtime& runtime() {
  // Never destroyed: a thread may still run a network while main() returns.
  static Runtime* const instance = [] {
    limit_isa();
    (void)dnnl_set_primitive_cache_capacity(kPrimitivesCached);
    auto* const r = new Runtime;
    r->engine = dnnl::engine(dnnl::engine::kind::cpu, 0);
    r->stream = dnnl::threadpool_interop::make_stream(r->engine, &r->pool);
    return r;
  }();
  return *instance;
}

}  // namespace

const dnnl::engine& engine() { return runtime().engine; }

int parts(Work work) {
  if (const int n = g_parts.load(std::memory_order_relaxed); n != 0) return n;
  static const int cpus = usable_cpus();
  return std::max(work == Work::kImage ? 16 : 4, cpus);
}

void set_parts(int parts) { g_parts.store(parts, std::memory_order_relaxed); }

WhyNot rejects_options(const KernelOptions& options) {
  if (!isa::runs_on(cpu_isa(), options.isa)) return "oneDNN's instruction sets are those of the process";
#if defined(__x86_64__) || defined(__i386__)
  if (!isa::runs_on(isa::kSse41, options.isa)) return "oneDNN needs SSE4.1";
#endif
  if (options.reproducible) return "oneDNN's results differ between instruction sets";
  return nullptr;
}

bool multiplies(DType dtype, const KernelOptions& options) {
  if (dtype == DType::kBF16) return isa::runs_on(isa::kAvx512Level | isa::kAvx512bf16, options.isa);
  if (dtype == DType::kF16) return isa::runs_on(isa::kAvx512Level | isa::kAvx512fp16, options.isa);
  return dtype == DType::kF32;
}

std::optional<memory::data_type> data_type(DType dtype) noexcept {
  switch (dtype) {
    case DType::kF32:
      return memory::data_type::f32;
    case DType::kF16:
      return memory::data_type::f16;
    case DType::kBF16:
      return memory::data_type::bf16;
    case DType::kI32:
      return memory::data_type::s32;
    case DType::kI8:
      return memory::data_type::s8;
    case DType::kU8:
      return memory::data_type::u8;
    default:
      return std::nullopt;
  }
}

memory::desc plain_descriptor(DType dtype, std::span<const int64_t> dims) {
  const Dims strides = row_major_strides(dims);
  return memory::desc(memory::dims(dims.begin(), dims.end()), data_type(dtype).value(),
                      memory::dims(strides.begin(), strides.end()));
}

memory::desc any_descriptor(DType dtype, std::span<const int64_t> dims) {
  return memory::desc(memory::dims(dims.begin(), dims.end()), data_type(dtype).value(),
                      memory::format_tag::any);
}

memory::desc descriptor(const Operand& operand) {
  using Tag = memory::format_tag;
  constexpr Tag kTags[3][3] = {{Tag::nwc, Tag::nhwc, Tag::ndhwc},
                               {Tag::nCw8c, Tag::nChw8c, Tag::nCdhw8c},
                               {Tag::nCw16c, Tag::nChw16c, Tag::nCdhw16c}};
  if (operand.layout == Layout::kPlain) return plain_descriptor(operand.dtype, operand.dims);
  const size_t layout = static_cast<size_t>(operand.layout) - static_cast<size_t>(Layout::kChannelsLast);
  return memory::desc(memory::dims(operand.dims.begin(), operand.dims.end()),
                      data_type(operand.dtype).value(), kTags[layout][operand.dims.size() - 3]);
}

bool is_fast(const dnnl::primitive_desc_base& pd) {
  const std::string_view name = pd.impl_info_str();
  if (name.starts_with("ref") || name.starts_with("simple")) return false;
  // Calls of a GEMM that this build leaves out, so that a loop runs instead; "brgemm" is another thing.
  return !name.starts_with("gemm") && name.find(":gemm") == std::string_view::npos;
}

dnnl::primitive_attr base_attr() {
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attr;
}

Error to_error(const char* who, const dnnl::error& e) {
  switch (e.status) {
    case dnnl_unimplemented:
    case dnnl_invalid_arguments:  // sizes beyond what it is written for
    case dnnl_runtime_error:      // and beyond what it can generate code for
      return unsupported(who, ": oneDNN has no implementation (", e.message, ")");
    case dnnl_out_of_memory:
      return fail(Code::kOutOfMemory, who, ": oneDNN is out of memory");
    default:
      return fail(Code::kInternal, who, ": oneDNN returned ", static_cast<int>(e.status), " (", e.message,
                  ")");
  }
}

CreationScope::CreationScope(Work work) {
  (void)runtime();
  (void)dnnl_threadpool_interop_get_max_concurrency(&before_);
  (void)dnnl_threadpool_interop_set_max_concurrency(parts(work));
}

CreationScope::~CreationScope() { (void)dnnl_threadpool_interop_set_max_concurrency(before_); }

struct Exec::State {
  std::vector<memory> memories;
  std::vector<dnnl_exec_arg_t> args;
};

Exec::Exec(const dnnl::primitive& primitive, std::vector<Arg> args)
    : primitive_(primitive), args_(std::move(args)) {
  const_dnnl_primitive_desc_t pd = primitive.get_primitive_desc();
  dnnl_memory_desc_t copy = nullptr;
  dnnl::error::wrap_c_api(
      dnnl_memory_desc_clone(&copy, dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0)),
      "could not copy the scratchpad's descriptor");
  const memory::desc scratchpad(copy);
  scratchpad_bytes_ = scratchpad.get_size();
  if (scratchpad_bytes_ > 0) args_.push_back({DNNL_ARG_SCRATCHPAD, scratchpad});
  (void)dnnl_threadpool_interop_get_max_concurrency(&parts_);
  give_back(take());
}

Exec::~Exec() {
  for (auto& slot : states_) delete slot.load(std::memory_order_relaxed);
}

Exec::State* Exec::take() const {
  for (auto& slot : states_)
    if (slot.load(std::memory_order_relaxed) != nullptr)
      if (State* const state = slot.exchange(nullptr, std::memory_order_acquire)) return state;
  auto state = std::make_unique<State>();
  for (const Arg& arg : args_) {
    state->memories.push_back(memory(arg.md, engine(), nullptr));
    state->args.push_back({arg.id, state->memories.back().get()});
  }
  return state.release();
}

void Exec::give_back(State* state) const {
  for (auto& slot : states_) {
    State* empty = nullptr;
    if (slot.compare_exchange_strong(empty, state, std::memory_order_release, std::memory_order_relaxed))
      return;
  }
  delete state;
}

Status Exec::run(std::span<const void* const> pointers, const Parallel& parallel) const {
  State* state = nullptr;
  try {
    state = take();
  } catch (const dnnl::error& e) {
    return to_error("oneDNN", e);
  }
  for (size_t i = 0; i < state->args.size(); ++i)
    (void)dnnl_memory_set_data_handle(state->args[i].memory, const_cast<void*>(pointers[i]));

  const Parallel* const outer = t_parallel;
  const bool outer_part = t_in_part;
  const int outer_parts = t_parts;
  t_parallel = &parallel;
  t_parts = parts_;
  t_in_part = false;
  dnnl_status_t status = dnnl_success;
  {
    const ArenaScope arena;
    status = dnnl_primitive_execute(primitive_.get(), runtime().stream.get(),
                                    static_cast<int>(state->args.size()), state->args.data());
  }
  t_parallel = outer;
  t_parts = outer_parts;
  t_in_part = outer_part;
  give_back(state);
  if (status == dnnl_out_of_memory) return fail(Code::kOutOfMemory, "oneDNN: out of memory");
  if (status != dnnl_success)
    return fail(Code::kInternal, "oneDNN: running a primitive returned ", static_cast<int>(status));
  return ok();
}

Status reorder_now(const memory::desc& from, const void* source, const memory::desc& to, void* target) {
  return guarded("reorder", Work::kImage, [&]() -> Status {
    memory in(from, engine(), const_cast<void*>(source));
    memory out(to, engine(), target);
    const dnnl::reorder reorder(in, out);
    dnnl::stream stream = dnnl::threadpool_interop::make_stream(engine(), nullptr);
    reorder.execute(stream, in, out);
    return ok();
  });
}

Result<std::shared_ptr<const PackCache::Packed>> packed(const Tensor& source, const memory::desc& from,
                                                        const memory::desc& to, PackCache& cache,
                                                        const std::string& how) {
  const std::vector<uint8_t> blob = const_cast<memory::desc&>(to).get_blob();
  const std::string prefix = "onednn:" + how + ':';
  std::string key = prefix + std::string(blob.begin(), blob.end());
  // Blobs of equal descriptors differ in bytes between members, which hold anything.
  LITE_TRY(cache.visit([&](const void* address, size_t, const std::string& name, const PackCache::Packed&) {
    if (address != source.address() || name.size() != key.size() ||
        name.compare(0, prefix.size(), prefix) != 0)
      return ok();
    if (to == memory::desc(std::vector<uint8_t>(name.begin() + static_cast<std::ptrdiff_t>(prefix.size()),
                                                name.end())))
      key = name;
    return ok();
  }));
  return cache.get(source, key, to.get_size(),
                   [&](void* block, const void* weights) { return reorder_now(from, weights, to, block); });
}

}  // namespace lite::onednn
