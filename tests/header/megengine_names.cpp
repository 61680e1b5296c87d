// The C test's source as C++.
#include "megengine_names.c"
