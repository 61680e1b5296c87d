// Which kernel was the fastest for a node: measured on this machine when a network asks for it, remembered by
// the process, and kept in a file from one process to the next.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/kernels/kernel.h"

namespace lite::choices {

struct Choice {
  std::string kernel;
  double microseconds = 0;  // of a run, where it was measured
};

// What the speed of a node's kernels depends on, as one line: operator, attributes, types, shapes, layouts,
// instruction sets, threads. Nodes of any model that agree in this share the choice.
std::string key(const NodeQuery& query, int threads);

// One table in a process. All functions: any thread.
std::optional<Choice> find(const std::string& key);
void remember(const std::string& key, Choice choice);
size_t size();
void clear();

inline constexpr std::string_view kMagic = "lite-choices ";

// The table as a file: a line that names format, library version, processor and instruction sets, then
// "kernel TAB microseconds TAB key" in the order of the keys.
std::string to_text();
// Adds what such a file holds. False, and nothing is added, when it is of another kind, version or processor.
bool read_text(std::string_view text);

// Called, by the thread that compiled, after choices were added by measuring. Null: nothing.
void on_measured(std::function<void()> call);
void measured();

}  // namespace lite::choices
