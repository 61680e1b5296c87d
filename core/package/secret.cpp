#include "core/package/secret.h"

#include <string.h>

#include "core/base/pages.h"

namespace lite::package {

void wipe(void* data, size_t size) noexcept {
  if (size > 0) explicit_bzero(data, size);
}

Result<Secret> make_secret(size_t size) {
  void* const p = allocate_pages(size);
  if (p == nullptr) return fail(Code::kOutOfMemory, "no memory for ", size, " bytes of plain text");
  keep_out_of_dumps(p, size);
  std::shared_ptr<void> owner(p, [size](void* q) {
    wipe(q, size);
    free_pages(q, size);
  });
  return Secret{std::move(owner), {static_cast<std::byte*>(p), size}};
}

}  // namespace lite::package
