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

/* In C++ a number from a caller that is none of the enumerators must be a value of the type, so that it can
 * be refused. The type is that of C. */
#if defined(__cplusplus) && __cplusplus >= 201103L
#define LITE_ENUM_TYPE : int
#else
#define LITE_ENUM_TYPE
#endif

#endif
