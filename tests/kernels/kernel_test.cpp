#include "tests/kernels/kernel_test.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/half.h"
#include "tests/kernels/count_malloc.h"

namespace lite::test {
namespace {

constexpr size_t kGuard = 64;
constexpr unsigned char kGuardByte = 0xA5;

// A buffer with guards on both sides; the data is 64-byte aligned.
struct Buffer {
  std::shared_ptr<void> memory;
  size_t bytes = 0;
  explicit Buffer(size_t n)
      : memory(PackCache::allocate(static_cast<size_t>(round_up(static_cast<int64_t>(n), 64)) + 2 * kGuard)
                   .value()
                   .data),
        bytes(n) {
    std::memset(memory.get(), kGuardByte,
                static_cast<size_t>(round_up(static_cast<int64_t>(n), 64)) + 2 * kGuard);
  }
  std::byte* data() const { return static_cast<std::byte*>(memory.get()) + kGuard; }
  bool intact() const {
    const auto* p = static_cast<const unsigned char*>(memory.get());
    const auto untouched = [](unsigned char c) { return c == kGuardByte; };
    return std::all_of(p, p + kGuard, untouched) &&
           std::all_of(p + kGuard + bytes, p + 2 * kGuard + bytes, untouched);
  }
};

// Where element (n, c, s) of an image lies, in elements.
int64_t place(Layout layout, const Dims& dims, int64_t n, int64_t c, int64_t s) {
  const int64_t channels = dims[1], space = elements(std::span(dims.begin() + 2, dims.end()));
  const int64_t block = layout == Layout::kBlocked8 ? 8 : 16;
  switch (layout) {
    case Layout::kPlain:
      return (n * channels + c) * space + s;
    case Layout::kChannelsLast:
      return (n * space + s) * channels + c;
    default:
      return ((n * ceil_div(channels, block) + c / block) * space + s) * block + c % block;
  }
}

template <class F>
void for_image(const Dims& dims, F&& f) {
  const int64_t space = elements(std::span(dims.begin() + 2, dims.end()));
  for (int64_t n = 0; n < dims[0]; ++n)
    for (int64_t c = 0; c < dims[1]; ++c)
      for (int64_t s = 0; s < space; ++s) f(n, c, s);
}

Buffer lay_out(const Tensor& t, Layout layout) {
  Buffer b(layout_bytes(t.dtype(), t.dims(), layout));
  if (layout == Layout::kPlain) {
    if (t.bytes() > 0) std::memcpy(b.data(), t.raw(), t.bytes());
    return b;
  }
  const size_t size = dtype_size(t.dtype());
  std::memset(b.data(), 0, b.bytes);
  int64_t i = 0;
  for_image(t.dims(), [&](int64_t n, int64_t c, int64_t s) {
    const auto to = static_cast<size_t>(place(layout, t.dims(), n, c, s)) * size;
    std::memcpy(b.data() + to, static_cast<const std::byte*>(t.raw()) + static_cast<size_t>(i++) * size,
                size);
  });
  return b;
}

Tensor read_back(const Buffer& b, DType dtype, const Dims& dims, Layout layout) {
  Tensor t = std::move(Tensor::allocate(dtype, dims)).value();
  if (layout == Layout::kPlain) {
    if (t.bytes() > 0) std::memcpy(t.mutable_raw(), b.data(), t.bytes());
    return t;
  }
  const size_t size = dtype_size(dtype);
  std::vector<bool> used(b.bytes / size);
  int64_t i = 0;
  for_image(dims, [&](int64_t n, int64_t c, int64_t s) {
    const auto from = static_cast<size_t>(place(layout, dims, n, c, s));
    used[from] = true;
    std::memcpy(static_cast<std::byte*>(t.mutable_raw()) + static_cast<size_t>(i++) * size,
                b.data() + from * size, size);
  });
  bool zeros = true;
  for (size_t k = 0; k < b.bytes; ++k) zeros = zeros && (used[k / size] || b.data()[k] == std::byte{0});
  EXPECT_TRUE(zeros) << "padding channels do not hold zeros";
  return t;
}

// Worker threads set themselves up when they first take part, so the steady state may be some runs away.
void expect_no_allocation(const Kernel& kernel, const Launch& launch) {
  int64_t count = 0;
  for (int round = 0; round < 20; ++round) {
    const int64_t before = allocations();
    EXPECT_TRUE(kernel.run(launch).is_ok());
    count = allocations() - before;
    if (count == 0) return;
  }
  ADD_FAILURE() << "each run allocates " << count << " times";
}

}  // namespace

Outcome run_kernel(const std::string& kernel, const NodeUnderTest& spec) {
  Outcome outcome;
  Node node;
  node.op = &ops::get(spec.op, spec.domain);
  node.attrs = spec.attrs;
  std::vector<Datum> held(spec.in.begin(), spec.in.end());
  std::vector<const Datum*> in;
  std::vector<Datum> out(1);
  for (size_t i = 0; i < held.size(); ++i) {
    in.push_back(spec.in[i].defined() ? &held[i] : nullptr);
    node.in.push_back(spec.in[i].defined() ? static_cast<ValueId>(i) : kNoValue);
  }
  node.out = {static_cast<ValueId>(held.size())};
  const Status evaluated = evaluate_node(node, in, out);
  if (!evaluated.is_ok()) {
    ADD_FAILURE() << "the reference fails: " << evaluated.message();
    return outcome;
  }
  outcome.want = out[0].tensor;

  std::vector<Operand> operands(spec.in.size());
  std::vector<Buffer> buffers;
  for (size_t i = 0; i < spec.in.size(); ++i) {
    const Tensor& t = spec.in[i];
    if (t.defined())
      operands[i] = {t.dtype(), t.dims(), i < spec.in_layouts.size() ? spec.in_layouts[i] : Layout::kPlain};
    if (t.defined() && i < spec.constant.size() && spec.constant[i]) operands[i].constant = &t;
    buffers.push_back(t.defined() ? lay_out(t, operands[i].layout) : Buffer(0));
  }
  const Operand result{outcome.want.dtype(), outcome.want.dims(), spec.out_layout};
  const NodeQuery query{node, operands, std::span(&result, 1), {}};
  const KernelDef* def = nullptr;
  for (const KernelDef* k : kernels::all())
    if (kernel == k->name && spec.op == k->op) def = k;
  if (def == nullptr) {
    outcome.declined = "there is no kernel " + kernel;
    return outcome;
  }
  if (const WhyNot why = def->rejects(query)) {
    outcome.declined = why;
    return outcome;
  }
  PackCache cache;
  auto made = def->make(query, cache);
  if (!made.is_ok()) {
    outcome.declined = made.error().message;
    return outcome;
  }
  const Kernel& k = *made.value();
  for (size_t i = 0; i < operands.size(); ++i)
    if (operands[i].constant != nullptr && !k.reads_input(i)) buffers[i] = Buffer(0);

  std::vector<uint32_t> ids(spec.in.size() + 1);
  for (size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<uint32_t>(i);
  for (const int threads : {1, 2, 3, 4, 7}) {
    const Buffer output(layout_bytes(result.dtype, result.dims, result.layout)),
        workspace(k.workspace_bytes());
    std::vector<void*> table;
    for (const Buffer& b : buffers) table.push_back(b.data());
    table.push_back(output.data());
    const Parallel parallel{threads};
    const Launch launch{table.data(), ids.data(), ids.data() + spec.in.size(), workspace.data(), &parallel};
    const Status status = k.run(launch);
    EXPECT_TRUE(status.is_ok()) << status.message();
    EXPECT_TRUE(output.intact()) << "the kernel writes outside its output";
    EXPECT_TRUE(workspace.intact()) << "the kernel writes outside its workspace";
    expect_no_allocation(k, launch);
    Tensor got = read_back(output, result.dtype, result.dims, result.layout);
    if (threads == 1)
      outcome.got = std::move(got);
    else
      EXPECT_TRUE(same_bits(got, outcome.got)) << threads << " threads give other bits than 1";
  }
  return outcome;
}

void expect_close(const Outcome& outcome, double relative) {
  ASSERT_EQ(outcome.declined, "");
  double largest = 0, worst = 0;
  for (int64_t i = 0; i < outcome.want.elements(); ++i) {
    largest = std::max(largest, std::fabs(outcome.want.float_at(i)));
    const double difference = std::fabs(outcome.want.float_at(i) - outcome.got.float_at(i));
    worst = std::isnan(difference) ? std::numeric_limits<double>::infinity() : std::max(worst, difference);
  }
  EXPECT_LE(worst, relative * std::max(largest, 1e-30));
}

void expect_same(const Outcome& outcome) {
  ASSERT_EQ(outcome.declined, "");
  ASSERT_EQ(outcome.got.dtype(), outcome.want.dtype());
  int64_t different = 0, first = -1;
  for (int64_t i = 0; i < outcome.want.elements(); ++i)
    if (outcome.got.float_at(i) != outcome.want.float_at(i)) {
      if (first < 0) first = i;
      ++different;
    }
  EXPECT_EQ(different, 0) << "element " << first << " is " << outcome.got.float_at(first) << ", want "
                          << outcome.want.float_at(first);
}

Tensor random_f32(Dims dims, uint32_t seed) {
  Tensor t = std::move(Tensor::allocate(DType::kF32, std::move(dims))).value();
  std::mt19937 rng(seed);
  std::uniform_real_distribution<float> value(-1, 1);
  for (int64_t i = 0; i < t.elements(); ++i) t.mutable_data<float>()[i] = value(rng);
  return t;
}

Tensor narrowed(const Tensor& f32, DType dtype) {
  Tensor t = std::move(Tensor::allocate(dtype, f32.dims())).value();
  for (int64_t i = 0; i < t.elements(); ++i) {
    const float v = f32.data<float>()[i];
    t.mutable_data<uint16_t>()[i] = dtype == DType::kF16 ? f32_to_f16(v) : f32_to_bf16(v);
  }
  return t;
}

Tensor random_int(DType dtype, Dims dims, int lo, int hi, uint32_t seed) {
  Tensor t = std::move(Tensor::allocate(dtype, std::move(dims))).value();
  std::mt19937 rng(seed);
  std::uniform_int_distribution<int> value(lo, hi);
  for (int64_t i = 0; i < t.elements(); ++i) {
    const int v = value(rng);
    if (dtype == DType::kU8)
      t.mutable_data<uint8_t>()[i] = static_cast<uint8_t>(v);
    else if (dtype == DType::kI8)
      t.mutable_data<int8_t>()[i] = static_cast<int8_t>(v);
    else
      t.mutable_data<int32_t>()[i] = v;
  }
  return t;
}

}  // namespace lite::test
