// operator_c.h: shared libraries of operators.

#include <dlfcn.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "build_config.h"
#include "capi/operator_registry.h"
#include "capi/text.h"
#include "lite-c/operator_c.h"
#include "lite-c/status_c.h"

using namespace lite;
using namespace lite::capi;

namespace {

struct Close {
  void operator()(void* library) const { dlclose(library); }
};
using Library = std::unique_ptr<void, Close>;

// Those whose operators are registered; they stay open.
struct Loaded {
  std::recursive_mutex mutex;  // one may load another
  std::vector<void*> libraries;
};
// Never destroyed, as the operators are not.
Loaded& loaded() {
  static Loaded* const l = new Loaded;
  return *l;
}

using Entry = int (*)();

Outcome find_entry(void* library, const char* name, Entry* entry) {
  *entry = reinterpret_cast<Entry>(dlsym(library, name));
  if (*entry == nullptr) return fail(Code::kNotFound, "it is no library of operators: it has no ", name);
  return done();
}

Outcome check_version(int version) {
  const int major = version / 1000, minor = version % 1000;
  if (major == LITE_BUILD_VERSION_MAJOR && minor <= LITE_BUILD_VERSION_MINOR) return done();
  return unsupported("it was built for version ", major, ".", minor, " of Lite, this is " LITE_BUILD_VERSION);
}

Outcome load(const char* path) {
  Loaded& all = loaded();
  const std::lock_guard lock(all.mutex);
  Library library(dlopen(path, RTLD_NOW | RTLD_LOCAL));
  if (library == nullptr) {
    const char* const why = dlerror();
    return fail(Code::kNotFound, why == nullptr ? "it cannot be opened" : why);
  }
  if (std::find(all.libraries.begin(), all.libraries.end(), library.get()) != all.libraries.end())
    return done();
  all.libraries.reserve(all.libraries.size() + 1);
  Entry version = nullptr, register_operators = nullptr;
  LITE_CHECK(find_entry(library.get(), "LITE_operator_library_version", &version));
  LITE_CHECK(find_entry(library.get(), "LITE_register_operators", &register_operators));
  LITE_CHECK(check_version(version()));
  // Goes before the library: what it lets go of calls back.
  operators::Batch batch;
  clear_error();
  const int code = register_operators();
  if (code != LITE_OK) {
    Failure failure(Extra::kUnknown, cat("LITE_register_operators failed with ", LITE_get_status_name(code)));
    failure.code = code;
    if (last_status() == code) failure.message += cat(": ", last_error_text());
    return failure;
  }
  LITE_CHECK(batch.publish());
  all.libraries.push_back(library.release());
  return done();
}

}  // namespace

int LITE_load_operator_library(const char* path) {
  return guard("LITE_load_operator_library", [&]() -> Outcome {
    LITE_REQUIRE(path);
    return with_path(load(path), path);
  });
}
