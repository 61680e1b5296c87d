// Add-ons: private libraries that lie beside this one and are opened when something needs them.
#pragma once

#include <string>

#include "core/base/status.h"

namespace lite::addon {

// The symbol `entry` of the library `file`, from the folder that this library (or the program that it is
// linked into) was loaded from and from nowhere else. kUnsupported, with the file's name, when it is not
// there or cannot be opened. An add-on stays open until the process ends. Any thread.
Result<void*> find(const char* file, const char* entry);

// For tests, whose programs lie elsewhere: looks in that folder from now on; empty: in the library's again.
void set_folder(std::string folder);

}  // namespace lite::addon
