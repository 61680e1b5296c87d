// Which build of the library this is.
#pragma once

#include <string>

namespace lite {

// "1.0.0 a8428c8b...": the version, and what the linker made of the contents of the file that this code lies
// in, the library or the program that it was linked into. The version alone where the linker left no mark.
std::string build_id();

}  // namespace lite
