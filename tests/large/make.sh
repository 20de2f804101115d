# make.sh SHAPE SIZE: writes a C file of that shape and size.
#
#   lines N       a file of N lines: functions that are not differentiated around one that is
#   statements N  a function of N statements
#   functions N   N annotated functions
#   loops N       loops nested N deep; bounds N: whose bound is a parameter
#   sum N         an expression of N terms; nested N: one of N levels of parentheses
#   branches N    an if within an if, N deep
#   chain N       if, else if, ... N times
set -eu
echo '#include <adgen/adgen.h>'
echo '#include <math.h>'
awk -v shape="$1" -v n="$2" 'BEGIN {
    marked = "ADGEN(grad)\n"
    if (shape == "lines") {
        for (i = 0; i < n / 10; i++)
            printf "static double f%d(double x)\n{\n    double y = x;\n    for (int i = 0; i < 3; i++)\n        y = y * x + %d;\n    if (y > 1)\n        y = sin(y);\n    return y;\n}\n\n", i, i
        printf marked "double f(double x) { return f1(x) * f2(x); }\n"
    } else if (shape == "functions") {
        for (i = 0; i < n; i++)
            printf marked "double f%d(double x, double y)\n{\n    double s = 0;\n    for (int i = 0; i < 3; i++)\n        s += x * sin(y * i);\n    return s;\n}\n\n", i
    } else if (shape == "statements") {
        printf "ADGEN(grad, wrt(x[8]))\ndouble f(const double x[8])\n{\n    double a = x[0], b = x[1], c = x[2];\n"
        for (i = 0; i < n; i++)
            printf i % 3 == 0 ? "    a = a * 0.5 + b * x[%d];\n" : i % 3 == 1 ? "    b = sin(c) + x[%d];\n" : "    c = a * b - x[%d] * c;\n", i % 8
        printf "    return a + b * c;\n}\n"
    } else if (shape == "loops") {
        printf "ADGEN(grad, wrt(x))\ndouble f(double x)\n{\n    double s = 0;\n"
        for (i = 0; i < n; i++)
            printf "    for (int i%d = 0; i%d < 2; i%d++)\n", i, i, i
        printf "        s += x * s + sin(s * x);\n    return s;\n}\n"
    } else if (shape == "bounds") {
        printf "ADGEN(grad, wrt(x))\ndouble f(int n, double x)\n{\n    double s = 0;\n"
        for (i = 0; i < n; i++)
            printf "    for (int i%d = 0; i%d < n; i%d++)\n", i, i, i
        printf "        s += x * s + sin(s * x);\n    return s;\n}\n"
    } else if (shape == "sum") {
        printf marked "double f(double x)\n{\n    return x"
        for (i = 0; i < n; i++)
            printf "%s + %d * x", i % 8 ? "" : "\n       ", i
        printf ";\n}\n"
    } else if (shape == "nested") {
        printf marked "double f(double x)\n{\n    return "
        for (i = 0; i < n; i++) printf "(x * "
        printf "x"
        for (i = 0; i < n; i++) printf ")"
        printf ";\n}\n"
    } else if (shape == "branches") {
        printf marked "double f(double x)\n{\n    double s = x;\n"
        for (i = 0; i < n; i++)
            printf "    if (s > %d) {\n    s = s * x;\n", i
        for (i = 0; i < n; i++) printf "    }\n"
        printf "    return s;\n}\n"
    } else if (shape == "chain") {
        printf marked "double f(double x, int k)\n{\n    double s = 0;\n    "
        for (i = 0; i < n; i++)
            printf "if (k == %d)\n        s = %d * x;\n    else ", i, i
        printf "\n        s = x;\n    return s;\n}\n"
    }
}'
