// Runs ONNX backend cases, written as files, through the importer and the reference interpreter.
//
//   run_node_cases DIR [--only TEXT] [--verbose]
//
// DIR holds index.json (a list "cases" of {dir, name, category, rtol, atol, ops}) and, per case, model.onnx
// and test_data_set_*/{input,output}_*.pb. Each case runs in a process of its own. Prints the counts per
// category and every case that does not pass; the exit code is 0 whatever they are, for the caller compares
// the counts.

#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include "core/import/onnx/onnx.h"
#include "core/ir/op_def.h"

namespace {

namespace fs = std::filesystem;
using lite::Datum;
using lite::Kind;
using lite::Result;
using lite::Status;

std::string read_file(const fs::path& path) {
  std::ifstream f(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(f), {}};
}

lite::Bytes bytes_of(const std::string& s) { return lite::copy_bytes(std::as_bytes(std::span(s))); }

// A TensorProto through the importer: a model whose one initializer is also its output.
Result<lite::Tensor> tensor_of(std::string tensor) {
  constexpr const char* kName = "x";
  protozero::pbf_writer(tensor).add_string(8, kName);  // the last name counts
  std::string output, graph, opset, model;
  protozero::pbf_writer(output).add_string(1, kName);
  protozero::pbf_writer g(graph);
  g.add_string(2, "g");
  g.add_message(5, tensor);
  g.add_message(12, output);
  protozero::pbf_writer o(opset);
  o.add_string(1, "");
  o.add_int64(2, 24);
  protozero::pbf_writer m(model);
  m.add_int64(1, 10);
  m.add_message(7, graph);
  m.add_message(8, opset);
  LITE_ASSIGN(const lite::Graph parsed, lite::import_onnx(bytes_of(model)));
  return parsed.value(parsed.outputs[0]).constant;
}

Result<Datum> datum_of(const std::string& bytes, const lite::Fact& fact) {
  Datum d;
  d.kind = fact.kind;
  if (fact.kind == Kind::kTensor) {
    LITE_ASSIGN(d.tensor, tensor_of(bytes));
    return d;
  }
  if (fact.element) d.element = fact.element->dtype;
  // Sequences: tensors in field 3, sequences in 5, optionals in 7. Optionals: a tensor in 3, a sequence in 5.
  protozero::pbf_reader r(bytes);
  const lite::Fact plain;
  const lite::Fact& element = fact.element ? *fact.element : plain;
  while (r.next()) {
    if (r.tag() == 3 || r.tag() == 5 || r.tag() == 7) {
      const auto view = r.get_view();
      LITE_ASSIGN(Datum item, datum_of(std::string(view.data(), view.size()), element));
      d.items.edit().push_back(std::move(item));
    } else {
      r.skip();
    }
  }
  return d;
}

Status compare(const Datum& got, const Datum& want, double rtol, double atol) {
  if (got.kind != want.kind)
    return lite::fail(lite::Code::kInternal, "is a ", kind_name(got.kind), ", wanted a ",
                      kind_name(want.kind));
  if (got.kind != Kind::kTensor) {
    if (got.items.size() != want.items.size())
      return lite::fail(lite::Code::kInternal, "has ", got.items.size(), " items, wanted ",
                        want.items.size());
    for (size_t i = 0; i < got.items.size(); ++i) LITE_TRY(compare(got.items[i], want.items[i], rtol, atol));
    return lite::ok();
  }
  const lite::Tensor &g = got.tensor, &w = want.tensor;
  if (g.dtype() != w.dtype())
    return lite::fail(lite::Code::kInternal, "is ", dtype_name(g.dtype()), ", wanted ",
                      dtype_name(w.dtype()));
  if (!(g.dims() == w.dims()))
    return lite::fail(lite::Code::kInternal, "has shape ", g.dims(), ", wanted ", w.dims());
  if (!is_float(g.dtype())) {
    if (lite::same_bits(g, w)) return lite::ok();
    for (int64_t i = 0; i < g.elements(); ++i) {
      if (g.dtype() == lite::DType::kString
              ? g.strings()[static_cast<size_t>(i)] == w.strings()[static_cast<size_t>(i)]
              : g.int_at(i) == w.int_at(i))
        continue;
      if (g.dtype() == lite::DType::kString)
        return lite::fail(lite::Code::kInternal, "element ", i, " is '", g.strings()[static_cast<size_t>(i)],
                          "', wanted '", w.strings()[static_cast<size_t>(i)], "'");
      return lite::fail(lite::Code::kInternal, "element ", i, " is ", g.int_at(i), ", wanted ", w.int_at(i));
    }
    return lite::ok();  // the unused bits of a last byte
  }
  for (int64_t i = 0; i < g.elements(); ++i) {
    const double a = g.float_at(i), b = w.float_at(i);
    if (a == b || (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= atol + rtol * std::abs(b)) continue;
    return lite::fail(lite::Code::kInternal, "element ", i, " is ", a, ", wanted ", b);
  }
  return lite::ok();
}

Status run_case(const fs::path& dir, double rtol, double atol) {
  lite::ImportOptions options;
  options.base_dir = dir.string();
  LITE_ASSIGN(const lite::Bytes model, lite::map_file((dir / "model.onnx").string()));
  LITE_ASSIGN(const lite::Graph graph, lite::import_onnx(model, options));
  for (int set = 0;; ++set) {
    const fs::path data = dir / lite::cat("test_data_set_", set);
    if (!fs::exists(data)) return lite::ok();
    std::vector<Datum> inputs;
    for (size_t i = 0; i < graph.inputs.size(); ++i) {
      LITE_ASSIGN(Datum d, datum_of(read_file(data / lite::cat("input_", i, ".pb")),
                                    graph.value(graph.inputs[i]).fact));
      inputs.push_back(std::move(d));
    }
    LITE_ASSIGN(const std::vector<Datum> outputs, lite::interpret(graph, inputs));
    for (size_t i = 0; i < outputs.size(); ++i) {
      LITE_ASSIGN(const Datum want, datum_of(read_file(data / lite::cat("output_", i, ".pb")),
                                             graph.value(graph.outputs[i]).fact));
      LITE_TRY(compare(outputs[i], want, rtol, atol).with_context(lite::cat("wrong: output ", i)));
    }
  }
}

// In a child, so that a crash or a hang costs one case: what went wrong, empty when nothing did.
std::string isolated(const fs::path& dir, double rtol, double atol) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    alarm(60);
    std::string text;
    try {
      const Status s = run_case(dir, rtol, atol);
      if (!s.is_ok()) text = lite::cat(code_name(s.code()), ": ", s.message());
    } catch (const std::exception& e) {
      text = lite::cat("exception: ", e.what());
    }
    text.resize(std::min<size_t>(text.size(), 4000));
    const ssize_t n = write(ends[1], text.data(), text.size());
    _exit(n == static_cast<ssize_t>(text.size()) ? 0 : 3);
  }
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t n; (n = read(ends[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<size_t>(n));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return lite::cat("crash: signal ", WTERMSIG(status));
  if (WEXITSTATUS(status) != 0) return lite::cat("crash: exit ", WEXITSTATUS(status));
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: run_node_cases DIR [--only TEXT] [--verbose]\n";
    return 2;
  }
  const fs::path root = argv[1];
  std::string only;
  bool verbose = false;
  for (int i = 2; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--only" && i + 1 < argc) only = argv[++i];
    if (std::string_view(argv[i]) == "--verbose") verbose = true;
  }
  const auto index = nlohmann::json::parse(read_file(root / "index.json"));
  std::map<std::string, std::pair<int, int>> counts;
  for (const auto& c : index.at("cases")) {
    const std::string name = c.at("name"), category = c.at("category");
    if (name.find(only) == std::string::npos) continue;
    const fs::path at = c.contains("dir") ? root / c.at("dir").get<std::string>()
                                          : root / c.at("suite").get<std::string>() / name;
    const std::string problem = isolated(at, c.value("rtol", 1e-3), c.value("atol", 1e-7));
    auto& [passed, total] = counts[category];
    ++total;
    if (problem.empty()) ++passed;
    if (!problem.empty()) std::cout << "FAIL " << category << ' ' << name << ": " << problem << '\n';
    if (problem.empty() && verbose) std::cout << "pass " << category << ' ' << name << '\n';
  }
  int passed = 0, total = 0;
  for (const auto& [category, n] : counts) {
    std::cout << category << ": " << n.first << " of " << n.second << '\n';
    passed += n.first;
    total += n.second;
  }
  std::cout << "all: " << passed << " of " << total << '\n';
  return 0;
}
