/* Under the name by which programs for MegEngine Lite include it. */
#ifndef LITE_COMMON_ENUM_C_H_
#define LITE_COMMON_ENUM_C_H_

#include "../lite-c/common_enum_c.h"

#endif
