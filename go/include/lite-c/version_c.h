/* The version of these headers; a test compares it with the build's. LITE_get_version tells the library's. */
#ifndef LITE_C_VERSION_C_H_
#define LITE_C_VERSION_C_H_

#define LITE_VERSION_MAJOR 1
#define LITE_VERSION_MINOR 0
#define LITE_VERSION_PATCH 0
#define LITE_VERSION_STRING "1.0.0"

/* The release of MegEngine Lite whose C API this library speaks. */
#define LITE_MEGENGINE_VERSION_STRING "1.13.4"

#endif
