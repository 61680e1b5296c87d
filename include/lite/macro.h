/* Under the name by which programs for MegEngine Lite include it. */
#ifndef LITE_MACRO_H_
#define LITE_MACRO_H_

#include "../lite-c/macro.h"

#endif
