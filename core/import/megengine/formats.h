// MegEngine's memory formats: how tensors whose channels are cut into blocks relate to plain [N,C,H,W].
#pragma once

#include <cstdint>

#include "core/ir/graph.h"

namespace lite::mge {

class Builder;

enum class Blocked : uint8_t {
  kNone,    // [N,C,H,W]
  kNhwc,    // [N,H,W,C]
  kNhwcd4,  // [N,H,C/4,W,4]
  kNchw4,   // [N,C/4,H,W,4]
  kNchw8,
  kNchw32,
  kNchw64,
  kChwn4,  // [C/4,H,W,N,4]
};

// Channels in a block; 1 where they are not cut.
int64_t block_of(Blocked format);
// From the form of the file to [N,C,H,W] and back.
ValueId to_plain(Builder& b, ValueId v, Blocked format);
ValueId from_plain(Builder& b, ValueId v, Blocked format);

// The formats of a convolution's or pooling's input and output, by MegEngine's number.
struct FormatRow {
  const char* name;
  Blocked in, out;
};
// nullptr for numbers that are none.
const FormatRow* format_row(uint32_t number);

// A convolution's weights to [O,I/groups,H,W], or [O,I/groups,D,H,W]; tells the groups.
struct PlainWeights {
  ValueId value = kNoValue;
  int64_t groups = 1;
};
PlainWeights plain_weights(Builder& b, ValueId w, uint32_t format, bool grouped);

}  // namespace lite::mge
