#include "core/compile/choices.h"

#include <charconv>
#include <cstdio>
#include <map>
#include <mutex>

#include "build_config.h"
#include "core/base/cpu.h"

namespace lite::choices {
namespace {

constinit std::mutex g_mutex;
std::map<std::string, Choice>& table() {
  static auto* const t = new std::map<std::string, Choice>;  // threads may outlive static destructors
  return *t;
}
std::function<void()>& listener() {
  static auto* const l = new std::function<void()>;
  return *l;
}

std::string header() {
  return cat(kMagic, "1\t", LITE_BUILD_VERSION, '\t', cpu_model_name(), '\t', cpu_isa_name(), '\n');
}

void write(std::string& text, const Operand& o) {
  if (!o.present()) {
    text += " -";
    return;
  }
  text += cat(' ', dtype_name(o.dtype), o.dims);
  if (o.layout != Layout::kPlain) text += cat(':', layout_name(o.layout));
  if (o.constant != nullptr) text += ":constant";
}

}  // namespace

std::string key(const NodeQuery& q, int threads) {
  std::string text = q.node.op->name;
  for (const Operand& o : q.in) write(text, o);
  text += " ->";
  for (const Operand& o : q.out) write(text, o);
  text += cat(" {", attrs_text(q.node), "} isa ", q.options.isa, q.options.winograd ? "" : " no winograd",
              " threads ", threads);
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  return text;
}

std::optional<Choice> find(const std::string& key) {
  const std::lock_guard lock(g_mutex);
  const auto it = table().find(key);
  return it == table().end() ? std::nullopt : std::optional(it->second);
}

void remember(const std::string& key, Choice choice) {
  const std::lock_guard lock(g_mutex);
  table()[key] = std::move(choice);
}

size_t size() {
  const std::lock_guard lock(g_mutex);
  return table().size();
}

void clear() {
  const std::lock_guard lock(g_mutex);
  table().clear();
}

std::string to_text() {
  std::string text = header();
  const std::lock_guard lock(g_mutex);
  for (const auto& [key, choice] : table()) {
    char us[32];
    std::snprintf(us, sizeof us, "%.3f", choice.microseconds);
    text += cat(choice.kernel, '\t', us, '\t', key, '\n');
  }
  return text;
}

bool read_text(std::string_view text) {
  const std::string wanted = header();
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(wanted.size());
  std::map<std::string, Choice> read;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const size_t first = line.find('\t'), second = first == line.npos ? first : line.find('\t', first + 1);
    if (second == line.npos) return false;
    Choice choice{std::string(line.substr(0, first)), 0};
    const std::string_view us = line.substr(first + 1, second - first - 1);
    const auto [rest, error] = std::from_chars(us.data(), us.data() + us.size(), choice.microseconds);
    if (error != std::errc() || rest != us.data() + us.size()) return false;
    read.insert_or_assign(std::string(line.substr(second + 1)), std::move(choice));
  }
  const std::lock_guard lock(g_mutex);
  for (auto& [key, choice] : read) table().insert_or_assign(key, std::move(choice));
  return true;
}

void on_measured(std::function<void()> call) {
  const std::lock_guard lock(g_mutex);
  listener() = std::move(call);
}

void measured() {
  std::function<void()> call;
  {
    const std::lock_guard lock(g_mutex);
    call = listener();
  }
  if (call) call();
}

}  // namespace lite::choices
