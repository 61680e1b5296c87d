/* The operator Gamma of domain "example": y = x ^ gamma, element by element. */
#ifndef EXAMPLES_C_GAMMA_H_
#define EXAMPLES_C_GAMMA_H_

int register_gamma(void); /* LITE_OK or a code of LiteErrorCode */

#endif
