// The `lite` command.

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "tools/commands.h"
#include "tools/tensor_file.h"

namespace tool {

void Common::add_to(Command& command, bool with_threads) {
  command.option("model", model, "Model file").required();
  command.option("-o,--option", options, "Setting KEY=VALUE; may be repeated");
  add_operators(command, operators);
  command.option("--key-file", key_file, "Key of an encrypted model: bytes, or hexadecimal digits");
  command.option("--tuned", tuned, "What `lite tune` found to be the fastest kernels");
  if (with_threads)
    command.option("-t,--threads", threads, "Threads of a run; 0 = all CPUs of the process").between(0, 1024);
  command.flag("--json", json, "Print JSON");
}

double ms_since(Clock::time_point t) {
  return std::chrono::duration<double, std::milli>(Clock::now() - t).count();
}

void add_operators(Command& command, std::vector<std::string>& paths) {
  command.option("--operators", paths, "Shared library of operators that models may have; may be repeated")
      .one_word();
}

void load_operators(const std::vector<std::string>& paths) {
  // A name without a folder is a file here, if there is one, before it is one of the system's libraries.
  for (const std::string& path : paths) {
    std::error_code ignored;
    const bool here = path.find('/') == std::string::npos && std::filesystem::exists(path, ignored);
    check_file(LITE_load_operator_library((here ? "./" + path : path).c_str()));
  }
}

void Common::prepare(Net& net) const {
  load_operators(operators);
  if (!tuned.empty()) {
    if (!std::filesystem::exists(tuned)) throw Failure(kFile, "'" + tuned + "': there is no such file");
    check_file(LITE_set_persistent_cache(tuned.c_str(), 0));
  }
  for (const std::string& o : options) net.set_option(o);
}

void Common::load(Net& net) const {
  prepare(net);
  net.set_option("threads=" + std::to_string(threads));
  net.load(model, *key());
}

std::unique_ptr<const Key> Common::key() const {
  return key_file.empty() ? std::make_unique<const Key>() : std::make_unique<const Key>(key_file);
}

void Inputs::add_to(Command& command) {
  command.option(
      "-i,--input", given,
      "NAME=FILE.npy, NAME=PICTURE or NAME=random; the name may be left out if there is one input; once for "
      "each element of a sequence, NAME=none for an empty one");
  command.option("-s,--shape", shapes, "NAME=1,3,224,224: shape of a random input whose dimensions are open");
  command.flag("--imagenet", imagenet, "Normalise pictures by ImageNet's mean and deviation");
  command.option("--seed", seed, "Seed of random inputs");
}

std::vector<int64_t> parse_dims(const std::string& argument, const std::string& list) {
  std::vector<int64_t> dims;
  std::string commas = list;
  std::replace(commas.begin(), commas.end(), 'x', ',');
  for (const std::string& d : split(commas, ',')) {
    const std::optional<int64_t> dim = to_number(d);
    if (!dim || *dim < 0) {
      std::string what = "'" + argument + "': '";
      what += d + "' is no dimension, a number of at least 0 is wanted";
      throw Failure(kUsage, what);
    }
    dims.push_back(*dim);
  }
  return dims;
}

Shapes::Shapes(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    const size_t equals = argument.rfind('=');
    if (equals == std::string::npos || equals == 0)
      throw Failure(kUsage, "'" + argument + "' is no NAME=1,3,224,224");
    names.push_back(argument.substr(0, equals));
    dims.push_back(parse_dims(argument, argument.substr(equals + 1)));
  }
  for (size_t i = 0; i < names.size(); ++i)
    list.push_back({names[i].c_str(), dims[i].data(), dims[i].size()});
}

namespace {

Value tensor_value(const Array& a) {
  LiteTensor t = nullptr;
  check(LITE_make_tensor_with_dims(a.dtype, static_cast<int>(a.dims.size()), a.dims.data(), &t));
  const std::unique_ptr<LiteTensor_s, decltype(&LITE_destroy_tensor)> owner(t, &LITE_destroy_tensor);
  if (!a.data.empty()) std::memcpy(memory_of(t), a.data.data(), a.data.size());
  LiteValue v = nullptr;
  check(LITE_make_tensor_value(t, LITE_VALUE_SHARE_MEMORY, &v));
  return Value(v);
}

// A sequence or optional of what the sources name. `kinds`: of the levels of its type.
Value make_value(const std::vector<LiteValueKind>& kinds, size_t level, const std::vector<Array>& elements,
                 const IoInfo& info) {
  LiteValue v = nullptr;
  if (kinds[level] == LITE_VALUE_TENSOR) {
    if (elements.size() != 1)
      throw Failure(kUsage, "input '" + info.name + "' is " + info.type + "; " +
                                std::to_string(elements.size()) + " tensors are given");
    return tensor_value(elements[0]);
  }
  if (kinds[level] == LITE_VALUE_OPTIONAL) {
    const Value inner = elements.empty() ? nullptr : make_value(kinds, level + 1, elements, info);
    check(LITE_make_optional(inner.get(), info.dtype, &v));
    return Value(v);
  }
  if (kinds[level] != LITE_VALUE_SEQUENCE || kinds[level + 1] != LITE_VALUE_TENSOR)
    throw Failure(kUsage, "input '" + info.name + "' is " + info.type + ", which cannot be given here");
  check(LITE_make_sequence(info.dtype, &v));
  Value list(v);
  for (const Array& a : elements) check(LITE_append_value(list.get(), tensor_value(a).get()));
  return list;
}

}  // namespace

void Inputs::fill(const Net& net) const {
  std::vector<IoInfo> infos = net.inputs();
  const auto split = [&](const std::string& text, std::string& name, std::string& value) {
    const size_t eq = text.find('=');
    name = eq == std::string::npos ? "" : text.substr(0, eq);
    value = eq == std::string::npos ? text : text.substr(eq + 1);
    if (name.empty() && infos.size() == 1) name = infos[0].name;
    for (const IoInfo& i : infos)
      if (i.name == name) return;
    std::string all;
    for (const IoInfo& i : infos) all += " '" + i.name + "'";
    throw Failure(kUsage, "'" + text + "': there is no input '" + name + "'; there are:" + all);
  };
  // Open dimensions start as the model says, if it does: MegEngine's files hold those of the dump.
  for (IoInfo& i : infos) {
    int rank = -1;
    if (i.kind == LITE_VALUE_TENSOR) check(LITE_get_tensor_rank(net.input(i.name), &rank));
    if (!i.has_rank || rank != static_cast<int>(i.dims.size())) continue;
    const std::vector<int64_t> start = dims_of(net.input(i.name));
    for (size_t d = 0; d < start.size(); ++d)
      if (i.dims[d] < 0) i.dims[d] = start[d];
  }
  std::string name, value;
  for (const std::string& s : shapes) {
    split(s, name, value);
    for (IoInfo& i : infos) {
      if (i.name != name) continue;
      i.has_rank = true;
      i.dims = parse_dims(s, value);
    }
  }
  for (size_t i = 0; i < infos.size(); ++i) {
    const IoInfo& info = infos[i];
    std::string source = "random";
    std::vector<Array> elements;
    bool named = false;
    for (const std::string& g : given) {
      split(g, name, value);
      if (name != info.name) continue;
      source = value;
      named = true;
      if (info.kind != LITE_VALUE_TENSOR && value != "none")
        elements.push_back(load_input(value, info, imagenet, seed));
    }
    if (info.kind != LITE_VALUE_TENSOR) {
      if (!named && info.kind != LITE_VALUE_OPTIONAL)
        throw Failure(kUsage, "input '" + info.name + "' is " + info.type + "; give its elements with -i " +
                                  info.name + "=..., or -i " + info.name + "=none");
      const Value v = make_value(net.input_kinds(i), 0, elements, info);
      check(LITE_set_input_value(net.get(), info.name.c_str(), v.get()));
      continue;
    }
    const Array a = load_input(source, info, imagenet, seed);
    const LiteTensor t = net.input(info.name);
    check(LITE_set_tensor_dims(t, a.dtype, static_cast<int>(a.dims.size()), a.dims.data()));
    if (!a.data.empty()) std::memcpy(memory_of(t), a.data.data(), a.data.size());
  }
}

}  // namespace tool

namespace {

int run(int argc, char** argv) {
  tool::CommandLine line(
      "lite",
      "Runs, measures and inspects neural-network models.\n\n"
      "Exit codes: 0 done, 1 the model or input was refused, 2 wrong usage, 3 a file could not be read or "
      "written.",
      &LITE_get_build_info);
  tool::add_run(line);
  tool::add_bench(line);
  tool::add_info(line);
  tool::add_graph(line);
  tool::add_check(line);
  tool::add_convert(line);
  tool::add_compile(line);
  tool::add_ops(line);
  tool::add_pack(line);
  tool::add_tune(line);
  tool::add_load_and_run(line);
  std::vector<std::string> words(argv + 1, argv + argc);
  if (argc > 1 && tool::takes_single_dash(argv[1]))
    for (std::string& w : words)
      if (w.size() > 2 && w[0] == '-' && w[1] >= 'a' && w[1] <= 'z') w.insert(0, 1, '-');
  return line.run(std::move(words)) ? 0 : tool::kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const tool::Failure& e) {
    std::fprintf(stderr, "lite: %s\n", e.what());
    return e.code;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "lite: %s\n", e.what());
    return tool::kRefused;
  }
}
