#include "core/base/status.h"

namespace lite {

const char* code_name(Code code) noexcept {
  switch (code) {
    case Code::kOk:
      return "ok";
    case Code::kInvalidArgument:
      return "invalid argument";
    case Code::kInvalidModel:
      return "invalid model";
    case Code::kUnsupported:
      return "unsupported";
    case Code::kNotFound:
      return "not found";
    case Code::kOutOfMemory:
      return "out of memory";
    case Code::kIo:
      return "I/O error";
    case Code::kDevice:
      return "device error";
    case Code::kCancelled:
      return "cancelled";
    case Code::kTimedOut:
      return "timed out";
    case Code::kBusy:
      return "busy";
    case Code::kShapeMismatch:
      return "shape mismatch";
    case Code::kNotLoaded:
      return "not loaded";
    case Code::kCallback:
      return "callback failed";
    case Code::kLimitExceeded:
      return "limit exceeded";
    case Code::kInternal:
      return "internal error";
  }
  return "unknown error";
}

const std::string& Status::message() const noexcept {
  static const std::string empty;
  return error_ ? error_->message : empty;
}

Status Status::with_context(std::string_view who) && {
  if (error_) error_->message = cat(who, ": ", error_->message);
  return std::move(*this);
}

}  // namespace lite
