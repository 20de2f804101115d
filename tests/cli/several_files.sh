# Several input files: calls across them and into headers, and static functions and variables of one name, also where the files'
# own names are the same.
. "$SOURCE_DIR/tests/cli/lib.sh"

mkdir first second
cat > shared.h <<'SOURCE'
#ifndef SHARED_H
#define SHARED_H
struct line { double slope, offset; };
static inline double at(struct line l, double x)
{
    return l.slope * x + l.offset;
}
#define CUBE(x) ((x) * (x) * (x))
#endif
SOURCE
cat > first/part.c <<'SOURCE'
#include <adgen/adgen.h>
static double weight = 2;
static const double table[2] = {1, 3};
static double scratch[2];
static double helper(double x)
{
    static const double k[1] = {10};
    return weight * x * x + k[0];
}
double other(double x);
#include "../shared.h"
ADGEN(grad)
double whole(double x)
{
    const struct line l = {x, 4};
    scratch[1] = other(x);
    return helper(x) + table[1] * scratch[1] + at(l, CUBE(x));
}
SOURCE
cat > second/part.c <<'SOURCE'
#include <math.h>
static double weight = 5;
static const double table[3] = {7, 8, 9};
static double scratch[3];
static double helper(double x)
{
    static const double k[1] = {100};
    return weight * sin(x) * k[0];
}
double other(double x)
{
    scratch[2] = helper(x);
    return scratch[2] * table[2];
}
SOURCE
cat > main.c <<'SOURCE'
#include "grad.h"
#include <math.h>
#include <stdio.h>
double whole(double x);
int main(void)
{
    double x_bar = 0;
    const double x = 0.75, value = whole_grad(x, &x_bar);
    const double expected = 4 * x + 3 * 9 * 500 * cos(x) + 4 * x * x * x;
    printf("%.17g %.17g\n", x_bar, expected);
    return value != whole(x) || fabs(x_bar - expected) > 1e-9;
}
SOURCE

status 0 "$ADGEN" first/part.c second/part.c -I"$SOURCE_DIR/runtime/include" -o grad.c
status 0 "$CC" -std=c11 -Wall -Wextra -pedantic -Werror -I"$SOURCE_DIR/runtime/include" -I. -c grad.c
status 0 "$CC" -std=c11 -I"$SOURCE_DIR/runtime/include" -I. -c first/part.c -o first.o
status 0 "$CC" -std=c11 -I. -c second/part.c -o second.o
status 0 "$CC" -std=c11 -I. -c main.c
sanitize=
[ "$SANITIZED" != 1 ] || sanitize=-fsanitize=address,undefined
status 0 "$CC" $sanitize main.o grad.o first.o second.o "$LIBADGEN" -lm -o run
status 0 ./run

# one file alone: what it calls is missing
status 1 "$ADGEN" first/part.c -I"$SOURCE_DIR/runtime/include" -o alone.c
says err "'other' is called with active arguments"
