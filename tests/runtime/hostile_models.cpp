#include <gtest/gtest.h>

#include <ctime>
#include <fstream>
#include <string>

#include "tests/support/costly_onnx.h"
#include "tests/support/run_model.h"

namespace lite::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

// Of this process, at most so far.
size_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "VmHWM:") {
      size_t kilobytes = 0;
      status >> kilobytes;
      return kilobytes << 10;
    }
  return 0;
}

Status run(const std::string& bytes, bool optimise) {
  RunLimits limits;
  limits.optimise = optimise;
  // Memory of its own, so that a sanitizer sees a read behind its end.
  return load_and_run(copy_bytes(std::as_bytes(std::span(bytes))), limits);
}

TEST(HostileModels, GiveAnErrorOrAResultWithinTheLimits) {
  for (const HostileModel& m : costly_onnx_models()) {
    for (const bool optimise : {true, false}) {
      SCOPED_TRACE(m.name + (optimise ? "" : ", not optimised"));
      const std::clock_t begin =
          std::clock();  // of the processor: what else the machine does is not the model's
      const Status s = run(m.bytes, optimise);
      EXPECT_LT((std::clock() - begin) / CLOCKS_PER_SEC, kSanitized ? 20 : 4);
      if (m.message.empty()) {
        EXPECT_TRUE(s.is_ok()) << s.message();
      } else if (m.message != "?") {
        EXPECT_FALSE(s.is_ok());
        EXPECT_NE(s.message().find(m.message), std::string::npos) << s.message();
      }
      EXPECT_NE(s.code(), Code::kInternal) << s.message();
      EXPECT_LT(s.message().size(), 2000u);
    }
  }
  if (!kSanitized) {
    EXPECT_LT(peak_memory(), size_t{512} << 20);
  }
}

TEST(HostileModels, SaneOnesRun) {
  for (const HostileModel& m : sane_onnx_models()) {
    for (const bool optimise : {true, false}) {
      const Status s = run(m.bytes, optimise);
      EXPECT_TRUE(s.is_ok()) << m.name << ": " << s.message();
    }
  }
}

}  // namespace
}  // namespace lite::test
