#include "core/base/build_id.h"

#include "build_config.h"

#ifdef __linux__
#include <link.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#endif

namespace lite {
namespace {

#ifdef __linux__

// The bytes of the GNU build id among the notes in [p, end), in hexadecimal.
std::string among_notes(const std::byte* p, const std::byte* end) {
  ElfW(Nhdr) note;
  const auto padded = [](size_t n) { return (n + 3) / 4 * 4; };
  while (static_cast<size_t>(end - p) >= sizeof note) {
    std::memcpy(&note, p, sizeof note);
    p += sizeof note;
    const auto left = static_cast<size_t>(end - p);
    const size_t name = padded(note.n_namesz);
    if (name > left || note.n_descsz > left - name) break;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(p, "GNU", 4) == 0) {
      std::string text;
      for (size_t i = 0; i < note.n_descsz; ++i) {
        const auto byte = static_cast<unsigned>(p[name + i]);
        for (const unsigned digit : {byte >> 4, byte & 15}) text += "0123456789abcdef"[digit];
      }
      return text;
    }
    p += name + padded(note.n_descsz);
  }
  return "";
}

// Goes through the files that the process consists of, until it is at ours.
int look(dl_phdr_info* info, size_t, void* found) {
  static const char here = 0;
  const auto address = reinterpret_cast<uintptr_t>(&here);
  const std::span headers(info->dlpi_phdr, info->dlpi_phnum);
  bool ours = false;
  for (const auto& h : headers)
    ours = ours || (h.p_type == PT_LOAD && address - (info->dlpi_addr + h.p_vaddr) < h.p_memsz);
  if (!ours) return 0;
  for (const auto& h : headers) {
    if (h.p_type != PT_NOTE) continue;
    const auto* const notes = reinterpret_cast<const std::byte*>(info->dlpi_addr + h.p_vaddr);
    std::string id = among_notes(notes, notes + h.p_memsz);
    if (!id.empty()) *static_cast<std::string*>(found) = ' ' + std::move(id);
  }
  return 1;
}

std::string linked() {
  std::string id;
  dl_iterate_phdr(look, &id);
  return id;
}

#else

std::string linked() { return ""; }

#endif

}  // namespace

std::string build_id() { return LITE_BUILD_VERSION + linked(); }

}  // namespace lite
