// lite load-and-run: MegEngine's load_and_run, its options and its words, over the C API.
// docs/load-and-run.md has them all.

#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>
#include <mutex>
#include <thread>

#include "tools/commands.h"
#include "tools/load_and_run_input.h"

namespace tool {
namespace {

// Accepted because scripts have them; `why` they change nothing is told.
struct NoEffect {
  const char* name;
  bool takes_value;
  const char* why;
};
constexpr const char* kLayouts = "the engine chooses layouts by itself";
constexpr const char* kFused = "the engine always fuses what it can";
constexpr const char* kRecorded = "runs are always recorded";
constexpr const char* kTensorRt = "there is no TensorRT here";
constexpr const char* kLoaders = "MegEngine's loader libraries are not used; --operators loads ours";
constexpr const char* kFitting = "there are no options to fit";
constexpr NoEffect kNoEffect[] = {
    {"lite", false, "there is one interface"},
    {"mdl", false, "there is one interface"},
    {"copy_to_host", false, "outputs are in the host's memory"},
    {"enable_ioc16", false, "the engine computes in the element types of the model"},
    {"enable_nchw4", false, kLayouts},
    {"enable_chwn4", false, kLayouts},
    {"enable_nchw44", false, kLayouts},
    {"enable_nchw88", false, kLayouts},
    {"enable_nchw32", false, kLayouts},
    {"enable_nchw64", false, kLayouts},
    {"enable_nhwcd4", false, kLayouts},
    {"enable_nchw44_dot", false, kLayouts},
    {"enable_fuse_preprocess", false, kFused},
    {"fuse_grain", false, kFused},
    {"enable_fuse_conv_bias_nonlinearity", false, kFused},
    {"enable_fuse_conv_bias_with_z", false, kFused},
    {"optimize_for_inference", false, kFused},
    {"weight_preprocess", false, "weights are always packed ahead"},
    {"const_shape", false, "each shape has its own plan"},
    {"no_sanity_check", false, "memory plans are checked when they are made"},
    {"record_comp_seq", false, kRecorded},
    {"record_comp_seq2", false, kRecorded},
    {"disable_mem_opt", false, "memory is always planned"},
    {"workspace_limit", true, "workspace is a part of the memory plan"},
    {"enable_jit", false, "there is no such compiler here"},
    {"tensorrt", false, kTensorRt},
    {"tensorrt_cache", true, kTensorRt},
    {"check_dispatch", false, "there are no dispatches to check"},
    {"check_var_value", true, "memory plans are checked when they are made"},
    {"disable_assert_throw", false, "models have no assertions here"},
    {"share_param_mem", false, "weights are used where they lie in the mapped file anyway"},
    {"fast_run_shared_batch_size", true, "each shape has kernels of its own"},
    {"c_opr_lib", true, kLoaders},
    {"c_opr_lib_with_param", false, kLoaders},
    {"c_opr_init_interface", true, kLoaders},
    {"fitting", false, kFitting},
    {"dump_fitting_model", true, kFitting},
};
constexpr size_t kNumNoEffect = std::size(kNoEffect);

struct Args {
  std::string model, key_file;
  std::vector<std::string> operators;
  // How often, and how many times at once.
  int iterations = 10, warm_up = 1, copies = 1;
  // Inputs.
  std::string input;
  int64_t batch = -1;
  // The device.
  bool cpu = false, cuda = false, inplace = false;
  int threads = -1, inplace_threads = -1;
  std::string cores;
  // Choice of kernels.
  bool fast_run = false, full_run = false, reproducible = false, batch_equal = false;
  std::string policy;
  // What is written.
  std::string io_dump, bin_io_dump, bin_out_dump, profile, profile_host, memory_info;
  bool io_dump_stdout = false, io_dump_stderr = false;
  std::string layout_transform, layout_transform_dump;
  std::string packed_model, pack_info, pack_cache, pack_info_method = "NONE", pack_model_method = "NONE",
                                                   raw_model;
  // Looking on.
  bool model_info = false, verbose = false, wait_gdb = false, fake_first = false;
  double range = 0;
  bool set[kNumNoEffect] = {};
  std::string values[kNumNoEffect];

  bool has(std::string_view name) const {
    for (size_t i = 0; i < kNumNoEffect; ++i)
      if (name == kNoEffect[i].name) return set[i] || !values[i].empty();
    return false;
  }
};

// ---- what is wrong with the options, and what they do not do

std::vector<int> core_ids(const Args& a) {
  std::vector<int> ids;
  for (const std::string& part : split(a.cores, ',')) {
    const std::optional<int64_t> id = to_number(part);
    if (!id || *id < 0 || *id >= CPU_SETSIZE)
      throw Failure(kUsage,
                    "--multi_thread_core_ids: '" + part + "' is no core, a number of at least 0 is wanted");
    ids.push_back(static_cast<int>(*id));
  }
  const int threads = std::max(a.threads, a.inplace_threads);
  if (threads < 0)
    throw Failure(kUsage, "--multi_thread_core_ids needs --multithread or --multithread_default");
  if (ids.size() != static_cast<size_t>(threads))
    throw Failure(kUsage, "--multi_thread_core_ids names " + std::to_string(ids.size()) + " cores for " +
                              std::to_string(threads) + " threads");
  return ids;
}

void check_usage(const Args& a) {
  if (a.threads >= 0 && a.inplace_threads >= 0)
    throw Failure(kUsage, "--multithread and --multithread_default exclude each other");
  if (!a.cores.empty()) core_ids(a);
  if (!a.layout_transform.empty() && a.layout_transform != "cpu")
    throw Failure(kUsage, "--layout_transform is '" + a.layout_transform + "', not cpu");
  if (!a.layout_transform_dump.empty() && a.layout_transform.empty())
    throw Failure(kUsage, "--layout_transform_dump needs --layout_transform cpu");
  if (!a.policy.empty() && !std::filesystem::exists(a.policy) && !a.fast_run && !a.full_run)
    throw Failure(kUsage, "--fast_run_algo_policy: there is no '" + a.policy +
                              "', and neither --fast_run nor " + "--full_run to make it");
  for (const auto& [given, name] :
       {std::pair(&a.pack_info, "--pack_info_json"), {&a.pack_cache, "--pack_cache"}})
    if (!given->empty() && a.packed_model.empty())
      throw Failure(kUsage, std::string(name) + " needs --packed_model_dump");
}

void tell_no_effect(const Args& a) {
  for (size_t i = 0; i < kNumNoEffect; ++i)
    if (a.has(kNoEffect[i].name))
      std::fprintf(stderr, "lite: --%s changes nothing: %s\n", kNoEffect[i].name, kNoEffect[i].why);
}

// ---- one network

void make_folder(const std::string& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (failed) throw Failure(kFile, "'" + path + "': cannot be made: " + failed.message());
}

int pin(int thread_id, void* ids) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<size_t>(static_cast<const std::vector<int>*>(ids)->at(static_cast<size_t>(thread_id))),
          &one);
  if (sched_setaffinity(0, sizeof one, &one) != 0)
    std::fprintf(stderr, "lite: thread %d cannot be bound to its core: %s\n", thread_id,
                 std::strerror(errno));
  return 0;
}

void configure(const Args& a, LiteNetwork n) {
  if (a.inplace || a.inplace_threads >= 0) check(LITE_set_cpu_inplace_mode(n));
  if (const int threads = std::max(a.threads, a.inplace_threads); threads >= 0)
    check(LITE_set_cpu_threads_number(n, static_cast<size_t>(threads)));
  int strategy = a.fast_run   ? LITE_ALGO_PROFILE | LITE_ALGO_OPTIMIZED
                 : a.full_run ? LITE_ALGO_PROFILE
                              : LITE_ALGO_HEURISTIC;
  if (a.reproducible || a.batch_equal) strategy |= LITE_ALGO_REPRODUCIBLE;
  check(LITE_set_network_algo_policy(n, static_cast<LiteAlgoSelectStrategy>(strategy)));
  check(LITE_set_network_algo_fastrun_config(n, 0, a.batch_equal ? 1 : 0));
  if (!a.layout_transform.empty()) check(LITE_enable_global_layout_transform(n));
}

void fill_inputs(const Args& a, const Net& net) {
  const std::vector<IoInfo> inputs = net.inputs();
  const auto set = [&](const std::string& name, const Array& array) {
    const LiteTensor t = net.input(name);
    check(LITE_set_tensor_dims(t, array.dtype, static_cast<int>(array.dims.size()), array.dims.data()));
    if (array.data.size() != bytes_of(t))
      throw Failure(kUsage, "input '" + name + "' cannot be filled with " + LITE_get_dtype_name(array.dtype));
    if (!array.data.empty()) std::memcpy(memory_of(t), array.data.data(), array.data.size());
  };
  for (const NamedSource& s : split_sources(a.input))
    for (const NamedArray& named : read_source(s, inputs)) set(named.name, named.array);
  if (a.batch < 1) return;
  for (const IoInfo& i : inputs) {
    const LiteTensor t = net.input(i.name);
    Array whole;
    whole.dtype = dtype_of(t);
    whole.dims = dims_of(t);
    const auto* const data = static_cast<const unsigned char*>(memory_of(t));
    whole.data.assign(data, data + bytes_of(t));
    set(i.name, with_batch(whole, a.batch, i.name));
  }
}

// A file in memory that has a path: what the library writes goes to `to` when it is done. A second opening of
// the standard output would not know where the first one writes.
class MemoryFile {
 public:
  explicit MemoryFile(std::FILE* to) : to_(to), fd_(memfd_create("lite", MFD_CLOEXEC)) {
    if (fd_ < 0) throw Failure(kFile, std::string("no file in memory: ") + std::strerror(errno));
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() {
    char block[4096];
    off_t at = 0;
    for (ssize_t n = 0; (n = pread(fd_, block, sizeof block, at)) > 0; at += n)
      std::fwrite(block, 1, static_cast<size_t>(n), to_);
    close(fd_);
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  std::FILE* to_;
  int fd_;
};

void look_inside(const Args& a, LiteNetwork n, const MemoryFile* dump) {
  if (!a.io_dump.empty()) check_file(LITE_enable_io_txt_dump(n, a.io_dump.c_str()));
  if (dump != nullptr) check_file(LITE_enable_io_txt_dump(n, dump->path().c_str()));
  if (!a.bin_io_dump.empty()) {
    make_folder(a.bin_io_dump);
    check_file(LITE_enable_io_bin_dump(n, a.bin_io_dump.c_str()));
  }
  if (!a.bin_out_dump.empty()) make_folder(a.bin_out_dump);
  const std::string& profile = a.profile_host.empty() ? a.profile : a.profile_host;
  if (!profile.empty()) check_file(LITE_enable_profile_performance(n, profile.c_str()));
  if (!a.memory_info.empty()) check_file(LITE_get_static_memory_alloc_info(n, a.memory_info.c_str()));
}

void print_model_info(const Net& net) {
  std::vector<std::array<std::string, 4>> rows = {{"type", "name", "shape", "dtype"}};
  const auto add = [&](const char* type, const IoInfo& info, LiteTensor t) {
    std::string shape = "{";
    int rank = -1;
    if (t != nullptr && LITE_get_tensor_rank(t, &rank) == LITE_OK && rank >= 0)
      for (const int64_t d : dims_of(t)) shape += (shape.size() > 1 ? "," : "") + std::to_string(d);
    rows.push_back({type, info.name, shape + "}", LITE_get_dtype_name(info.dtype)});
  };
  for (const IoInfo& i : net.inputs())
    add("INPUT", i, i.kind == LITE_VALUE_TENSOR ? net.input(i.name) : nullptr);
  for (const IoInfo& o : net.outputs())
    add("OUTPUT", o, o.kind == LITE_VALUE_TENSOR ? net.output(o.name) : nullptr);
  std::array<int, 4> width = {};
  for (const auto& row : rows)
    for (size_t c = 0; c < row.size(); ++c) width[c] = std::max(width[c], static_cast<int>(row[c].size()));
  std::printf("Runtime Model Info\n");
  for (const auto& row : rows)
    std::printf("| %-*s | %-*s | %-*s | %-*s |\n", width[0], row[0].c_str(), width[1], row[1].c_str(),
                width[2], row[2].c_str(), width[3], row[3].c_str());
}

void check_range(const Args& a, const std::string& name, LiteTensor t) {
  if (dtype_of(t) != LITE_FLOAT) return;
  const auto* const v = static_cast<const float*>(memory_of(t));
  for (size_t i = 0; i < bytes_of(t) / sizeof(float); ++i)
    if (!(std::fabs(static_cast<double>(v[i])) <= a.range))
      throw Failure(kRefused, "--range: element " + std::to_string(i) + " of output '" + name + "' is " +
                                  std::to_string(v[i]) + ", at most " + std::to_string(a.range) + " allowed");
}

void after_run(const Args& a, const Net& net, int run) {
  if (a.bin_out_dump.empty() && a.range <= 0) return;
  for (const IoInfo& o : net.outputs()) {
    if (o.kind != LITE_VALUE_TENSOR) continue;
    const LiteTensor t = net.output(o.name);
    if (a.range > 0) check_range(a, o.name, t);
    if (!a.bin_out_dump.empty())
      write_npy((std::filesystem::path(a.bin_out_dump) /
                 ("run" + std::to_string(run) + "-" + npy_file_name(o.name)))
                    .string(),
                dtype_of(t), dims_of(t), memory_of(t), bytes_of(t));
  }
}

// The standard deviation that a sample of n numbers with these sums tells.
double deviation(double sum, double sum_of_squares, int n) {
  return n < 2 ? 0 : std::sqrt(std::max(0.0, (sum_of_squares * n - sum * sum) / (double{1} * n * (n - 1))));
}

void run_network(const Args& a, const Key& key) {
  LiteConfig config = LITE_CONFIG_INIT;
  config.device_type = a.cuda ? LITE_CUDA : LITE_CPU;
  config.options.fake_next_exec = a.fake_first ? 1 : 0;
  Net net(config);
  configure(a, net.get());
  auto t = Clock::now();
  net.load(a.model, key);
  std::printf("load model: %.3fms\n", ms_since(t));
  std::vector<int> cores;
  if (!a.cores.empty()) {
    cores = core_ids(a);
    check(LITE_set_runtime_thread_affinity_with_userdata(net.get(), pin, &cores, nullptr));
  }
  t = Clock::now();
  fill_inputs(a, net);
  std::unique_ptr<const MemoryFile> dump;
  if (a.io_dump_stdout || a.io_dump_stderr)
    dump = std::make_unique<const MemoryFile>(a.io_dump_stdout ? stdout : stderr);
  look_inside(a, net.get(), dump.get());
  if (!a.layout_transform_dump.empty())
    check_file(LITE_dump_layout_transform_model(net.get(), a.layout_transform_dump.c_str()));
  if (a.model_info) print_model_info(net);

  int run = 0;
  for (int i = 0; i < a.warm_up; ++i) {
    std::printf("=== prepare: %.3fms; going to warmup\n", ms_since(t));
    t = Clock::now();
    net.run();
    std::printf("warm up %d  %.3fms\n", i, ms_since(t));
    after_run(a, net, run++);
    t = Clock::now();
  }
  double sum = 0, squares = 0, least = std::numeric_limits<double>::max(), most = 0;
  for (int i = 0; i < a.iterations; ++i) {
    t = Clock::now();
    check(LITE_forward(net.get()));
    const double host = ms_since(t);
    check(LITE_wait(net.get()));
    const double all = ms_since(t);
    after_run(a, net, run++);
    std::printf("iter %d/%d: e2e=%.3f ms (host=%.3f ms)\n", i, a.iterations, all, host);
    std::fflush(stdout);
    sum += all;
    squares += all * all;
    least = std::min(least, all);
    most = std::max(most, all);
  }
  if (a.iterations > 0)
    std::printf(
        "=== finished test #0: time=%.3f ms avg_time=%.3f ms standard_deviation=%.3f ms min=%.3f ms max=%.3f "
        "ms\n",
        sum, sum / a.iterations, deviation(sum, squares, a.iterations), least, most);
  std::printf("=== total time: %.3fms\n", sum);
  if (a.model_info) print_model_info(net);
  if (!a.raw_model.empty()) check_file(LITE_dump_layout_transform_model(net.get(), a.raw_model.c_str()));
}

// ---- all of it

void pack(const Args& a) {
  const std::string info = a.pack_info.empty() ? "" : read_bytes(a.pack_info);
  const std::string cache = a.pack_cache.empty() ? "" : read_bytes(a.pack_cache);
  LitePackOptions o = LITE_PACK_OPTIONS_INIT;
  o.flags = LITE_PACK_AS_IS;
  o.model_method = a.pack_model_method.c_str();
  o.info_method = info.empty() ? nullptr : a.pack_info_method.c_str();
  o.info = info.empty() ? nullptr : info.data();
  o.info_size = info.size();
  o.cache = cache.empty() ? nullptr : cache.data();
  o.cache_size = cache.size();
  check_file(LITE_pack_model(a.model.c_str(), a.packed_model.c_str(), &o), a.model);
}

void load_and_run(const Args& a) {
  check_usage(a);
  tell_no_effect(a);
  load_operators(a.operators);
  const std::unique_ptr<const Key> key =
      a.key_file.empty() ? std::make_unique<const Key>() : std::make_unique<const Key>(a.key_file);
  if (a.verbose) check(LITE_set_log_level(LITE_LOG_DEBUG));
  const bool old_policy = !a.policy.empty() && std::filesystem::exists(a.policy);
  if (!a.policy.empty()) check_file(LITE_set_persistent_cache(a.policy.c_str(), old_policy ? 0 : 1));
  if (a.wait_gdb) {
    std::printf("wait for gdb attach (pid=%d): ", static_cast<int>(getpid()));
    std::fflush(stdout);
    std::getchar();
  }
  std::printf("load_and_run: lite %s, as MegEngine Lite %s\n", build_info("version").c_str(),
              build_info("megengine-lite").c_str());

  // One in this thread; more, each with its network, in threads of their own.
  if (a.copies == 1) {
    run_network(a, *key);
  } else {
    std::exception_ptr failed;
    std::mutex mutex;
    std::vector<std::thread> threads;
    for (int i = 0; i < a.copies; ++i)
      threads.emplace_back([&] {
        try {
          run_network(a, *key);
        } catch (...) {
          const std::lock_guard lock(mutex);
          if (!failed) failed = std::current_exception();
        }
      });
    for (std::thread& t : threads) t.join();
    if (failed) std::rethrow_exception(failed);
  }

  // What was there may be MegEngine's; nothing of it is to be lost.
  if (!a.policy.empty() && !old_policy) check_file(LITE_dump_persistent_cache(a.policy.c_str()));
  if (!a.packed_model.empty()) pack(a);
}

// "--warmup_iter,--warmup-iter": gflags, which reads the options of MegEngine's tool, takes both.
std::string spelled(const std::string& name) {
  std::string hyphens = name;
  for (char& c : hyphens)
    if (c == '_') c = '-';
  return hyphens == name ? "--" + name : "--" + name + ",--" + hyphens;
}

}  // namespace

bool takes_single_dash(const char* subcommand) {
  return std::strcmp(subcommand, "load-and-run") == 0 || std::strcmp(subcommand, "load_and_run") == 0;
}

void add_load_and_run(CommandLine& line) {
  auto a = std::make_shared<Args>();
  Command command = line.add_subcommand(
      "load-and-run", "Run a model with the options of MegEngine's load_and_run (docs/load-and-run.md)");
  command.alias("load_and_run");
  const auto option = [&](const char* name, auto& value, const char* what) {
    return command.option(spelled(name), value, what).take_last();
  };
  // Like gflags': --name, --noname, --name=false.
  const auto flag = [&](const char* name, bool& value, const char* what) {
    return command.flag(spelled(name) + ",!--no" + name, value, what);
  };
  command.option("model", a->model, "Model file").required();
  option("iter", a->iterations, "Runs to measure").at_least_zero();
  option("warmup_iter", a->warm_up, "Runs before them").at_least_zero();
  option("thread", a->copies, "Networks that run at once, each in a thread").between(1, 1024);
  option("input", a->input,
         "NAME:SOURCE;... with a .npy, picture or .json file, numbers [1,2], or a shape {1,3,8,8}");
  option("batch_size", a->batch, "Repeat all inputs to this many");
  flag("cpu", a->cpu, "Run on the CPU, as always");
  flag("cuda", a->cuda, "Run on a CUDA device");
  flag("cpu_default", a->inplace, "Run in the calling thread");
  option("multithread", a->threads, "Threads of a run");
  option("multithread_default", a->inplace_threads, "The same, with the calling thread among them");
  option("multi_thread_core_ids", a->cores, "The cores of the threads: 0,1,...");
  flag("fast_run", a->fast_run, "Time the kernels, and take the fastest");
  flag("full_run", a->full_run, "The same: all that could run a node are timed");
  flag("reproducible", a->reproducible, "Only kernels that give the same bits each time");
  flag("binary_equal_between_batch", a->batch_equal, "The same bits for each item of a batch");
  option("fast_run_algo_policy", a->policy, "Persistent cache: made with --fast_run, otherwise read");
  option("io_dump", a->io_dump, "Write all values to this file as text");
  flag("io_dump_stdout", a->io_dump_stdout, "The same to the standard output");
  flag("io_dump_stderr", a->io_dump_stderr, "The same to the standard error");
  option("bin_io_dump", a->bin_io_dump, "Write all values to this folder as .npy");
  option("bin_out_dump", a->bin_out_dump, "Write the outputs of each run to this folder as .npy");
  option("profile", a->profile, "Write a profile of the last run to this file, a trace for Chrome's viewer");
  option("profile_host", a->profile_host, "The same");
  option("get_static_mem_info", a->memory_info, "Write the memory plan to this folder");
  option("layout_transform", a->layout_transform, "cpu: choose layouts over the whole graph, as always");
  option("layout_transform_dump", a->layout_transform_dump, "Write the model to this file");
  option("packed_model_dump", a->packed_model, "Pack the model into this file");
  option("pack_info_json", a->pack_info, "The information to pack");
  option("pack_cache", a->pack_cache, "MegEngine's fast-run cache to pack");
  option("pack_info_cryption", a->pack_info_method, "The method that the information is encrypted with");
  option("pack_model_cryption", a->pack_model_method, "The method that the model is encrypted with");
  option("model_dump", a->raw_model, "Write the model without its pack to this file");
  flag("fake_first", a->fake_first, "The first run only plans");
  flag("model_info", a->model_info, "Print inputs and outputs before and after the runs");
  flag("verbose", a->verbose, "Log everything");
  flag("wait_gdb", a->wait_gdb, "Wait for a key before loading");
  option("range", a->range, "Fail when an output has a larger magnitude");
  for (size_t i = 0; i < kNumNoEffect; ++i)
    if (kNoEffect[i].takes_value)
      option(kNoEffect[i].name, a->values[i], "").group("Accepted, without effect");
    else
      flag(kNoEffect[i].name, a->set[i], "").group("Accepted, without effect");
  command.option("--key-file", a->key_file, "Key of an encrypted model: bytes, or hexadecimal digits");
  add_operators(command, a->operators);
  command.callback([a] { load_and_run(*a); });
}

}  // namespace tool
