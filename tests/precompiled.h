// As core/base/precompiled.h, for tests.

#include <gtest/gtest.h>

#include "core/base/precompiled.h"
