/* <lite.h> leaves every unprefixed name to the program. */
#include "lite.h"

#if defined(LAYOUT_MAX_DIM)
#error "lite.h defines LAYOUT_MAX_DIM"
#endif

enum { OK = 10, DEBUG, INFO, WARN, ERROR };
typedef int ErrorCode;
static int default_config, default_network_io, default_option, default_io, default_layout, default_desc;

int main(void) {
  ErrorCode sum =
      default_config + default_network_io + default_option + default_io + default_layout + default_desc;
  return sum || OK != 10 || ERROR != 14 || LITE_OK || LITE_LOG_ERROR != 3;
}
