/* A library of a later major version, as far as a package looks at it before it refuses it. */
const char* LITE_get_last_error(void);
int LITE_check_version(int major, int minor);

const char* LITE_get_last_error(void) {
  return "the program was built for version 1.0, this library is version 2.7.0";
}

int LITE_check_version(int major, int minor) { return major == 2 && minor <= 7 ? 0 : -3; }
