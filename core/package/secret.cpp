#include "core/package/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

namespace lite::package {

void wipe(void* data, size_t size) noexcept {
  if (size > 0) explicit_bzero(data, size);
}

Result<Secret> make_secret(size_t size) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t mapped = (size / page + 1) * page;
  void* const p = mapped < size
                      ? MAP_FAILED
                      : mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) return fail(Code::kOutOfMemory, "no memory for ", size, " bytes of plain text");
#if defined(MADV_DONTDUMP)
  madvise(p, mapped, MADV_DONTDUMP);
#endif
  std::shared_ptr<void> owner(p, [mapped](void* q) {
    wipe(q, mapped);
    munmap(q, mapped);
  });
  return Secret{std::move(owner), {static_cast<std::byte*>(p), size}};
}

}  // namespace lite::package
