#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "tests/ops/hostile.h"

namespace lite::test {
namespace {

// LITE_TEST_SEED repeats a run; LITE_TEST_OP is one operator alone.
TEST(HostileOperands, EveryOperatorGivesAnErrorOrAResult) {
  const bool all = hostile_rounds() > 100;
  const char* const wanted = std::getenv("LITE_TEST_SEED");
  const uint64_t seed = wanted != nullptr ? std::stoull(wanted) : all ? std::random_device()() : 1;
  const char* const only = std::getenv("LITE_TEST_OP");
  std::cout << "LITE_TEST_SEED=" << seed << '\n';
  for (const OpDef* op : ops::all()) {
    if (only != nullptr && std::string(only) != op->name) continue;
    for (int round = 0; round < (all ? 3000 : 60); ++round) {
      Random random(seed * 1000003 + static_cast<uint64_t>(round));
      survive(drawn(*op, random), random);
      if (::testing::Test::HasFailure()) {
        std::cout << "round " << round << " of " << op->name << '\n';
        return;
      }
    }
  }
}

}  // namespace
}  // namespace lite::test
