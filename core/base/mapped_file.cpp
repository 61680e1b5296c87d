#include "core/base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <map>
#include <mutex>
#include <new>
#include <string_view>
#include <utility>

namespace lite {
namespace {

constexpr std::align_val_t kAlign{64};

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& o) noexcept : fd_(std::exchange(o.fd_, -1)) {}
  Fd& operator=(Fd&&) = delete;
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  void reset(int fd) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

 private:
  int fd_;
};

Error system_error(const std::string& path, const char* doing) {
  const int e = errno;
  const Code code = e == ENOENT || e == ENOTDIR ? Code::kNotFound : Code::kIo;
  return fail(code, doing, " '", path, "': ", std::strerror(e));
}

// What is mapped now: forget_pages must not touch memory that is not a file's.
struct Mappings {
  std::mutex mutex;
  std::map<uintptr_t, uintptr_t> ends;  // by begin
};
Mappings& mappings() {
  static Mappings* const all = new Mappings;  // never freed: models may outlive static destructors
  return *all;
}

void unmap(void* p, size_t size) {
  {
    const std::lock_guard lock(mappings().mutex);
    mappings().ends.erase(reinterpret_cast<uintptr_t>(p));
  }
  ::munmap(p, size);
}

Result<size_t> size_of(int fd, const std::string& path) {
  struct stat st {};
  if (::fstat(fd, &st) != 0) return system_error(path, "reading");
  if (S_ISDIR(st.st_mode))
    return fail(Code::kIo, "reading '", path, "': it is a directory, a file is wanted");
  if (!S_ISREG(st.st_mode)) return fail(Code::kIo, "reading '", path, "': it is not a regular file");
  return static_cast<size_t>(st.st_size);
}

Bytes owned(void* p, size_t size) {
  std::shared_ptr<const void> owner(p, [](void* q) { ::operator delete(q, kAlign); });
  return Bytes{std::move(owner), {static_cast<const std::byte*>(p), size}};
}

Result<Bytes> map_fd(int fd, const std::string& path) {
  LITE_ASSIGN(const size_t size, size_of(fd, path));
  if (size == 0) return Bytes{};
  void* p = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (p == MAP_FAILED) return system_error(path, "mapping");
  std::shared_ptr<const void> owner(p, [size](void* q) { unmap(q, size); });
  const std::lock_guard lock(mappings().mutex);
  mappings().ends[reinterpret_cast<uintptr_t>(p)] = reinterpret_cast<uintptr_t>(p) + size;
  return Bytes{std::move(owner), {static_cast<const std::byte*>(p), size}};
}

Result<Bytes> read_fd(int fd, const std::string& path) {
  LITE_ASSIGN(const size_t size, size_of(fd, path));
  if (size == 0) return Bytes{};
  void* p = ::operator new(size, kAlign, std::nothrow);
  if (p == nullptr)
    return fail(Code::kOutOfMemory, "reading '", path, "': no memory for its ", size, " bytes");
  Bytes bytes = owned(p, size);
  constexpr size_t kMost = size_t{1} << 30;  // the system takes no more than 2 GiB at once
  for (size_t done = 0; done < size;) {
    const ssize_t n = ::read(fd, static_cast<std::byte*>(p) + done, std::min(size - done, kMost));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error(path, "reading");
    if (n == 0)
      return fail(Code::kIo, "reading '", path, "': it had ", size, " bytes and ends after ", done, " now");
    done += static_cast<size_t>(n);
  }
  return bytes;
}

Result<Fd> open_file(const std::string& path) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer; it is refused by size_of.
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) return system_error(path, "opening");
  return fd;
}

Result<Fd> open_beneath(const std::string& base, const std::string& relative) {
  const auto refuse = [&](const char* why) { return invalid_model("external data '", relative, "': ", why); };
  if (relative.empty()) return refuse("the location is empty");
  if (relative.find('\0') != std::string::npos) return refuse("the location holds a NUL byte");
  if (relative.find('\\') != std::string::npos) return refuse("the location holds a backslash");
  if (relative.front() == '/')
    return refuse("the location is absolute; it must lie below the model's folder");

  Fd dir(::open(base.empty() ? "." : base.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (dir.get() < 0) return system_error(base, "opening folder");
  std::string_view rest = relative;
  while (true) {
    const size_t slash = rest.find('/');
    const std::string part(rest.substr(0, slash));
    if (part == "..") return refuse("'..' leaves the model's folder");
    const bool last = slash == std::string_view::npos;
    if (part.empty() || part == ".") {
      if (last) return refuse("the location does not name a file");
      rest.remove_prefix(slash + 1);
      continue;
    }
    const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | (last ? O_NONBLOCK : O_DIRECTORY);
    const int next = ::openat(dir.get(), part.c_str(), flags);
    if (next < 0) {
      if (errno == ELOOP || errno == ENOTDIR)
        return refuse("a part of it is a symbolic link or not a folder");
      return system_error(cat(base, "/", relative), "opening external data");
    }
    dir.reset(next);
    if (last) break;
    rest.remove_prefix(slash + 1);
  }
  struct stat st {};
  if (::fstat(dir.get(), &st) != 0) return system_error(relative, "reading");
  if (!S_ISREG(st.st_mode)) return refuse("it is not a regular file");
  if (st.st_nlink > 1) return refuse("it has more than one hard link");
  return dir;
}

}  // namespace

Result<Bytes> map_file(const std::string& path) {
  LITE_ASSIGN(const Fd fd, open_file(path));
  return map_fd(fd.get(), path);
}

Result<Bytes> read_file(const std::string& path) {
  LITE_ASSIGN(const Fd fd, open_file(path));
  return read_fd(fd.get(), path);
}

Result<Bytes> map_file_beneath(const std::string& base, const std::string& relative) {
  LITE_ASSIGN(const Fd fd, open_beneath(base, relative));
  return map_fd(fd.get(), relative);
}

Result<Bytes> read_file_beneath(const std::string& base, const std::string& relative) {
  LITE_ASSIGN(const Fd fd, open_beneath(base, relative));
  return read_fd(fd.get(), relative);
}

void forget_pages(const void* data, size_t bytes) noexcept {
  static const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<uintptr_t>(data), end = begin + bytes;
  const std::lock_guard lock(mappings().mutex);
  auto it = mappings().ends.upper_bound(begin);
  if (it == mappings().ends.begin() || std::prev(it)->second < end) return;
  const auto [file_begin, file_end] = *std::prev(it);
  constexpr uintptr_t kNeighbours = uintptr_t{4} << 20;
  const uintptr_t first = (begin - std::min(kNeighbours, begin - file_begin)) / page * page;
  const uintptr_t last = end + std::min(kNeighbours, file_end - end);
  ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

Bytes copy_bytes(std::span<const std::byte> bytes) {
  if (bytes.empty()) return {};
  void* p = ::operator new(bytes.size(), kAlign);
  std::memcpy(p, bytes.data(), bytes.size());
  return owned(p, bytes.size());
}

}  // namespace lite
