#include "capi/text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace lite::capi {
namespace {

// Bytes of the UTF-8 character at the front of `s`; 0 when there is none.
size_t utf8_length(std::string_view s) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned first = byte(0);
  const size_t n = first < 0x80                    ? 1
                   : first >= 0xC2 && first < 0xE0 ? 2
                   : first >= 0xE0 && first < 0xF0 ? 3
                   : first >= 0xF0 && first < 0xF5 ? 4
                                                   : 0;
  if (n == 0 || n > s.size()) return 0;
  for (size_t i = 1; i < n; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) ||
      (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F))
    return 0;
  return n;
}

}  // namespace

std::string json_quote(std::string_view text) {
  std::string out = "\"";
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    const size_t n = utf8_length(text.substr(i));
    if (n == 0) {
      out += "\\ufffd";
      ++i;
      continue;
    }
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
      out += escaped;
    } else {
      out.append(text, i, n);
    }
    i += n;
  }
  return out += '"';
}

Outcome give_string(std::string_view text, char** out) {
  auto* const copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy == nullptr) return fail(Code::kOutOfMemory, "no memory for ", text.size(), " bytes of text");
  std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = '\0';
  *out = copy;
  return done();
}

Outcome with_path(Outcome outcome, const char* path) {
  if (outcome.is_ok()) return outcome;
  Failure failure = std::move(outcome).take();
  failure.message = cat("'", path, "': ", failure.message);
  return failure;
}

Outcome replace_file(const std::string& path, const std::function<Outcome(const Put& put)>& write) {
  const std::string temporary = cat(path, ".tmp", getpid());
  const auto failed = [&](const char* what) -> Outcome {
    const int error = errno;
    unlink(temporary.c_str());
    return fail(Code::kIo, what, " '", path, "': ", std::strerror(error));
  };
  const int file = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return failed("cannot write");
  Outcome outcome = write([&](std::string_view bytes) -> Outcome {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return fail(Code::kIo, "cannot write '", path, "': ", std::strerror(errno));
      bytes.remove_prefix(static_cast<size_t>(written));
    }
    return done();
  });
  if (!outcome.is_ok()) {
    close(file);
    unlink(temporary.c_str());
    return outcome;
  }
  if (close(file) != 0) return failed("cannot write");
  if (rename(temporary.c_str(), path.c_str()) != 0) return failed("cannot replace");
  return done();
}

Outcome replace_file(const std::string& path, std::string_view bytes) {
  return replace_file(path, [&](const Put& put) { return put(bytes); });
}

Outcome write_file(const std::string& path, std::string_view text) {
  const auto failed = [&](const char* what) {
    return fail(Code::kIo, what, " '", path, "': ", std::strerror(errno));
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(path.c_str(), "wbe"), [](std::FILE* f) { return f == nullptr ? 0 : std::fclose(f); });
  if (file == nullptr) return failed("cannot open");
  if (std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() || std::fflush(file.get()) != 0)
    return failed("cannot write");
  return done();
}

}  // namespace lite::capi
