/* Compiles only if structs and enumerators are those of MegEngine Lite v1.13 and of our own first release. */
#include <stddef.h>

#include "lite-c/global_c.h"
#include "lite.h"

#define PICK(lp64, ilp32) (sizeof(void*) == 8 ? (lp64) : (ilp32))
#define SIZE(type, lp64, ilp32) _Static_assert(sizeof(type) == PICK(lp64, ilp32), "size of " #type);
#define FIELD(type, member, lp64, ilp32) \
  _Static_assert(offsetof(type, member) == PICK(lp64, ilp32), #type "." #member);
#define VALUE(name, value) _Static_assert((int)(name) == (value), #name);

#include "layout_v1_13.inc"
#include "layout_v1_0.inc"

SIZE(LiteNetwork, 8, 4)
SIZE(LiteTensor, 8, 4)

int main(void) { return 0; }
