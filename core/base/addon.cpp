#include "core/base/addon.h"

#include <dlfcn.h>

#include <cstdint>
#include <fstream>
#include <map>
#include <mutex>

namespace lite::addon {
namespace {

struct State {
  std::mutex mutex;
  std::string folder;  // set for tests
  std::string own_folder;
  // What was found, by library and symbol. An add-on stays open, and runs ask again and again.
  std::map<std::pair<std::string, std::string>, void*> found;
};
State& state() {
  static State* const s = new State;
  return *s;
}

// The file that holds this code. What the dynamic linker says may be relative to a folder that was the
// current one then; what the kernel says is not.
std::string own_file() {
  const auto here = reinterpret_cast<uintptr_t>(&own_file);
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    uintptr_t from = 0, to = 0;
    char dash = 0;
    std::string skipped, path;
    words >> std::hex >> from >> dash >> to;
    if (!words || here < from || here >= to) continue;
    for (int i = 0; i < 4; ++i) words >> skipped;  // permissions, offset, device, inode
    std::getline(words >> std::ws, path);
    return path;
  }
  Dl_info info;
  if (dladdr(reinterpret_cast<const void*>(&own_file), &info) != 0 && info.dli_fname != nullptr)
    return info.dli_fname;
  return {};
}

Result<std::string> own_folder() {
  const std::string file = own_file();
  if (file.empty() || file[0] != '/')
    return unsupported("the folder of this library is not known (", file.empty() ? "no file" : file, ")");
  return file.substr(0, file.rfind('/'));
}

}  // namespace

Result<void*> find(const char* file, const char* entry) {
  State& s = state();
  const std::lock_guard lock(s.mutex);
  std::string folder = s.folder;
  if (folder.empty()) {
    if (s.own_folder.empty()) {
      LITE_ASSIGN(s.own_folder, own_folder());
    }
    folder = s.own_folder;
  }
  const std::string path = folder + "/" + file;
  const std::pair<std::string, std::string> key(path, entry);
  if (const auto it = s.found.find(key); it != s.found.end()) return it->second;
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* const why = dlerror();
    return unsupported("the add-on ", file, " cannot be opened: ", why != nullptr ? why : path);
  }
  void* const found = dlsym(library, entry);
  if (found == nullptr) {
    dlclose(library);
    return unsupported("the add-on ", path, " has no ", entry);
  }
  s.found.emplace(key, found);
  return found;
}

void set_folder(std::string folder) {
  const std::lock_guard lock(state().mutex);
  state().folder = std::move(folder);
}

}  // namespace lite::addon
