#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

Attrs bigrams(const char* mode, int64_t skip) {
  return {{"mode", std::string(mode)},
          {"min_gram_length", int64_t{2}},
          {"max_gram_length", int64_t{2}},
          {"max_skip_count", skip},
          {"ngram_counts", std::vector<int64_t>{0, 4}},
          {"ngram_indexes", std::vector<int64_t>{0, 1, 2, 3, 4, 5, 6}},
          {"weights", std::vector<float>{1, 1, 1, 1, 2, 3, 4}},
          {"pool_int64s", std::vector<int64_t>{2, 3, 5, 4, 5, 6, 7, 8, 6, 7}}};
}

TEST(TfIdf, CountsAndWeights) {
  const Tensor x = i64({12}, {1, 1, 3, 3, 3, 7, 8, 6, 7, 5, 6, 8});
  expect_equal(eval("TfIdfVectorizer", {x}, bigrams("TF", 0)), f32({7}, {0, 0, 0, 0, 1, 1, 1}));
  expect_equal(eval("TfIdfVectorizer", {x}, bigrams("TFIDF", 0)), f32({7}, {0, 0, 0, 0, 2, 3, 4}));
  expect_equal(eval("TfIdfVectorizer", {x}, bigrams("TF", 5)), f32({7}, {0, 0, 0, 0, 1, 3, 1}));
  expect_equal(eval("TfIdfVectorizer", {x}, bigrams("IDF", 5)), f32({7}, {0, 0, 0, 0, 2, 3, 4}));
}

TEST(TfIdf, RejectsBadPools) {
  Attrs bad = bigrams("TF", 0);
  bad[4].data = std::vector<int64_t>{0, 11};
  EXPECT_NE(error_of("TfIdfVectorizer", {i64({1}, {1})}, bad).find("ngram_counts"), std::string::npos);
}

}  // namespace
}  // namespace lite::test
