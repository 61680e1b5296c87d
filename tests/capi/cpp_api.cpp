// The C++ API, as programs for MegEngine Lite write it.
#include <atomic>
#include <cstdio>
#include <string>
#include <thread>

#include "lite/global.h"
#include "lite/network.h"
#include "lite/pack_model.h"
#include "lite/tensor.h"
#include "tests/capi/check.h"
#include "tests/capi/model_writer.h"

namespace {

#define CHECK_THROWS(expression, wanted)                                                 \
  do {                                                                                   \
    try {                                                                                \
      expression;                                                                        \
      std::printf("%s:%d: nothing was thrown by %s\n", __FILE__, __LINE__, #expression); \
      ++failures;                                                                        \
    } catch (const lite::Error& e) {                                                     \
      if (e.code() != (wanted)) {                                                        \
        std::printf("%s:%d: %s: %s\n", __FILE__, __LINE__, e.name(), e.what());          \
        ++failures;                                                                      \
      }                                                                                  \
    }                                                                                    \
  } while (0)

using namespace lite;

struct Bytes {
  explicit Bytes(Message m) : message(m) {}
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;
  ~Bytes() { std::free(message.data); }
  Message message;
};

std::shared_ptr<Network> load(const Config& config = {}, const NetworkIO& io = {}) {
  Bytes model(affine_model(2));
  auto network = std::make_shared<Network>(config, io);
  network->load_model(model.message.data, model.message.size);
  return network;
}

void test_tensors() {
  Layout layout{{20, 20}, 2};
  Tensor tensor(LiteDeviceType::LITE_CPU, layout);
  CHECK(tensor.get_tensor_total_size_in_byte() == 1600 && tensor.is_continue_memory());
  CHECK(layout.get_elem_size() == 4 && tensor.get_layout() == layout);
  auto* data = static_cast<float*>(tensor.get_memory_ptr());
  for (int i = 0; i < 400; ++i) data[i] = static_cast<float>(i);
  auto slice = tensor.slice({2, 2}, {10, 10}, {2, 4});
  CHECK(!slice->is_continue_memory() && slice->get_layout().shapes[1] == 2);
  Tensor copy;
  copy.copy_from(*slice);
  CHECK(static_cast<float*>(copy.get_memory_ptr())[3] == 4 * 20 + 6);
  CHECK(*static_cast<float*>(tensor.get_memory_ptr({3, 4})) == 64);
  tensor.reshape({-1, 50});
  CHECK(tensor.get_layout().shapes[0] == 8);
  CHECK_THROWS(tensor.reshape({-1, -1}), LITE_INVALID_ARGUMENT);
  CHECK_THROWS(tensor.slice({5, 10}, {10, 15, 10}), LITE_INVALID_ARGUMENT);
  Tensor same = tensor;
  CHECK(same.get_memory_ptr() == tensor.get_memory_ptr());
  auto joined = TensorUtils::concat({copy, copy}, 0);
  CHECK(joined->get_layout().shapes[0] == 8);
  Tensor shared;
  shared.share_memory_with(copy);
  shared.fill_zero();
  CHECK(static_cast<float*>(copy.get_memory_ptr())[3] == 0);
  float mine[6];
  tensor.reset(mine, Layout{{6}, 1});
  CHECK(tensor.get_memory_ptr() == mine);
  CHECK_THROWS(tensor.reset(mine, 3), LITE_SHAPE_MISMATCH);
  CHECK_THROWS((void)Tensor(LiteDeviceType::LITE_CUDA), LITE_UNSUPPORTED);
  const uint32_t& bound = Layout::MAXDIM;
  CHECK(bound == 7);
  Layout packed;
  packed.data_type = LITE_INT4;
  CHECK_THROWS(packed.get_elem_size(), LITE_UNSUPPORTED);
}

void test_any() {
  LiteAny number(5), text(std::string("abc")), copy(number);
  CHECK(number.safe_cast<int>() == 5 && text.safe_cast<std::string>() == "abc" && copy.try_cast<int32_t>());
  CHECK(!number.try_cast<bool>());
  CHECK_THROWS(number.safe_cast<float>(), LITE_INVALID_ARGUMENT);
  *static_cast<int*>(copy.cast_void_ptr()) = 6;
  CHECK(number.safe_cast<int>() == 5);
}

void test_network() {
  auto network = load();
  CHECK(network->get_all_input_name() == std::vector<std::string>{"x"} && network->get_output_name(0) == "y");
  auto input = network->get_input_tensor(0);
  static_cast<float*>(input->get_memory_ptr())[1] = 3;
  network->forward();
  network->wait();
  auto output = network->get_output_tensor(0);
  CHECK(static_cast<float*>(output->get_memory_ptr())[1] == 6.5f);
  CHECK(network->get_model_extra_info().find("nobody") != std::string::npos);
  CHECK_THROWS(network->get_io_tensor("nothing"), LITE_NOT_FOUND);
  // The tensor keeps the network alive.
  network.reset();
  CHECK(static_cast<float*>(output->get_memory_ptr())[1] == 6.5f);
  CHECK_THROWS(Network().forward(), LITE_NOT_LOADED);
  CHECK_THROWS(Network().load_model("/nonexistent"), LITE_NOT_FOUND);
}

void test_callbacks() {
  auto network = load();
  int started = 0, finished = 0;
  network->set_start_callback(
      [&](const std::unordered_map<std::string, std::pair<IO, std::shared_ptr<Tensor>>>& inputs) {
        ++started;
        CHECK(inputs.size() == 1 && inputs.at("x").first.is_host);
        static_cast<float*>(inputs.at("x").second->get_memory_ptr())[0] = 7;
      });
  network->set_finish_callback(
      [&](const std::unordered_map<std::string, std::pair<IO, std::shared_ptr<Tensor>>>& outputs) {
        ++finished;
        CHECK(static_cast<float*>(outputs.at("y").second->get_memory_ptr())[0] == 7.5f);
      });
  network->forward();
  network->wait();
  CHECK(started == 1 && finished == 1);
  struct Special {};
  network->set_start_callback(
      [](const std::unordered_map<std::string, std::pair<IO, std::shared_ptr<Tensor>>>&) {
        throw Special();
      });
  try {
    network->forward();
    ++failures, std::printf("%s\n", "nothing was thrown");
  } catch (const Special&) {
  }
  CHECK(started == 1 && finished == 1);
  network->set_start_callback(nullptr);
  network->set_finish_callback(
      [](const std::unordered_map<std::string, std::pair<IO, std::shared_ptr<Tensor>>>&) {
        throw Special();
      });
  try {
    network->forward();
    ++failures, std::printf("%s\n", "nothing was thrown");
  } catch (const Special&) {
  }
  network->set_finish_callback(nullptr);
  std::atomic<bool> done{false};
  network->set_async_callback([&] { done = true; });
  network->forward();
  while (!done) std::this_thread::yield();
  network->wait();
}

class Counting : public Allocator {
 public:
  explicit Counting(std::atomic<int>* b) : blocks(b) {}
  void* allocate(LiteDeviceType, int, size_t size, size_t align) override {
    void* p = nullptr;
    if (posix_memalign(&p, align, size) != 0) return nullptr;
    ++*blocks;
    return p;
  }
  void free(LiteDeviceType, int, void* p) override {
    --*blocks;
    std::free(p);
  }
  std::atomic<int>* blocks;
};

void test_runtime() {
  std::atomic<int> blocks{0}, called{0};
  {
    auto network = std::make_shared<Network>();
    Runtime::set_cpu_threads_number(network, 2);
    CHECK_THROWS(Runtime::set_runtime_thread_affinity(network, [](int) {}), LITE_NOT_LOADED);
    CHECK(Runtime::get_cpu_threads_number(network) == 2 && !Runtime::is_cpu_inplace_mode(network));
    Runtime::set_memory_allocator(network, std::make_shared<Counting>(&blocks));
    Bytes model(affine_model(2));
    network->load_model(model.message.data, model.message.size);
    Runtime::set_runtime_thread_affinity(network, [&](int) { ++called; });
    Runtime::set_network_algo_policy(network, LITE_ALGO_PROFILE | LITE_ALGO_REPRODUCIBLE);
    Runtime::set_network_algo_workspace_limit(network, 1 << 20);
    network->forward();
    CHECK(blocks > 0 && called == 2);
    auto other = std::make_shared<Network>();
    Runtime::set_cpu_inplace_mode(other);
    Runtime::shared_weight_with_network(other, network);
    other->forward();
    CHECK(Runtime::is_cpu_inplace_mode(other));
    auto sharing = load();
    Runtime::share_runtime_memory_with(sharing, other);
    sharing->forward();
    const NetworkIO ios = Runtime::get_model_io_info(model.message.data, model.message.size);
    CHECK(ios.inputs.size() == 1 && ios.inputs[0].name == "x" && ios.inputs[0].config_layout.ndim == 2);
    network->set_option("timeout_us", "1000000");
    CHECK(network->get_option("timeout_us") == "1000000" && network->get_statistics().runs == 1);
    CHECK_THROWS(Runtime::set_cpu_threads_number(network, 3), LITE_ALREADY_LOADED);
  }
  CHECK(blocks == 0);
}

void test_configuration() {
  Config config;
  config.discrete_input_name = "x";
  NetworkIO io;
  io.inputs.push_back({"x", true, LITE_IO_VALUE, Layout{{2, 4}, 2}});
  io.outputs.push_back({"y"});
  auto network = std::make_shared<Network>(config, io);
  network->compute_only_configured_output();
  Bytes model(affine_model(-1));
  network->load_model(model.message.data, model.message.size);
  auto tensors = network->get_discrete_tensors("x");
  CHECK(tensors.size() == 2);
  static_cast<float*>(tensors[1]->get_memory_ptr())[0] = 4;
  network->forward();
  CHECK(static_cast<float*>(network->get_output_tensor(0)->get_memory_ptr())[4] == 4.5f);
}

void test_global() {
  int major = 0, minor = 0, patch = 0;
  get_version(major, minor, patch);
  CHECK(major == LITE_VERSION_MAJOR);
  set_log_level(LiteLogLevel::WARN);
  CHECK(get_log_level() == WARN && get_device_count(LITE_CPU) == 1);
  set_log_level(LiteLogLevel::ERROR);
  try_coalesce_all_free_memory();
  CHECK(register_decryption_and_key("invert",
                                    [](const void* data, size_t size, const std::vector<uint8_t>& key) {
                                      std::vector<uint8_t> out(static_cast<const uint8_t*>(data),
                                                               static_cast<const uint8_t*>(data) + size);
                                      for (uint8_t& b : out) b = static_cast<uint8_t>(b ^ key.at(0));
                                      return out;
                                    },
                                    {0xFF}));
  CHECK_THROWS(register_decryption_and_key("invert", nullptr, {1}), LITE_INVALID_ARGUMENT);
  Bytes model(affine_model(2));
  for (size_t i = 0; i < model.message.size; ++i)
    model.message.data[i] = static_cast<unsigned char>(~model.message.data[i]);
  Config config;
  config.bare_model_cryption_name = "invert";
  Network network(config);
  network.load_model(model.message.data, model.message.size);
  network.forward();
  CHECK(update_decryption_or_key("invert", nullptr, {0x0F}));
  CHECK_THROWS(network.load_model(model.message.data, model.message.size), LITE_INVALID_MODEL);
  CHECK_THROWS(update_decryption_or_key("revert", nullptr, {1}), LITE_NOT_FOUND);
  char a = 0, b = 0;
  CHECK(register_memory_pair(&a, &b, 1, LITE_NPU) && lookup_physic_ptr(&a, LITE_NPU) == &b);
  CHECK(clear_memory_pair(&a, &b, LITE_NPU));
}

void test_packing() {
  Bytes model(affine_model(2));
  const std::vector<uint8_t> bytes(model.message.data, model.message.data + model.message.size);
  const std::string text = R"({"valid": true, "name": "affine", "version": "1.13.0", "extra_info": [1, 2]})";
  const std::vector<uint8_t> info(text.begin(), text.end());
  std::vector<uint8_t> key(32, 7);
  for (const char* method : {"NONE", "AES_default", "AES_256_GCM"}) {
    ModelPacker packer(bytes, "cpp_api.lite", info, {1, 2, 3});
    packer.set_header(method, method);
    if (std::string(method) != "NONE") {
      packer.set_key(key);
      CHECK(update_decryption_or_key(method, nullptr, key));
    }
    packer.pack_model();
    Network network;
    network.load_model("cpp_api.lite");
    network.forward();
    CHECK(network.get_model_extra_info() == "[1,2]");
  }
  ModelPacker again("cpp_api.lite", "cpp_api.lite", "");  // a pack stays what it is
  again.set_header();
  again.pack_model();
  Network network;
  network.load_model("cpp_api.lite");
  remove("cpp_api.lite");
  CHECK_THROWS(ModelPacker("no such file", "cpp_api.lite"), LITE_IO_ERROR);

  // Programs' parsers: their result is not looked at, what they throw fails the load.
  int calls = 0;
  CHECK(register_parse_info_func(
      "mine", [&](const void* data, size_t size, const std::string name, Config& config, NetworkIO&,
                  std::unordered_map<std::string, LiteAny>& isolated, std::string& extra) {
        CHECK(size == info.size() && name == "affine" && config.device_type == LITE_CPU);
        isolated["number_threads"] = uint32_t{3};
        extra = std::string(static_cast<const char*>(data), 8);
        if (++calls == 2) throw std::runtime_error("no");
        return false;
      }));
  LitePackOptions options = LITE_PACK_OPTIONS_INIT;
  options.name = "affine";
  options.info = info.data();
  options.info_size = info.size();
  options.info_parser = "mine";
  char* packed = nullptr;
  size_t size = 0;
  CHECK(LITE_pack_model_memory(bytes.data(), bytes.size(), &options, &packed, &size) == LITE_OK);
  network.load_model(packed, size);
  CHECK(calls == 1 && network.get_model_extra_info() == "{\"valid\"");
  CHECK_THROWS(network.load_model(packed, size), LITE_INVALID_MODEL);
  LITE_free_string(packed);
}

void test_values() {
  Layout layout{{2}, 1};
  Tensor first(LiteDeviceType::LITE_CPU, layout), second(LiteDeviceType::LITE_CPU, layout);
  first.fill_zero();
  second.fill_zero();
  static_cast<float*>(second.get_memory_ptr())[1] = 5;
  const Value item(first);
  Value list = Value::sequence(LiteDataType::LITE_FLOAT, {item, Value(second)});
  CHECK(list.kind() == LITE_VALUE_SEQUENCE && list.size() == 2 && list.dtype() == LiteDataType::LITE_FLOAT);
  CHECK(static_cast<float*>(list.at(1).tensor().get_memory_ptr())[1] == 5);
  CHECK_THROWS(list.at(2), LITE_INVALID_ARGUMENT);
  CHECK_THROWS(list.append(list), LITE_INVALID_ARGUMENT);
  CHECK_THROWS(list.tensor(), LITE_INVALID_ARGUMENT);
  Value same = list;
  same.append(item);
  CHECK(list.size() == 3);
  const Value none = Value::optional(LiteDataType::LITE_FLOAT), some = Value::optional(item);
  CHECK(none.empty() && !some.empty() && some.get().kind() == LITE_VALUE_TENSOR);
  Tensor keys(LiteDeviceType::LITE_CPU, Layout{{2}, 1, LiteDataType::LITE_INT64});
  static_cast<int64_t*>(keys.get_memory_ptr())[0] = 3;
  static_cast<int64_t*>(keys.get_memory_ptr())[1] = 4;
  const Value map = Value::map(keys, item);
  CHECK(map.size() == 2 && map.values().kind() == LITE_VALUE_TENSOR);
  CHECK(static_cast<int64_t*>(map.keys().get_memory_ptr())[1] == 4);

  const Bytes model(sequence_model(ONNX_FLOAT));
  Network network;
  network.load_model(model.message.data, model.message.size);
  CHECK_THROWS(network.get_io_tensor("frames"), LITE_INVALID_ARGUMENT);
  network.set_input_value("frames", list);
  *static_cast<int64_t*>(network.get_io_tensor("at")->get_memory_ptr()) = 1;
  network.forward();
  network.wait();
  const Value longer = network.get_output_value("longer");
  CHECK(longer.size() == 4);
  CHECK(static_cast<float*>(longer.at(3).tensor().get_memory_ptr())[1] == 5);
  CHECK_THROWS(network.set_input_value("frames", some), LITE_INVALID_ARGUMENT);
  CHECK_THROWS(network.get_output_value("nothing"), LITE_NOT_FOUND);
}

}  // namespace

int main() {
  test_tensors();
  test_values();
  test_any();
  test_network();
  test_callbacks();
  test_runtime();
  test_configuration();
  test_global();
  test_packing();
  return check_report("cpp_api");
}
