/* Every mode that has a meaning for a function, at once. */
#ifndef SAMPLES_MODES_H
#define SAMPLES_MODES_H

#include <adgen/adgen.h>

/* for one number as result, */
#define SCALAR_MODES(...)                                                                        \
    ADGEN(grad, __VA_ARGS__) ADGEN(vjp, __VA_ARGS__) ADGEN(jvp, __VA_ARGS__)                     \
    ADGEN(jacobian, __VA_ARGS__) ADGEN(hvp, __VA_ARGS__) ADGEN(hessian, __VA_ARGS__)

/* and for several. */
#define VECTOR_MODES(...) ADGEN(vjp, __VA_ARGS__) ADGEN(jvp, __VA_ARGS__) ADGEN(jacobian, __VA_ARGS__)

#endif
