// The generated accessors of mge.fbs, held to none of our warnings.
#pragma once
#pragma GCC system_header

#include "core/import/megengine/mge_generated.h"
