// The interface between a compiled graph and the code that computes.
//
// compile asks each KernelDef of an operator, best first, whether it can run a node with these types, shapes
// and layouts; the first that does not decline is made, once, and then run many times by any number of
// threads, each with its own workspace. A node that every kernel declines runs by its operator's reference.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/cpu.h"
#include "core/base/thread_pool.h"
#include "core/ir/op_def.h"
#include "core/kernels/pack_cache.h"

namespace lite {

// How the elements of an N,C,spatial... tensor lie in memory. Rank is at least 3 for all but kPlain.
enum class Layout : uint8_t {
  kPlain,         // row-major N,C,spatial
  kChannelsLast,  // N,spatial,C
  kBlocked8,      // N,ceil(C/8),spatial,8; the padding channels hold zeros
  kBlocked16,     // N,ceil(C/16),spatial,16
};
const char* layout_name(Layout layout) noexcept;
// Bytes of a tensor with those logical dims in that layout.
size_t layout_bytes(DType dtype, const Dims& dims, Layout layout);

// One input or output of a node as compiled: everything is known but the contents.
struct Operand {
  DType dtype = DType::kUndefined;  // kUndefined: left out
  Dims dims;                        // logical (N,C,spatial...), whatever the layout
  Layout layout = Layout::kPlain;
  const Tensor* constant = nullptr;  // the content, row-major, when it is known now
  bool present() const { return dtype != DType::kUndefined; }
  int64_t elements() const { return lite::elements(dims); }
  size_t rank_or_zero() const { return present() ? dims.size() : 0; }
};

struct KernelOptions {
  uint32_t isa = cpu_isa();
  bool winograd = true;
  bool reproducible = false;  // the same bits on every ISA, not only for every thread count
  bool unranked = false;      // kernels that expect another to be faster do not decline for that
};

struct NodeQuery {
  const Node& node;
  std::span<const Operand> in, out;
  KernelOptions options;

  AttrReader attrs() const { return AttrReader(node); }
  bool has_in(size_t i) const { return i < in.size() && in[i].present(); }
  bool has_out(size_t i) const { return i < out.size() && out[i].present(); }
};

// What a kernel gets for one run. Pointers are aligned to the element only: they may be the caller's memory,
// a mapped file, or a view into another tensor; most are aligned to 64 bytes.
struct Launch {
  void* const* table;      // every buffer of the program
  const uint32_t* in_ids;  // this node's places in it
  const uint32_t* out_ids;
  void* workspace;  // workspace_bytes(), 64-byte aligned, contents undefined
  const Parallel* parallel;

  template <class T>
  const T* in(size_t i) const {
    return static_cast<const T*>(table[in_ids[i]]);
  }
  template <class T>
  T* out(size_t i) const {
    return static_cast<T*>(table[out_ids[i]]);
  }
};

class Kernel {
 public:
  Kernel() = default;
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  virtual ~Kernel() = default;
  // Any number of threads at once, each with its own launch. Allocates nothing, logs nothing, takes no lock.
  // Fails only for what cannot be known before, such as an index out of range.
  virtual Status run(const Launch& launch) const = 0;
  virtual size_t workspace_bytes() const { return 0; }
  // False when the kernel holds what it needs of input i (packed weights): its constant need not be kept.
  virtual bool reads_input(size_t /*i*/) const { return true; }
  // Bytes that this kernel packed for itself (shared ones count once, in the PackCache).
  virtual size_t packed_bytes() const { return 0; }
};

using WhyNot = const char*;  // nullptr: "I can run it"; otherwise a literal that says why not

// What stands for the name in KernelDef: all operators that programs register.
inline constexpr const char* kRegisteredOps = "*";

struct KernelDef {
  const char* name;  // "conv:onednn", "softmax:simd"
  const char* op;    // operator name, or kRegisteredOps
  WhyNot (*rejects)(const NodeQuery&);
  Result<std::unique_ptr<Kernel>> (*make)(const NodeQuery&, PackCache&);
  // True when output 0 may lie exactly over input `i` (same bytes). May be null = never.
  bool (*in_place)(const NodeQuery&, size_t i) = nullptr;
};

struct KernelTable {
  std::span<const KernelDef> kernels;
};

namespace kernels {

// The first kernel that accepts the node; nullptr when all decline. `why` (optional) collects "name: reason".
const KernelDef* find(const NodeQuery& query, std::vector<std::string>* why = nullptr);
// Every kernel that accepts the node, best first.
std::vector<const KernelDef*> candidates(const NodeQuery& query);
// All kernels, in the order in which they are asked.
std::vector<const KernelDef*> all();

}  // namespace kernels
}  // namespace lite
