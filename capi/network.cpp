// network_c.h: making, loading and running networks.

#include "lite-c/network_c.h"

#include <deque>
#include <mutex>

#include "capi/network_object.h"
#include "capi/operator_registry.h"
#include "capi/text.h"

using namespace lite;
using namespace lite::capi;

namespace {

Outcome make_network(LiteNetwork* network, NetworkConfig config) {
  LITE_REQUIRE(network);
  auto object = std::make_unique<NetworkObject>(std::move(config));
  *network = object.release()->handle();
  return done();
}

// What LITE_get_model_io_info_* hand out.
struct IoInfo {
  std::vector<std::string> names;
  std::vector<LiteIO> inputs, outputs;
};

// Those handed out last. Programs ask about several models and then look at what they got: MegEngine Lite
// keeps one for each address that it was asked about, for ever.
void keep(IoInfo info) {
  constexpr size_t kInfos = 1024, kNames = size_t{1} << 16;
  static constinit std::mutex mutex;
  static auto* const kept = new std::deque<IoInfo>;
  static size_t names = 0;
  const std::lock_guard lock(mutex);
  names += info.names.size();
  kept->push_back(std::move(info));
  while (kept->size() > kInfos || (kept->size() > 1 && names > kNames)) {
    names -= kept->front().names.size();
    kept->pop_front();
  }
}

Outcome io_info(const ModelSource& source, LiteNetworkIO* ios) {
  Graph graph;
  ImportReport report;
  LITE_CHECK(import_source(source, operators::current(), &graph, &report));
  const ModelFacts facts = facts_of(graph, report);
  IoInfo info;
  info.names.reserve(facts.inputs.size() + facts.outputs.size());
  const auto add = [&](const std::vector<IoFact>& from, std::vector<LiteIO>* to) -> Outcome {
    for (const IoFact& fact : from) {
      info.names.push_back(fact.name);
      LiteIO io = LITE_IO_INIT;
      io.name = info.names.back().c_str();
      Dims dims = fact.initial_dims.value_or(Dims(std::span<const int64_t>(fact.levels[0].dims)));
      for (int64_t& d : dims) d = std::max<int64_t>(d, 0);
      if (fact.rank() >= 0) {
        LITE_ASSIGN(io.config_layout, layout_to_c(fact.fact.dtype, dims));
      } else {
        io.config_layout.data_type = dtype_to_c(fact.dtype());
      }
      to->push_back(io);
    }
    return done();
  };
  LITE_CHECK(add(facts.inputs, &info.inputs));
  LITE_CHECK(add(facts.outputs, &info.outputs));
  // Vectors that move keep their memory.
  const LiteNetworkIO out = {info.inputs.data(), info.outputs.data(), info.inputs.size(),
                             info.outputs.size()};
  keep(std::move(info));
  *ios = out;
  return done();
}

Outcome name_at(NetworkObject& network, size_t index, bool input, const char** name) {
  LoadedModel model;
  LITE_CHECK(network.model(&model));
  const IoFact* fact = nullptr;
  LITE_CHECK(model.fact_at(index, input, &fact));
  *name = fact->name.c_str();
  return done();
}

Outcome all_names(NetworkObject& network, bool input, size_t* size, const char** names) {
  LoadedModel model;
  LITE_CHECK(network.model(&model));
  const std::vector<IoFact>& facts = model.facts->io(input);
  if (size != nullptr) *size = facts.size();
  if (names != nullptr)
    for (const IoFact& fact : facts) *names++ = fact.name.c_str();
  return done();
}

const LiteLoadOptions kDefaultLoad = LITE_LOAD_OPTIONS_INIT;

}  // namespace

extern "C" {

const LiteOptions default_option = LITE_OPTIONS_INIT;
const LiteIO default_io = LITE_IO_INIT;

// One per thread: a program that writes through the pointer changes only what itself gets.
LiteConfig* default_config(void) {
  static thread_local LiteConfig config = LITE_CONFIG_INIT;
  return &config;
}

LiteNetworkIO* default_network_io(void) {
  static thread_local LiteNetworkIO io = LITE_NETWORK_IO_INIT;
  return &io;
}

int LITE_make_default_network(LiteNetwork* network) {
  return guard("LITE_make_default_network",
               [&]() -> Outcome { return make_network(network, NetworkConfig()); });
}

int LITE_make_network(LiteNetwork* network, const LiteConfig config, const LiteNetworkIO network_io) {
  return guard("LITE_make_network", [&]() -> Outcome {
    NetworkConfig c;
    LITE_CHECK(config_from_c(config, &c));
    LITE_CHECK(wishes_from_c(network_io, &c));
    return make_network(network, std::move(c));
  });
}

int LITE_make_network_config(LiteNetwork* network, const LiteConfig config) {
  return guard("LITE_make_network_config", [&]() -> Outcome {
    NetworkConfig c;
    LITE_CHECK(config_from_c(config, &c));
    return make_network(network, std::move(c));
  });
}

int LITE_load_model_from_mem(LiteNetwork network, void* model_mem, size_t size) {
  return guard("LITE_load_model_from_mem", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(model_mem);
    std::shared_ptr<const ModelSource> source;
    LITE_CHECK(source_from_memory(model_mem, size, kDefaultLoad, object.config, &source));
    return object.load(std::move(source));
  });
}

int LITE_load_model_from_path(LiteNetwork network, const char* model_path) {
  return guard("LITE_load_model_from_path", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(model_path);
    std::shared_ptr<const ModelSource> source;
    LITE_CHECK(source_from_file(model_path, kDefaultLoad, object.config, &source));
    return with_path(object.load(std::move(source)), model_path);
  });
}

int LITE_shared_weight_with_network(LiteNetwork dst_network, const LiteNetwork src_network) {
  return guard("LITE_shared_weight_with_network", [&]() -> Outcome {
    LITE_CLAIM(dst, dst_network);
    LITE_NETWORK(src, src_network);
    return dst.share_weights_of(src);
  });
}

int LITE_destroy_network(LiteNetwork network) {
  return guard("LITE_destroy_network", [&]() -> Outcome {
    LITE_REQUIRE(network);
    const NetworkRef ref = network_of(network, "network");
    if (ref.object == nullptr) return done();
    if (ref.object->inside() || ref.object->in_completion_callback())
      return fail(Code::kBusy, "a network cannot be destroyed in its own callback");
    // Of two threads that destroy one network, one gets it.
    delete static_cast<NetworkObject*>(
        handles::remove(HandleKind::kNetwork, reinterpret_cast<uintptr_t>(network)));
    return done();
  });
}

int LITE_forward(const LiteNetwork network) {
  return guard("LITE_forward", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    return object.forward();
  });
}

int LITE_wait(const LiteNetwork network) {
  return guard("LITE_wait", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    return object.wait(-1);
  });
}

int LITE_get_io_tensor(LiteNetwork network, const char* io_name, LiteTensorPhase phase, LiteTensor* tensor) {
  return guard("LITE_get_io_tensor", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(io_name);
    LITE_REQUIRE(tensor);
    if (number(phase) < LITE_IO || number(phase) > LITE_OUTPUT)
      return invalid_argument("phase is ", number(phase), ", not one of LiteTensorPhase");
    LITE_CHECK(object.require_model());
    const Port* const port = object.find_port(io_name, phase);
    if (port == nullptr)
      return fail(Code::kNotFound, "the model has no ",
                  phase == LITE_INPUT    ? "input"
                  : phase == LITE_OUTPUT ? "output"
                                         : "input or output",
                  " '", io_name, "'; it has ", object.names());
    if (port->kind != Kind::kTensor)
      return invalid_argument("'", io_name, "' is a ", kind_name(port->kind), ", not a tensor; use ",
                              object.is_input(*port) ? "LITE_set_input_value" : "LITE_get_output_value");
    if (port->tensor == nullptr)
      return invalid_argument("input '", io_name, "' is discrete; use LITE_get_discrete_tensor");
    *tensor = port->tensor->handle();
    return done();
  });
}

int LITE_get_discrete_tensor(LiteNetwork network, const char* io_name, size_t n_idx, LiteTensorPhase phase,
                             LiteTensor* tensor) {
  return guard("LITE_get_discrete_tensor", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(io_name);
    LITE_REQUIRE(tensor);
    if (phase != LITE_INPUT && phase != LITE_IO)
      return invalid_argument("phase is ", number(phase), ", not LITE_INPUT or LITE_IO");
    LITE_CHECK(object.require_model());
    const Port* const port = object.find_port(io_name, LITE_INPUT);
    if (port == nullptr)
      return fail(Code::kNotFound, "the model has no input '", io_name, "'; it has ", object.names());
    if (!port->is_discrete()) return invalid_argument("input '", io_name, "' is not discrete");
    if (n_idx >= port->discrete.size())
      return invalid_argument("n_idx is ", n_idx, ", input '", io_name, "' has ", port->discrete.size(),
                              " tensors");
    *tensor = port->discrete[n_idx]->handle();
    return done();
  });
}

int LITE_get_input_name(const LiteNetwork network, size_t index, const char** name) {
  return guard("LITE_get_input_name", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(name);
    return name_at(object, index, true, name);
  });
}

int LITE_get_output_name(const LiteNetwork network, size_t index, const char** name) {
  return guard("LITE_get_output_name", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(name);
    return name_at(object, index, false, name);
  });
}

int LITE_get_all_input_name(const LiteNetwork network, size_t* size, const char** name) {
  return guard("LITE_get_all_input_name", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    return all_names(object, true, size, name);
  });
}

int LITE_get_all_output_name(const LiteNetwork network, size_t* size, const char** name) {
  return guard("LITE_get_all_output_name", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    return all_names(object, false, size, name);
  });
}

int LITE_get_model_io_info_by_path(const char* model_path, const LiteConfig config, LiteNetworkIO* ios) {
  return guard("LITE_get_model_io_info_by_path", [&]() -> Outcome {
    LITE_REQUIRE(model_path);
    LITE_REQUIRE(ios);
    NetworkConfig c;
    LITE_CHECK(config_from_c(config, &c));
    std::shared_ptr<const ModelSource> source;
    LITE_CHECK(source_from_file(model_path, kDefaultLoad, c, &source));
    return with_path(io_info(*source, ios), model_path);
  });
}

int LITE_get_model_io_info_by_memory(const void* model_mem, size_t size, const LiteConfig config,
                                     LiteNetworkIO* ios) {
  return guard("LITE_get_model_io_info_by_memory", [&]() -> Outcome {
    LITE_REQUIRE(model_mem);
    LITE_REQUIRE(ios);
    NetworkConfig c;
    LITE_CHECK(config_from_c(config, &c));
    LiteLoadOptions in_place = LITE_LOAD_OPTIONS_INIT;
    in_place.flags = LITE_LOAD_NO_COPY;
    std::shared_ptr<const ModelSource> source;
    LITE_CHECK(source_from_memory(model_mem, size, in_place, c, &source));
    return io_info(*source, ios);
  });
}

int LITE_get_model_extra_info(const LiteNetwork network, const char** info, int* info_size) {
  return guard("LITE_get_model_extra_info", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(info);
    LITE_REQUIRE(info_size);
    LoadedModel model;
    LITE_CHECK(object.model(&model));
    *info = model.facts->extra_info.c_str();
    *info_size = static_cast<int>(model.facts->extra_info.size());
    return done();
  });
}

}  // extern "C"
