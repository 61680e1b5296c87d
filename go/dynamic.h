/* The library opened at run time: see dynamic.c. */
#ifndef LITE_GO_DYNAMIC_H_
#define LITE_GO_DYNAMIC_H_

/* Fills the table with the functions of an open library. The name of the first that it lacks, or NULL. */
const char* lite_go_bind(void* library);

#endif
