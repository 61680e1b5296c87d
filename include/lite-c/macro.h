/* Marks what the shared library exports. */
#ifndef LITE_C_MACRO_H_
#define LITE_C_MACRO_H_

#if defined(LITE_STATIC)
#define LITE_API
#elif defined(_WIN32)
#if defined(LITE_BUILDING_LIBRARY)
#define LITE_API __declspec(dllexport)
#else
#define LITE_API __declspec(dllimport)
#endif
#else
#define LITE_API __attribute__((visibility("default")))
#endif

#endif
