// lite::OperatorSpec: lambdas, an object for each node, exceptions, the end of registrations.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "check.h"
#include "lite/network.h"
#include "lite/operator.h"
#include "model_writer.h"

namespace {

using lite::OperatorContext;
using lite::OperatorSpec;

// y[N,3] = op(x[N,3]), with the attribute factor = 3
std::shared_ptr<lite::Network> load(const char* op) {
  const int64_t dims[2] = {-1, 3};
  Message graph = {nullptr, 0}, attributes = {nullptr, 0};
  put_int_attribute(&attributes, "factor", 3);
  add_value(&graph, 11, "x", ONNX_FLOAT, 2, dims);
  add_domain_node(&graph, "test.cpp", op, "x", "y", "the_node", &attributes);
  add_value(&graph, 12, "y", ONNX_FLOAT, 2, dims);
  Message model = finish_domain_model(&graph, "test.cpp", 1);
  const std::unique_ptr<unsigned char, decltype(&std::free)> owner(model.data, &std::free);
  auto network = std::make_shared<lite::Network>();
  network->load_model(model.data, model.size);
  return network;
}

// On 1, 2, 3, ...; elements of y.
std::vector<float> run(lite::Network& network, size_t rows) {
  auto x = network.get_io_tensor("x");
  x->set_layout(lite::Layout{{rows, 3}, 2, LiteDataType::LITE_FLOAT});
  auto* const data = static_cast<float*>(x->get_memory_ptr());
  for (size_t i = 0; i < rows * 3; ++i) data[i] = static_cast<float>(i + 1);
  network.forward();
  network.wait();
  auto y = network.get_io_tensor("y");
  const auto* const from = static_cast<const float*>(y->get_memory_ptr());
  return {from, from + y->get_tensor_total_size_in_byte() / sizeof(float)};
}

template <class F>
void throws(F&& f, int code, const char* text) {
  try {
    f();
    std::printf("nothing was thrown: %s\n", text);
    ++failures;
  } catch (const lite::Error& e) {
    if (e.code() == code && std::string(e.what()).find(text) != std::string::npos) return;
    std::printf("%s: %s, not %s\n", e.name(), e.what(), text);
    ++failures;
  }
}

// y = factor * x, by rows
class Scale {
 public:
  static std::atomic<int> alive;
  explicit Scale(OperatorContext& c) : factor_(static_cast<float>(c.int_attribute("factor"))) {
    CHECK(c.has_attribute("factor") && !c.has_attribute("other") && c.int_attribute("other", 5) == 5);
    CHECK(c.ints_attribute("other").empty() && c.string_attribute("other", "none") == "none");
    CHECK(c.node_name() == "the_node" && c.input_count() == 1 && c.output_count() == 1);
    throws([&] { c.float_attribute("factor"); }, LITE_INVALID_ARGUMENT, "float is wanted");
    ++alive;
  }
  Scale(const Scale&) = delete;
  Scale& operator=(const Scale&) = delete;
  ~Scale() { --alive; }
  void run(OperatorContext& c) const {
    const auto x = c.input(0), y = c.output(0);
    CHECK(x.present() && x.rank() == 2 && x.bytes() == x.elements() * sizeof(float));
    c.parallel_for(x.dim(0), [&](int64_t row) {
      for (int64_t i = 3 * row; i < 3 * row + 3; ++i)
        y.mutable_data<float>()[i] = factor_ * x.data<float>()[i];
    });
  }

 private:
  float factor_;
};
std::atomic<int> Scale::alive{0};

void test_nodes() {
  std::shared_ptr<lite::Network> network;
  {
    const auto registration =
        lite::register_operator(OperatorSpec("test.cpp", "Scale").same_as_input().node<Scale>());
    network = load("Scale");
    CHECK(Scale::alive == 1);
  }
  CHECK((run(*network, 2) == std::vector<float>{3, 6, 9, 12, 15, 18}));
  throws([] { load("Scale"); }, LITE_UNSUPPORTED, "there is no such operator");
  network.reset();
  CHECK(Scale::alive == 0);
}

// The sum of each row: one dimension less.
void test_lambdas() {
  OperatorSpec spec("test.cpp", "RowSum");
  spec.pure().input_types({LITE_TYPE_BIT(LiteDataType::LITE_FLOAT)});
  spec.infer([](OperatorContext& c) { c.set_output(0, c.input(0).dtype(), {c.input(0).dim(0), 1}); });
  spec.run([](OperatorContext& c) {
    const auto x = c.input(0), y = c.output(0);
    for (int64_t r = 0; r < x.dim(0); ++r) {
      const float* const row = x.data<float>() + 3 * r;
      y.mutable_data<float>()[r] = row[0] + row[1] + row[2];
    }
  });
  auto registration = lite::register_operator(spec);
  throws([&] { lite::register_operator(spec); }, LITE_INVALID_ARGUMENT, "is registered already");
  const int64_t dims[2] = {-1, 3}, sums[2] = {-1, 1};
  Message graph = {nullptr, 0};
  add_value(&graph, 11, "x", ONNX_FLOAT, 2, dims);
  add_domain_node(&graph, "test.cpp", "RowSum", "x", "y", "sum", nullptr);
  add_value(&graph, 12, "y", ONNX_FLOAT, 2, sums);
  Message model = finish_domain_model(&graph, "test.cpp", 1);
  lite::Network network;
  network.load_model(model.data, model.size);
  std::free(model.data);
  for (size_t rows = 1; rows < 3; ++rows)
    CHECK((run(network, rows) == (rows == 1 ? std::vector<float>{6} : std::vector<float>{6, 15})));
  auto moved = std::move(registration);
  moved.unregister();
  registration = lite::register_operator(spec);
}

void test_exceptions() {
  int kind = 0;
  const auto fail = [&] {
    if (kind == 0) throw std::runtime_error("no reason");
    if (kind == 1) throw lite::Error(LITE_IO_ERROR, "not to be read");
    if (kind == 2) throw std::bad_alloc();
    throw 7;
  };
  const int codes[] = {LITE_UNKNOWN_ERROR, LITE_IO_ERROR, LITE_OUT_OF_MEMORY, LITE_UNKNOWN_ERROR};
  const char* const texts[] = {"no reason", "not to be read", "", "unknown type"};
  int stage = 0;
  OperatorSpec spec("test.cpp", "Throws");
  spec.infer([&](OperatorContext& c) {
    if (stage == 0) fail();
    c.set_output(0, c.input(0).dtype(), c.input(0).dims());
  });
  spec.run([&](OperatorContext& c) {
    if (stage == 1) fail();
    c.parallel_for(100, [&](int64_t i) {
      if (i == 50) fail();
    });
  });
  const auto registration = lite::register_operator(spec);
  for (stage = 0; stage < 3; ++stage)
    for (kind = 0; kind < 4; ++kind) throws([&] { run(*load("Throws"), 2); }, codes[kind], texts[kind]);
}

// What a callback of the C API lets out is caught, too.
int throwing(void*, void*, LiteOperatorContext) { throw std::runtime_error("out of a C callback"); }
int throwing_task(void*, int64_t) { throw std::runtime_error("out of a task"); }
int run_throwing_task(void*, void*, LiteOperatorContext c) {
  return LITE_operator_parallel_for(c, 100, throwing_task, nullptr);
}

void test_plain_callbacks() {
  LiteOperator op = LITE_OPERATOR_INIT;
  op.domain = "test.cpp";
  op.name = "Plain";
  op.flags = LITE_OPERATOR_SAME_AS_INPUT;
  op.run = throwing;
  CHECK(LITE_register_operator(&op) == LITE_OK);
  throws([] { run(*load("Plain"), 2); }, LITE_UNKNOWN_ERROR, "out of a C callback");
  CHECK(LITE_unregister_operator("test.cpp", "Plain", 1) == LITE_OK);
  op.run = run_throwing_task;
  CHECK(LITE_register_operator(&op) == LITE_OK);
  throws([] { run(*load("Plain"), 2); }, LITE_UNKNOWN_ERROR, "out of a task");
  CHECK(LITE_unregister_operator("test.cpp", "Plain", 1) == LITE_OK);
}

}  // namespace

int main() {
  test_nodes();
  test_lambdas();
  test_exceptions();
  test_plain_callbacks();
  return check_report("cpp_operator");
}
