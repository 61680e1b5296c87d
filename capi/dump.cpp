// Writing intermediate values and the memory plan to files.

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>

#include "capi/network_object.h"
#include "capi/text.h"

namespace lite::capi {
namespace {

// NumPy's letter and size for a type; what NumPy lacks is written as bytes.
std::string numpy_type(DType t) {
  switch (t) {
    case DType::kF32:
      return "<f4";
    case DType::kF64:
      return "<f8";
    case DType::kF16:
      return "<f2";
    case DType::kI8:
      return "|i1";
    case DType::kI16:
      return "<i2";
    case DType::kI32:
      return "<i4";
    case DType::kI64:
      return "<i8";
    case DType::kU8:
      return "|u1";
    case DType::kU16:
      return "<u2";
    case DType::kU32:
      return "<u4";
    case DType::kU64:
      return "<u8";
    case DType::kBool:
      return "|b1";
    case DType::kC64:
      return "<c8";
    case DType::kC128:
      return "<c16";
    default:
      return "";
  }
}

std::string npy(const Tensor& t) {
  const std::string type = numpy_type(t.dtype());
  std::string shape;
  if (type.empty())
    shape = cat(t.bytes(), ",");
  else
    for (const int64_t d : t.dims()) shape += cat(d, ",");
  std::string header =
      cat("{'descr': '", type.empty() ? "|u1" : type, "', 'fortran_order': False, 'shape': (", shape, "), }");
  constexpr size_t kPrefix = 10, kAlign = 64;
  header.append(kAlign - (kPrefix + header.size() + 1) % kAlign, ' ');
  header += '\n';
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(header.size() & 0xFF);
  out += static_cast<char>(header.size() >> 8 & 0xFF);
  out += header;
  if (t.bytes() != 0) out.append(static_cast<const char*>(t.raw()), t.bytes());
  return out;
}

std::string safe_file_name(std::string_view name) {
  std::string out;
  for (const char c : name.substr(0, 100)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.';
    out += plain ? c : '_';
  }
  return out;
}

std::string values(const Tensor& t) {
  std::string out;
  constexpr int64_t kMost = 4096;
  const int64_t n = std::min(t.elements(), kMost);
  const bool whole = is_int(t.dtype()) || t.dtype() == DType::kBool;
  for (int64_t i = 0; i < n; ++i) {
    if (t.dtype() == DType::kString)
      out += cat(i == 0 ? "" : ", ", json_quote(t.strings()[static_cast<size_t>(i)]));
    else if (t.dtype() == DType::kC64 || t.dtype() == DType::kC128)
      return "(complex)";
    else if (whole)
      out += cat(i == 0 ? "" : ", ", t.int_at(i));
    else {
      char text[32];
      std::snprintf(text, sizeof text, "%s%.9g", i == 0 ? "" : ", ", t.float_at(i));
      out += text;
    }
  }
  if (n < t.elements()) out += ", ...";
  return out;
}

Error system_error(const char* what, const std::string& path) {
  return fail(Code::kIo, what, " '", path, "': ", std::strerror(errno));
}

}  // namespace

// Where intermediate values go: one text file, one directory, or both.
class Dump {
 public:
  Outcome open_text(const char* path) {
    std::FILE* const file = std::fopen(path, "we");
    if (file == nullptr) return system_error("cannot open", path);
    text_.reset(file);
    return done();
  }
  Outcome open_directory(const char* path) {
    struct stat info;
    if (stat(path, &info) != 0) return system_error("cannot use", path);
    if (!S_ISDIR(info.st_mode)) return fail(Code::kIo, "'", path, "' is not a directory");
    directory_ = path;
    return done();
  }
  void begin_run() {
    ++run_;
    count_ = 0;
    if (!text_) return;
    const std::string line = cat("run ", run_, "\n");
    std::fwrite(line.data(), 1, line.size(), text_.get());
  }
  // A run must not fail because a disk is full: what cannot be written is left out.
  void write(std::string_view op, std::string_view node, std::string_view value, const Datum& datum) {
    ++count_;
    if (datum.kind != Kind::kTensor) {
      if (text_) {
        const std::string line = cat(op, " '", node, "' -> '", value, "' ", kind_name(datum.kind), " of ",
                                     datum.items.size(), "\n");
        std::fwrite(line.data(), 1, line.size(), text_.get());
      }
      for (size_t i = 0; i < datum.items.size(); ++i)
        write(op, node, cat(value, "[", i, "]"), datum.items[i]);
      return;
    }
    if (!datum.tensor.defined()) return;
    const Tensor& t = datum.tensor;
    if (text_) {
      const std::string line =
          cat(op, " '", node, "' -> '", value, "' ", dtype_name(t.dtype()), t.dims(), ": ", values(t), "\n");
      std::fwrite(line.data(), 1, line.size(), text_.get());
      std::fflush(text_.get());
    }
    if (!directory_.empty() && t.dtype() != DType::kString) {
      char number[16];
      std::snprintf(number, sizeof number, "%05u", count_);
      (void)write_file(
          cat(directory_, "/", number, "-", safe_file_name(value.empty() ? node : value), ".npy"), npy(t))
          .is_ok();
    }
  }

 private:
  struct Close {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  std::unique_ptr<std::FILE, Close> text_;
  std::string directory_;
  unsigned run_ = 0, count_ = 0;
};

Outcome NetworkObject::set_text_dump(const char* path) {
  auto dump = dump_ ? dump_ : std::make_shared<Dump>();
  LITE_CHECK(dump->open_text(path));
  dump_ = std::move(dump);
  observe();
  return done();
}

Outcome NetworkObject::set_binary_dump(const char* directory) {
  auto dump = dump_ ? dump_ : std::make_shared<Dump>();
  LITE_CHECK(dump->open_directory(directory));
  dump_ = std::move(dump);
  observe();
  return done();
}

void NetworkObject::observe() {
  if (!session_ || !dump_) return;
  session_->set_step_observer([this](const Program::Step& step, std::span<const Datum> outputs) {
    const std::vector<Program::Slot>& slots = session_->program()->slots();
    for (size_t i = 0; i < outputs.size(); ++i)
      if (step.out[i] != Program::kNone)
        dump_->write(step.node.op->name, step.node.name, slots[step.out[i]].name, outputs[i]);
  });
}

Outcome NetworkObject::dump_inputs() {
  dump_->begin_run();
  for (const Port& port : inputs_) {
    if (port.value) dump_->write("input", port.wish.name, port.wish.name, *port.value);
    if (port.kind != Kind::kTensor) continue;
    const TensorObject* const t = port.staging ? port.staging.get() : port.tensor.get();
    dump_->write("input", port.wish.name, port.wish.name, Datum(t->as_core()));
  }
  return done();
}

Outcome NetworkObject::write_memory_plan(const std::string& directory) {
  LITE_CHECK(prepare());
  const Program& p = *session_->program();
  // First and last step that touches each slot.
  std::map<uint32_t, std::pair<size_t, size_t>> alive;
  for (size_t s = 0; s < p.steps().size(); ++s)
    for (const std::vector<uint32_t>* const ids : {&p.steps()[s].in, &p.steps()[s].out})
      for (const uint32_t id : *ids)
        if (id != Program::kNone) alive.try_emplace(id, s, s).first->second.second = s;
  // A batch that steps see through a window is alive, all of it, as long as they run for its parts.
  for (const Program::MicroBatches& m : p.micro_batches())
    for (const Program::MicroBatches::Window& w : m.windows) {
      alive.erase(w.slot);
      auto& [first, last] = alive.try_emplace(w.of, m.first, m.last).first->second;
      first = std::min<size_t>(first, m.first);
      last = std::max<size_t>(last, m.last);
    }
  std::string json = cat("{\n  \"arena_bytes\": ", p.arena_bytes(), ",\n  \"steps\": [");
  for (size_t s = 0; s < p.steps().size(); ++s)
    json += cat(s == 0 ? "\n" : ",\n", "    {\"name\": ", json_quote(p.steps()[s].node.name),
                ", \"op\": ", json_quote(p.steps()[s].node.op->name), "}");
  json += "\n  ],\n  \"values\": [";
  bool first = true;
  for (const auto& [id, steps] : alive) {
    const Program::Slot& slot = p.slots()[id];
    if (slot.buffer.where != Program::Buffer::Where::kArena) continue;
    json += cat(first ? "\n" : ",\n", "    {\"name\": ", json_quote(slot.name),
                ", \"offset\": ", slot.buffer.offset,
                ", \"bytes\": ", layout_bytes(slot.fact.dtype, slot.fact.dims, slot.layout),
                ", \"first_step\": ", steps.first, ", \"last_step\": ", steps.second, "}");
    first = false;
  }
  json += "\n  ]\n}\n";
  for (size_t at = 1; at <= directory.size(); ++at)
    if (at == directory.size() || directory[at] == '/') {
      const std::string part = directory.substr(0, at);
      if (mkdir(part.c_str(), 0777) != 0 && errno != EEXIST) return system_error("cannot make", part);
    }
  return write_file(directory + "/static_memory.json", json);
}

}  // namespace lite::capi
