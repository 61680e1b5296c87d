// Memory for what oneDNN allocates while a primitive runs: its table of arguments, its closures. Some
// kilobytes each time, which a steady-state run may not take from the heap.
//
// onednn_dep links with --wrap for operator new and delete, so that those of this library come here. Inside a
// Scope, new takes from the thread's arena as long as there is room; everywhere else, and in programs that
// link the static library without those flags, it is the usual one.
#pragma once

namespace lite::onednn {

// Allocations of this thread come from its arena while one lives. Scopes nest.
class ArenaScope {
 public:
  ArenaScope() noexcept;
  ~ArenaScope();
  ArenaScope(const ArenaScope&) = delete;
  ArenaScope& operator=(const ArenaScope&) = delete;

 private:
  void* outer_;
};

}  // namespace lite::onednn
