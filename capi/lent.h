// A caller's pointer with the function that gives it back.
#pragma once

#include "lite-c/tensor_ex_c.h"

namespace lite::capi {

// Calls release when it goes, if keep() was called: until then a failing call leaves the pointer to the
// caller.
class LentData {
 public:
  LentData(void* user_data, LiteRelease release) : user_data_(user_data), release_(release) {}
  LentData(const LentData&) = delete;
  LentData& operator=(const LentData&) = delete;
  ~LentData() {
    if (kept_ && release_ != nullptr) release_(user_data_);
  }
  void keep() noexcept { kept_ = true; }
  void* user_data() const { return user_data_; }

 private:
  void* user_data_;
  LiteRelease release_;
  bool kept_ = false;
};

}  // namespace lite::capi
