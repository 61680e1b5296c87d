// What a LiteValue names.
#pragma once

#include <memory>

#include "capi/guard.h"
#include "capi/handle.h"
#include "core/ir/tensor.h"
#include "lite-c/value_c.h"

namespace lite::capi {

struct ValueObject {
  explicit ValueObject(Datum d) : datum(std::move(d)) {}
  Datum datum;
};

// A new handle; the value is then its holder's.
LiteValue give_value(Datum datum);

// The object of a handle.
struct ValueRef {
  ValueObject* object = nullptr;
  Outcome outcome;
};
ValueRef value_of(LiteValue handle, const char* name);

// Declares `variable`, or returns the failure.
#define LITE_VALUE(variable, handle)                                               \
  ::lite::capi::ValueRef variable##_ref = ::lite::capi::value_of(handle, #handle); \
  if (!variable##_ref.outcome.is_ok()) return std::move(variable##_ref.outcome);   \
  ::lite::capi::ValueObject& variable = *variable##_ref.object

}  // namespace lite::capi
