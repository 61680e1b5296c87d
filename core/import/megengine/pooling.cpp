// Pooling and what looks at neighbourhoods like it.
#include "core/import/megengine/translator.h"

namespace lite::mge {
namespace {

constexpr const char* kModes[] = {"MAX", "AVERAGE", "AVERAGE_COUNT_EXCLUDE_PADDING"};

}  // namespace

Status pooling(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::Pooling* p = c.param<fb::Pooling>();
  LITE_TRY(c.done());
  if (p->mode() >= std::size(kModes)) return invalid_model("its mode is ", p->mode(), ", which is none");
  const FormatRow* const format = format_row(p->format());
  if (format == nullptr) return invalid_model("its format is ", p->format(), ", which is none");
  const ElementType type = c.type(0);
  LITE_ASSIGN(const ElementType to, c.output_type(type));
  ValueId x = c.plain(0, format->in);
  const std::vector<int64_t> pads{p->pad_h(), p->pad_w(), p->pad_h(), p->pad_w()};
  std::vector<Attr> attrs{attr("kernel_shape", std::vector<int64_t>{p->window_h(), p->window_w()}),
                          attr("strides", std::vector<int64_t>{p->stride_h(), p->stride_w()}),
                          attr("pads", pads)};
  const bool max = p->mode() == 0;
  if (!max) attrs.push_back(attr("count_include_pad", static_cast<int64_t>(p->mode() == 1)));
  const bool bytes = (type.dtype == DType::kI8 || type.dtype == DType::kU8) && to == type;
  // The largest of quantised numbers is found without knowing what they stand for.
  const bool as_stored = max && bytes;
  if (!max && bytes && type.quantised) {
    // A mean of stored numbers is rounded with halves away from zero, which are not rare. Padding counts as
    // the zero point.
    ValueId mean = b.cast(x, DType::kF32);
    if (type.zero != 0) mean = b.add("Sub", {mean, b.number(DType::kF32, type.zero)});
    mean = b.add("AveragePool", {mean}, std::move(attrs));
    if (type.zero != 0) mean = b.add("Add", {mean, b.number(DType::kF32, type.zero)});
    c.out_plain(0, b.cast(b.add("RoundAway", {mean}, {}, "megengine"), type.dtype), format->out, to);
    return c.done();
  }
  if (!as_stored)
    x = type.quantised ? b.dequantize(x, type) : is_float(type.dtype) ? x : b.cast(x, DType::kF32);
  ValueId y = b.add(max ? "MaxPool" : "AveragePool", {x}, std::move(attrs));
  if (!as_stored) y = to.quantised ? b.quantize(y, to) : b.cast(y, to.dtype);
  c.out_plain(0, y, format->out, to);
  return c.done();
}

// The window and stride follow from the sizes: stride = in / out, window = in - (out - 1) * stride.
Status adaptive_pooling(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, 2));
  const fb::AdaptivePooling* p = c.param<fb::AdaptivePooling>();
  LITE_TRY(c.done());
  if (p->mode() >= std::size(kModes)) return invalid_model("its mode is ", p->mode(), ", which is none");
  const FormatRow* const format = format_row(p->format());
  if (format == nullptr) return invalid_model("its format is ", p->format(), ", which is none");
  const ElementType type = c.type(0);
  const ValueId stored = c.plain(0, format->in);
  const ValueId x = type.quantised ? b.dequantize(stored, type) : stored;
  const bool max = p->mode() == 0;
  const ValueId size = b.cast(c.in(1), DType::kI64);
  const Tensor* const known = b.known(size);
  ValueId y;
  if (known != nullptr && is_all(*known, 1))
    y = b.add(max ? "GlobalMaxPool" : "GlobalAveragePool", {x});
  else
    y = b.add("AdaptivePool", {x, size}, {attr("mode", max ? "max" : "average")}, "megengine");
  c.out_plain(0, type.quantised ? b.quantize(y, type) : y, format->out, type);
  return c.done();
}

// x / (k + alpha * the sum of squares over n channels)^beta; ONNX divides alpha by n.
Status lrn(Call& c) {
  LITE_TRY(c.want_inputs(1, 1));
  const fb::LRN* p = c.param<fb::LRN>();
  LITE_TRY(c.done());
  if (p->n() == 0 || p->n() > (1u << 30)) return invalid_model("its n is ", p->n());
  c.out(0, c.b.add("LRN", {c.in(0)},
                   {attr("size", static_cast<int64_t>(p->n())),
                    attr("alpha", p->alpha() * static_cast<float>(p->n())), attr("beta", p->beta()),
                    attr("bias", p->k())}));
  return c.done();
}

}  // namespace lite::mge
