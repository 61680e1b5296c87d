/* Gamma as a library of operators: lite run gamma.onnx --operators libgamma.so */
#include <lite.h>

#include "gamma.h"

LITE_OPERATOR_LIBRARY { return register_gamma(); }
