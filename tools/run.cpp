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

// File names have no slashes, whatever outputs are called.
std::string file_name(std::string name) {
  for (char& c : name)
    if (c == '/' || c == '\\' || c == ':') c = '_';
  return name + ".npy";
}

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

void run(const Args& a) {
  Net net;
  a.common.load(net);
  a.inputs.fill(net);
  net.run();
  nlohmann::json all = nlohmann::json::object();
  for (const IoInfo& o : net.outputs()) {
    const LiteTensor t = net.output(o.name);
    const nlohmann::json j = describe(t);
    all[o.name] = j;
    if (!a.common.json) {
      std::printf("%s: %s%s", o.name.c_str(), j["dtype"].get<std::string>().c_str(),
                  j["shape"].dump().c_str());
      if (j.contains("min"))
        std::printf("  min %.6g  max %.6g  mean %.6g", j["min"].get<double>(), j["max"].get<double>(),
                    j["mean"].get<double>());
      std::printf("\n");
      if (a.top > 0) print_top(floats_of(t), a.top);
    }
    if (a.output.empty()) continue;
    std::error_code failed;
    std::filesystem::create_directories(a.output, failed);
    if (failed) throw Failure(kFile, "'" + a.output + "': cannot be made: " + failed.message());
    write_npy((std::filesystem::path(a.output) / file_name(o.name)).string(), dtype_of(t), dims_of(t),
              memory_of(t), bytes_of(t));
  }
  if (a.common.json) std::printf("%s\n", all.dump(2).c_str());
}

}  // namespace

void add_run(CLI::App& app) {
  auto args = std::make_shared<Args>();
  CLI::App* sub = app.add_subcommand("run", "Run a model once");
  args->common.add_to(*sub, true);
  args->inputs.add_to(*sub);
  sub->add_option("--output", args->output, "Folder to write outputs to, as .npy");
  sub->add_option("--top", args->top, "Print the K largest elements of each output")
      ->check(CLI::NonNegativeNumber);
  sub->callback([args] { run(*args); });
}

}  // namespace tool
