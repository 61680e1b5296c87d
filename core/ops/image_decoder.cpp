// ImageDecoder: the pixels of a picture file.
//
//   in  encoded_stream  [bytes] uint8: a BMP, JPEG, JPEG 2000, PNG, PNM (P1 to P6), TIFF or WebP file
//   out image           [height,width,channels] uint8; channels 3, or 1 for grey
//   attr pixel_format string, default "RGB": "RGB", "BGR" or "Grayscale"
//
// What cannot be decoded, or not to its end, gives an empty image, [0,0,channels], as the specification
// wants, and a warning in the log. A picture that is too large for the budget, or of more than 2^28 pixels,
// is an error. Transparency is left out, more than 8 bits become 8, palettes and CMYK become colours;
// orientation and colour profiles in metadata are not looked at. Grey is (19595 R + 38470 G + 7471 B + 32768)
// >> 16.
//
// The decoders are in an add-on, liblite_image.so, beside the library; without it a model with this operator
// is refused.

#include "core/base/addon.h"
#include "core/base/log.h"
#include "core/base/memory_budget.h"
#include "core/ops/image_addon.h"
#include "core/ops/op.h"
#include "build_config.h"

namespace lite::ops {
namespace {

constexpr int64_t kMostPixels = int64_t{1} << 28;

enum class Pixels { kRgb, kBgr, kGrey };

Result<Pixels> pixel_format(const AttrReader& attrs) {
  const std::string_view format = attrs.str("pixel_format", "RGB");
  if (format == "RGB") return Pixels::kRgb;
  if (format == "BGR") return Pixels::kBgr;
  if (format == "Grayscale") return Pixels::kGrey;
  return invalid_model("ImageDecoder: pixel_format is '", format, "', wanted RGB, BGR or Grayscale");
}

Result<const LiteImageAddon*> image_addon() {
  auto entry = addon::find(LITE_IMAGE_ADDON_FILE, LITE_IMAGE_ADDON_ENTRY);
  if (!entry.is_ok()) return unsupported("ImageDecoder: ", entry.error().message);
  const LiteImageAddon* const found = reinterpret_cast<LiteImageAddonEntry*>(entry.value())();
  if (std::string_view(found->version) != LITE_BUILD_VERSION)
    return unsupported("ImageDecoder: the add-on " LITE_IMAGE_ADDON_FILE " is of version ", found->version,
                       ", this library of " LITE_BUILD_VERSION);
  return found;
}

Status infer(const InferArgs& a) {
  LITE_ASSIGN(const Pixels format, pixel_format(a.attrs));
  if (a.in[0].has_rank && a.in[0].rank() != 1)
    return invalid_model("ImageDecoder: encoded_stream has shape ", a.in[0].dims, ", one dimension wanted");
  LITE_TRY(image_addon().status());
  a.out[0] = Fact(DType::kU8, {kUnknownDim, kUnknownDim, format == Pixels::kGrey ? 1 : 3});
  return ok();
}

// Where the add-on puts the pixels: into the output, or, for grey, beside it.
class Sink : public LiteImageSink {
 public:
  Sink(const EvalArgs& a, Pixels format) : LiteImageSink{}, args_(a), format_(format) {
    begin = [](LiteImageSink* s, uint32_t width, uint32_t height, uint64_t working) -> unsigned char* {
      auto* const self = static_cast<Sink*>(s);
      try {
        self->wrong_ = self->prepare(width, height, working);
      } catch (const std::bad_alloc&) {
        self->wrong_ = fail(Code::kOutOfMemory, "ImageDecoder: a picture of ", width, " x ", height);
      }
      return self->wrong_.is_ok() ? self->pixels_->mutable_data<unsigned char>() : nullptr;
    };
    stop = [](LiteImageSink* s) { return static_cast<int>(static_cast<Sink*>(s)->args_.stop_requested()); };
  }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  ~Sink() {
    if (budget_ != nullptr) budget_->give_back(taken_);
  }

  // What is not the picture's fault.
  Status take_error() { return std::move(wrong_); }

  // After all pixels have been written.
  void finish() {
    unsigned char* const p = pixels_->mutable_data<unsigned char>();
    const int64_t bytes = pixels_->elements();
    if (format_ == Pixels::kBgr) {
      for (int64_t i = 0; i < bytes; i += 3) std::swap(p[i], p[i + 2]);
    } else if (format_ == Pixels::kGrey) {
      unsigned char* const y = out_->mutable_data<unsigned char>();
      for (int64_t i = 0; i < bytes; i += 3)
        y[i / 3] =
            static_cast<unsigned char>((19595 * p[i] + 38470 * p[i + 1] + 7471 * p[i + 2] + 32768) >> 16);
    }
  }

 private:
  Status prepare(uint32_t width, uint32_t height, uint64_t working) {
    const int64_t w = width, h = height;
    if (w * h > kMostPixels)
      return fail(Code::kLimitExceeded, "ImageDecoder: the picture has ", w, " x ", h, " pixels, at most ",
                  kMostPixels, " are decoded");
    if (const auto budget = MemoryBudget::current(); budget != nullptr) {
      const auto bytes = static_cast<size_t>(working);
      if (bytes != working || !budget->take(bytes))
        return fail(Code::kLimitExceeded, "ImageDecoder: to decode ", w, " x ", h, " pixels takes ", working,
                    " bytes, ", budget->used(), " are in use; the limit is ", budget->limit(), " (",
                    budget->name(), ")");
      budget_ = budget;
      taken_ = bytes;
    }
    const bool grey = format_ == Pixels::kGrey;
    LITE_ASSIGN(out_, args_.output(0, DType::kU8, {h, w, grey ? 1 : 3}));
    pixels_ = out_;
    if (grey) {
      LITE_ASSIGN(beside_, Tensor::allocate(DType::kU8, {h, w, 3}));
      pixels_ = &beside_;
    }
    return ok();
  }

  const EvalArgs& args_;
  Pixels format_;
  Status wrong_;
  Tensor *out_ = nullptr, *pixels_ = nullptr;
  Tensor beside_;
  std::shared_ptr<MemoryBudget> budget_;
  size_t taken_ = 0;
};

Status reference(const EvalArgs& a) {
  LITE_ASSIGN(const Pixels format, pixel_format(a.attrs));
  LITE_ASSIGN(const LiteImageAddon* const addon, image_addon());
  const Tensor& in = a.input(0);
  Sink sink(a, format);
  if (addon->decode(in.data<unsigned char>(), in.bytes(), &sink) != 0) {
    sink.finish();
    return ok();
  }
  if (a.stop_requested()) return a.parallel->cancel->error();
  LITE_TRY(sink.take_error());
  log(LogLevel::kWarn, cat("ImageDecoder: ", in.bytes(), " bytes are not decoded: ", sink.message));
  return a.output(0, DType::kU8, {0, 0, format == Pixels::kGrey ? 1 : 3}).status();
}

constexpr OperandSpec kIn[] = {{"encoded_stream", DType::kU8}};
constexpr OperandSpec kOut[] = {{"image", DType::kU8}};
constexpr AttrSpec kAttrs[] = {{"pixel_format", AttrType::kString}};

constexpr OpDef kOps[] = {{
    .name = "ImageDecoder",
    .since = 20,
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .traits = kDataDependentShape,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable image_decoder;
constinit const OpTable image_decoder{kOps};

}  // namespace lite::ops
