// option_c.h: settings by name. One row of kOptions is all that an option needs.

#include "lite-c/option_c.h"

#include <charconv>
#include <cstring>
#include <string>
#include <vector>

#include "capi/network_object.h"
#include "core/base/log.h"
#include "core/base/thread_pool.h"

using namespace lite;
using namespace lite::capi;

namespace {

Outcome parse_bool(std::string_view text, bool* out) {
  for (const std::string_view yes : {"1", "true", "on"})
    if (text == yes) {
      *out = true;
      return done();
    }
  for (const std::string_view no : {"0", "false", "off"})
    if (text == no) {
      *out = false;
      return done();
    }
  return invalid_argument("'", text, "' is not one of 0, 1, false, true, off, on");
}

Outcome parse_number(std::string_view text, uint64_t most, uint64_t* out) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > most)
    return invalid_argument("'", text, "' is not a number from 0 to ", most);
  *out = value;
  return done();
}

Outcome parse_bytes(std::string_view text, size_t* out) {
  int shift = 0;
  if (!text.empty()) {
    const char unit = text.back();
    shift = unit == 'k' || unit == 'K'   ? 10
            : unit == 'm' || unit == 'M' ? 20
            : unit == 'g' || unit == 'G' ? 30
                                         : 0;
  }
  const std::string_view digits = shift == 0 ? text : text.substr(0, text.size() - 1);
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value > (uint64_t{SIZE_MAX} >> shift))
    return invalid_argument("'", text, "' is not a number of bytes, such as 1048576, 1024k or 1M");
  *out = static_cast<size_t>(value << shift);
  return done();
}

const char* bool_text(bool b) { return b ? "1" : "0"; }
// SIZE_MAX stands for "no limit".
std::string limit_text(size_t n) { return n == SIZE_MAX ? "none" : std::to_string(n); }
Outcome parse_limit(std::string_view text, size_t* out) {
  if (text != "none") return parse_bytes(text, out);
  *out = SIZE_MAX;
  return done();
}

constexpr const char* kLevels[] = {"debug", "info", "warn", "error", "off"};

// An option of a network or, when `network` is nullptr, of the process.
struct Option {
  const char* key;
  LiteOptionScope scope;
  const char* type;
  const char* default_value;
  const char* description;
  std::string (*get)(const NetworkObject*);
  Outcome (*set)(NetworkObject*, std::string_view);
};

// A bool or a size in ModelOptions: the model is made anew with it.
template <bool ModelOptions::*M>
std::string get_model_bool(const NetworkObject* n) {
  return bool_text(n->config.model.*M);
}
template <bool ModelOptions::*M>
Outcome set_model_bool(NetworkObject* n, std::string_view v) {
  LITE_CHECK(parse_bool(v, &(n->config.model.*M)));
  n->model_options_changed();
  return done();
}
template <bool KernelOptions::*M>
std::string get_kernel_bool(const NetworkObject* n) {
  return bool_text(n->config.model.kernel.*M);
}
template <bool KernelOptions::*M>
Outcome set_kernel_bool(NetworkObject* n, std::string_view v) {
  LITE_CHECK(parse_bool(v, &(n->config.model.kernel.*M)));
  n->model_options_changed();
  return done();
}
template <size_t ModelOptions::*M>
std::string get_model_bytes(const NetworkObject* n) {
  return limit_text(n->config.model.*M);
}
template <size_t ModelOptions::*M>
Outcome set_model_bytes(NetworkObject* n, std::string_view v) {
  LITE_CHECK(parse_limit(v, &(n->config.model.*M)));
  n->model_options_changed();
  return done();
}
template <bool NetworkConfig::*M>
std::string get_config_bool(const NetworkObject* n) {
  return bool_text(n->config.*M);
}
template <bool NetworkConfig::*M>
Outcome set_config_bool(NetworkObject* n, std::string_view v) {
  return parse_bool(v, &(n->config.*M));
}
// What only the next load looks at.
template <bool NetworkConfig::*M>
Outcome set_load_bool(NetworkObject* n, std::string_view v) {
  if (n->loaded()) return Failure(Extra::kAlreadyLoaded, "the network has a model already");
  return parse_bool(v, &(n->config.*M));
}
template <std::string NetworkConfig::*M>
std::string get_config_text(const NetworkObject* n) {
  return n->config.*M;
}
template <std::string NetworkConfig::*M>
Outcome set_load_text(NetworkObject* n, std::string_view v) {
  if (n->loaded()) return Failure(Extra::kAlreadyLoaded, "the network has a model already");
  n->config.*M = std::string(v);
  return done();
}

const Option kOptions[] = {
    {"threads", LITE_OPTION_NETWORK, "int", "1",
     "Most threads that work on a run, the caller's included; 0: as many as the process has.",
     [](const NetworkObject* n) { return std::to_string(n->config.threads); },
     [](NetworkObject* n, std::string_view v) -> Outcome {
       uint64_t threads = 0;
       LITE_CHECK(parse_number(v, 1024, &threads));
       n->config.threads = threads == 0 ? static_cast<size_t>(thread_pool::max_threads()) : threads;
       n->thread_number_changed();
       return done();
     }},
    {"timeout_us", LITE_OPTION_NETWORK, "int", "0", "Time limit of each run in microseconds; 0: none.",
     [](const NetworkObject* n) { return std::to_string(n->config.timeout_us); },
     [](NetworkObject* n, std::string_view v) -> Outcome {
       constexpr uint64_t kCentury = uint64_t{86400} * 36525 * 1000000;
       LITE_CHECK(parse_number(v, kCentury, &n->config.timeout_us));
       n->set_threads();
       return done();
     }},
    {"optimize", LITE_OPTION_NETWORK, "bool", "1",
     "Run graph passes; off, the graph runs node by node as it is in the file.",
     get_model_bool<&ModelOptions::optimise>, set_model_bool<&ModelOptions::optimise>},
    {"reproducible", LITE_OPTION_NETWORK, "bool", "0",
     "Only kernels with the same bits on every instruction set.",
     get_kernel_bool<&KernelOptions::reproducible>, set_kernel_bool<&KernelOptions::reproducible>},
    {"winograd", LITE_OPTION_NETWORK, "bool", "1", "Allow Winograd's algorithm for convolutions.",
     get_kernel_bool<&KernelOptions::winograd>, set_kernel_bool<&KernelOptions::winograd>},
    {"tune", LITE_OPTION_NETWORK, "bool", "0",
     "Time the kernels that could run a node when a shape is compiled, and take the fastest; what is known "
     "from LITE_set_persistent_cache is not timed again.",
     get_model_bool<&ModelOptions::tune>, set_model_bool<&ModelOptions::tune>},
    {"fold_limit", LITE_OPTION_NETWORK, "bytes", "67108864",
     "Constant folding makes no tensor larger than this.", get_model_bytes<&ModelOptions::fold_limit_bytes>,
     set_model_bytes<&ModelOptions::fold_limit_bytes>},
    {"arena_limit", LITE_OPTION_NETWORK, "bytes", "none",
     "Most memory of a run: working memory, and outputs that the caller gave no memory for; what needs more "
     "fails with LITE_LIMIT_EXCEEDED.",
     get_model_bytes<&ModelOptions::arena_limit_bytes>, set_model_bytes<&ModelOptions::arena_limit_bytes>},
    {"program_cache", LITE_OPTION_NETWORK, "bytes", "268435456",
     "Most memory of compiled programs that are kept for other input shapes, and of weights packed for them "
     "anew.",
     get_model_bytes<&ModelOptions::program_cache_bytes>,
     set_model_bytes<&ModelOptions::program_cache_bytes>},
    {"program_cache_entries", LITE_OPTION_NETWORK, "int", "32",
     "Most compiled programs that are kept, at least 1.",
     [](const NetworkObject* n) { return std::to_string(n->config.model.program_cache_entries); },
     [](NetworkObject* n, std::string_view v) -> Outcome {
       uint64_t entries = 0;
       LITE_CHECK(parse_number(v, 1u << 20, &entries));
       n->config.model.program_cache_entries = std::max<size_t>(entries, 1);
       n->model_options_changed();
       return done();
     }},
    {"compute_only_configured_output", LITE_OPTION_NETWORK, "bool", "0",
     "Before loading: leave out what only outputs not named in the network's outputs need.",
     get_config_bool<&NetworkConfig::compute_only_configured_output>,
     set_load_bool<&NetworkConfig::compute_only_configured_output>},
    {"discrete_input", LITE_OPTION_NETWORK, "string", "",
     "Before loading: the input that is given as one tensor per batch item.",
     get_config_text<&NetworkConfig::discrete_input_name>,
     set_load_text<&NetworkConfig::discrete_input_name>},
    {"copy_files", LITE_OPTION_NETWORK, "bool", "0",
     "Before loading: read the model's files into memory instead of mapping them, so that they may change.",
     get_config_bool<&NetworkConfig::copy_files>, set_load_bool<&NetworkConfig::copy_files>},
    {"decryption", LITE_OPTION_NETWORK, "string", "",
     "Before loading: the registered method that decrypts the model.",
     get_config_text<&NetworkConfig::bare_model_cryption_name>,
     set_load_text<&NetworkConfig::bare_model_cryption_name>},
    {"enable_f16_io_comp", LITE_OPTION_NETWORK, "bool", "0",
     "Accepted for MegEngine programs; has no effect.", get_config_bool<&NetworkConfig::f16_io_comp>,
     set_config_bool<&NetworkConfig::f16_io_comp>},
    {"threads", LITE_OPTION_PROCESS, "int", "0",
     "Threads of the process's pool, the calling one included; 0: as many as the cores, the affinity mask "
     "and the cgroup allow.",
     [](const NetworkObject*) { return std::to_string(thread_pool::max_threads()); },
     [](NetworkObject*, std::string_view v) -> Outcome {
       uint64_t threads = 0;
       LITE_CHECK(parse_number(v, 1024, &threads));
       thread_pool::set_max_threads(static_cast<int>(threads));
       return done();
     }},
    {"spin_us", LITE_OPTION_PROCESS, "int", "50",
     "How long an idle worker spins before it sleeps, in microseconds.",
     [](const NetworkObject*) { return std::to_string(thread_pool::spin_microseconds()); },
     [](NetworkObject*, std::string_view v) -> Outcome {
       uint64_t us = 0;
       LITE_CHECK(parse_number(v, 1000000, &us));
       thread_pool::set_spin_microseconds(static_cast<int>(us));
       return done();
     }},
    {"log_level", LITE_OPTION_PROCESS, "debug|info|warn|error|off", "error",
     "From which level on messages are logged.",
     [](const NetworkObject*) {
       return std::string(kLevels[std::min<size_t>(static_cast<size_t>(log_level()), 4)]);
     },
     [](NetworkObject*, std::string_view v) -> Outcome {
       for (size_t i = 0; i < std::size(kLevels); ++i)
         if (v == kLevels[i]) {
           set_log_level(static_cast<LogLevel>(i));
           return done();
         }
       return invalid_argument("'", v, "' is not one of debug, info, warn, error, off");
     }},
};

Outcome find_option(const char* key, LiteOptionScope scope, const Option** out) {
  std::string known;
  for (const Option& o : kOptions) {
    if (o.scope != scope) continue;
    if (std::strcmp(o.key, key) == 0) {
      *out = &o;
      return done();
    }
    known += cat(known.empty() ? "" : ", ", o.key);
  }
  return invalid_argument("there is no option '", key, "' of a ",
                          scope == LITE_OPTION_NETWORK ? "network" : "process", "; there are ", known);
}

Outcome set_option(NetworkObject* network, LiteOptionScope scope, const char* key, const char* value) {
  const Option* option = nullptr;
  LITE_CHECK(find_option(key, scope, &option));
  Outcome outcome = option->set(network, value);
  if (outcome.is_ok()) return outcome;
  Failure failure = std::move(outcome).take();
  failure.message = cat("option '", key, "': ", failure.message);
  return failure;
}

}  // namespace

extern "C" {

int LITE_set_option(LiteNetwork network, const char* key, const char* value) {
  return guard("LITE_set_option", [&]() -> Outcome {
    LITE_REQUIRE(key);
    LITE_REQUIRE(value);
    if (network == nullptr) return set_option(nullptr, LITE_OPTION_PROCESS, key, value);
    LITE_CLAIM(object, network);
    return set_option(&object, LITE_OPTION_NETWORK, key, value);
  });
}

int LITE_get_option(const LiteNetwork network, const char* key, const char** value) {
  return guard("LITE_get_option", [&]() -> Outcome {
    LITE_REQUIRE(key);
    LITE_REQUIRE(value);
    const Option* option = nullptr;
    static thread_local std::string kept;
    if (network == nullptr) {
      LITE_CHECK(find_option(key, LITE_OPTION_PROCESS, &option));
      kept = option->get(nullptr);
    } else {
      LITE_NETWORK(object, network);
      LITE_CHECK(find_option(key, LITE_OPTION_NETWORK, &option));
      kept = option->get(&object);
    }
    *value = kept.c_str();
    return done();
  });
}

int LITE_get_option_count(size_t* count) {
  return guard("LITE_get_option_count", [&]() -> Outcome {
    LITE_REQUIRE(count);
    *count = std::size(kOptions);
    return done();
  });
}

int LITE_get_option_info(size_t index, LiteOptionInfo* info) {
  return guard("LITE_get_option_info", [&]() -> Outcome {
    LITE_REQUIRE(info);
    if (index >= std::size(kOptions))
      return invalid_argument("index is ", index, ", there are ", std::size(kOptions));
    const Option& o = kOptions[index];
    const LiteOptionInfo out = {sizeof(LiteOptionInfo), o.scope,      o.key, o.type,
                                o.default_value,        o.description};
    return write_versioned(out, info, "info");
  });
}

}  // extern "C"
