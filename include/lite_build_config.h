/* What programs written for MegEngine Lite ask about its build. */
#ifndef LITE_BUILD_CONFIG_H_
#define LITE_BUILD_CONFIG_H_

#define LITE_BUILD_WITH_MGE 1
#define LITE_ENABLE_LOGGING 1
#define LITE_ENABLE_EXCEPTION 1
#define LITE_ASSERT_LOC 0
#ifndef LITE_WITH_CUDA
#define LITE_WITH_CUDA 0
#endif

#endif
