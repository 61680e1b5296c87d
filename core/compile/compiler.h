// The state of one compilation. Each member function is a stage, in the order in which compile() calls them.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "core/compile/program.h"

namespace lite {

class Compiler {
 public:
  Compiler(const Program::Specialise& specialised, const CompileOptions& options, PackCache& packs)
      : specialised_(specialised),
        options_(options),
        packs_(packs),
        reader_(packs),
        program_(std::make_shared<Program>()) {}

  Result<std::shared_ptr<const Program>> compile();

 private:
  // layouts.cpp: a layout for every value; inserts Reorder nodes. Without nodes that want one of their own
  // all stays row-major.
  bool wants_layouts() const;
  Status assign_layouts();
  // join.cpp: nodes that a kernel takes together become one.
  void join_nodes();
  // micro_batches.cpp: which nodes run for a few images of the batch at a time.
  void split_batches();
  // select.cpp: a step for every node, in order, with its kernel.
  Status select();
  // place.cpp: views, in-place results, offsets in the arena.
  Status place();

  // Values as kernels are asked about them, with the layouts of layout_.
  std::vector<Operand> operands(std::span<const ValueId> ids) const;
  // Those of a node, which may see a part of the batch only.
  std::vector<Operand> operands(NodeId node, std::span<const ValueId> ids) const;
  int32_t group_of(NodeId node) const {
    return group_of_.empty() ? -1 : group_of_[static_cast<size_t>(node)];
  }
  Layout layout(ValueId v) const {
    return static_cast<size_t>(v) < layout_.size() ? layout_[static_cast<size_t>(v)] : Layout::kPlain;
  }
  void set_layout(ValueId v, Layout l) {
    if (layout_.size() <= static_cast<size_t>(v)) layout_.resize(static_cast<size_t>(v) + 1, Layout::kPlain);
    layout_[static_cast<size_t>(v)] = l;
  }
  // `v` in that layout: itself, or the output of a Reorder node, made once.
  ValueId in_layout(ValueId v, Layout l);
  bool feeds_anchor(ValueId v) const { return v != kNoValue && feeds_anchor_[static_cast<size_t>(v)] != 0; }
  const KernelDef* kernel_for(const Node& n, std::span<const Layout> in, std::span<const Layout> out) const;
  void lay_out_node(NodeId id);
  bool is_dynamic(const Node& n) const;
  // With the convolution before it. `uses` are the graph's.
  void join_depthwise(NodeId id, std::span<const int32_t> uses);
  Result<Program::Step> make_step(NodeId id);
  // tune.cpp: the kernel that was, or now is, found to be the fastest; null when there is nothing to choose.
  Result<const KernelDef*> fastest(const NodeQuery& query);
  Result<Tensor> aligned(const Tensor& constant);

  const Program::Specialise& specialised_;
  Graph g_;
  const CompileOptions& options_;
  PackCache& packs_;
  const PackCache::Reader reader_;
  std::shared_ptr<Program> program_;
  std::vector<Layout> layout_;      // by value
  std::vector<char> feeds_anchor_;  // by value
  // By node: the kernel that it was laid out for; null where layouts were not chosen by kernels.
  std::vector<const KernelDef*> found_;
  std::map<std::pair<ValueId, Layout>, ValueId> reordered_;
  bool measured_ = false;             // choices were added
  std::set<std::string> plain_only_;  // nodes whose kernels could not be made in another layout
  std::vector<NodeId> order_;         // of all nodes
  // Nodes that follow each other in order_ and run for `images` of the batch at a time.
  struct Group {
    int64_t images = 0, count = 0;
  };
  std::vector<Group> groups_;
  std::vector<int32_t> group_of_;               // by node: its group, or -1
  std::vector<char> whole_batch_;               // by value: it has a place for the whole batch
  std::vector<NodeId> step_nodes_;              // the node of each step
  std::vector<const KernelDef*> step_kernels_;  // null: reference or dynamic
};

// Rough counts for profiles: floating point operations, and bytes read and written once.
struct Work {
  double flops = 0, bytes = 0;
};
Work estimate_work(const Node& node, std::span<const Operand> in, std::span<const Operand> out);

// Runs a node by its operator's reference on row-major buffers of known shape.
std::unique_ptr<Kernel> make_reference_kernel(const Node& node, std::span<const Operand> in,
                                              std::span<const Operand> out);

}  // namespace lite
