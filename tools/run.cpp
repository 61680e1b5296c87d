// lite run: once through the model, and what came out.

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tools/commands.h"
#include "tools/tensor_file.h"

namespace tool {
namespace {

struct Args {
  Common common;
  Inputs inputs;
  std::string output;
  int top = 0;
};

using Tensor = std::unique_ptr<LiteTensor_s, decltype(&LITE_destroy_tensor)>;

std::vector<float> floats_of(LiteTensor t) {
  if (dtype_of(t) != LITE_FLOAT) return {};
  std::vector<float> v(bytes_of(t) / sizeof(float));
  if (!v.empty()) std::memcpy(v.data(), memory_of(t), v.size() * sizeof(float));
  return v;
}

nlohmann::json describe(LiteTensor t) {
  nlohmann::json j{{"dtype", LITE_get_dtype_name(dtype_of(t))}, {"shape", dims_of(t)}};
  const std::vector<float> v = floats_of(t);
  if (v.empty()) return j;
  double sum = 0;
  for (const float x : v) sum += static_cast<double>(x);
  j["min"] = *std::min_element(v.begin(), v.end());
  j["max"] = *std::max_element(v.begin(), v.end());
  j["mean"] = sum / static_cast<double>(v.size());
  return j;
}

void print_top(const std::vector<float>& v, int top) {
  std::vector<size_t> order(v.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  const size_t n = std::min(order.size(), static_cast<size_t>(top));
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(n), order.end(),
                    [&](size_t a, size_t b) { return v[a] > v[b] || (v[b] != v[b] && v[a] == v[a]); });
  for (size_t i = 0; i < n; ++i) std::printf("  %6zu  %.6g\n", order[i], static_cast<double>(v[order[i]]));
}

// One output, or a part of one: prints it, writes it, and tells what it is.
class Report {
 public:
  explicit Report(const Args& a) : a_(a) {}

  nlohmann::json tensor(const std::string& name, LiteTensor t, int indent) const {
    const nlohmann::json j = describe(t);
    if (!a_.common.json) {
      std::printf("%*s%s: %s%s", indent, "", name.c_str(), j["dtype"].get<std::string>().c_str(),
                  j["shape"].dump().c_str());
      if (j.contains("min"))
        std::printf("  min %.6g  max %.6g  mean %.6g", j["min"].get<double>(), j["max"].get<double>(),
                    j["mean"].get<double>());
      std::printf("\n");
      if (a_.top > 0) print_top(floats_of(t), a_.top);
    }
    if (a_.output.empty()) return j;
    std::error_code failed;
    std::filesystem::create_directories(a_.output, failed);
    if (failed) throw Failure(kFile, "'" + a_.output + "': cannot be made: " + failed.message());
    write_npy((std::filesystem::path(a_.output) / npy_file_name(name)).string(), dtype_of(t), dims_of(t),
              memory_of(t), bytes_of(t));
    return j;
  }

  nlohmann::json value(const std::string& name, LiteValue v, int indent) const {
    LiteValueKind kind = LITE_VALUE_TENSOR;
    check(LITE_get_value_kind(v, &kind));
    LiteTensor t = nullptr;
    if (kind == LITE_VALUE_TENSOR) {
      check(LITE_get_value_tensor(v, &t));
      const Tensor owner(t, &LITE_destroy_tensor);
      return tensor(name, t, indent);
    }
    size_t length = 0;
    check(LITE_get_value_length(v, &length));
    if (!a_.common.json) std::printf("%*s%s: %s of %zu\n", indent, "", name.c_str(), kind_name(kind), length);
    nlohmann::json j{{"kind", kind_name(kind)}, {"length", length}};
    if (kind == LITE_VALUE_MAP) {
      check(LITE_get_map_keys(v, &t));
      const Tensor keys(t, &LITE_destroy_tensor);
      j["keys"] = tensor(name + ".keys", t, indent + 2);
      LiteValue entries = nullptr;
      check(LITE_get_map_values(v, &entries));
      const Value owner(entries);
      j["values"] = value(name + ".values", entries, indent + 2);
      return j;
    }
    j["elements"] = nlohmann::json::array();
    for (size_t i = 0; i < length; ++i) {
      LiteValue element = nullptr;
      check(LITE_get_value_element(v, i, &element));
      const Value owner(element);
      j["elements"].push_back(value(name + "." + std::to_string(i), element, indent + 2));
    }
    return j;
  }

 private:
  const Args& a_;
};

void run(const Args& a) {
  Net net;
  a.common.load(net);
  a.inputs.fill(net);
  net.run();
  nlohmann::json all = nlohmann::json::object();
  const Report report(a);
  for (const IoInfo& o : net.outputs())
    all[o.name] = o.kind == LITE_VALUE_TENSOR ? report.tensor(o.name, net.output(o.name), 0)
                                              : report.value(o.name, net.output_value(o.name).get(), 0);
  if (a.common.json) std::printf("%s\n", all.dump(2).c_str());
}

}  // namespace

void add_run(CommandLine& line) {
  auto args = std::make_shared<Args>();
  Command command = line.add_subcommand("run", "Run a model once");
  args->common.add_to(command, true);
  args->inputs.add_to(command);
  command.option("--output", args->output, "Folder to write outputs to, as .npy");
  command.option("--top", args->top, "Print the K largest elements of each output").at_least_zero();
  command.callback([args] { run(*args); });
}

}  // namespace tool
