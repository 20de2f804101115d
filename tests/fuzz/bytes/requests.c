/* Any bytes behind -f, for functions of all kinds of parameters, through the whole of adgen. */
#include <stdlib.h>
#include <string.h>

#include "whole.h"

static const char functions[] =
    "double f(int n, const double x[n], double y[n], double s)\n"
    "{\n"
    "    for (int i = 0; i < n; i++)\n"
    "        y[i] = s * x[i] * x[i];\n"
    "    return y[0] + s;\n"
    "}\n"
    "struct p { double a, b; int c; };\n"
    "double scale = 2;\n"
    "double g(struct p q, const double (*m)[3], float *out) { *out = q.a * q.b; return q.a * m[0][1] * scale; }\n"
    "void h(double *x, double t[4]) { t[0] = x[0] * x[1]; x[1] = t[0] * x[0]; }\n"
    "int i(int a) { return a; }\n";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *request = malloc(size + 1);
    if (!request)
        return 0;
    memcpy(request, bytes, size);
    request[size] = '\0';
    whole_run((const uint8_t *)functions, sizeof functions - 1, request);
    free(request);
    return 0;
}
