# adgen accepts what adgen writes: third derivatives, by feeding generated files back in twice.
. "$SOURCE_DIR/tests/cli/lib.sh"
cat > f.c <<'SOURCE'
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad) double cubic(double x) { return 2 * x * x * x - x; }
ADGEN(grad) double wave(double x) { return sin(x) * exp(x); }
ADGEN(grad) double root(double x)
{
    double y = 1;
    for (int k = 0; k < 30; k++)
        y = 0.5 * (y + x / y);
    return y;
}
ADGEN(grad) double branch(double x)
{
    if (x > 1)
        return x * x * x * x;
    return log(x);
}
ADGEN(grad, wrt(x)) double series(int n, double x) /* exp(x): the reverse sweep has an array from the heap */
{
    double sum = 1, power = 1;
    for (int i = 1; i <= n; i++) {
        power *= x / i;
        sum += power;
    }
    return sum;
}
SOURCE
cat > main.c <<'SOURCE'
#include "third.h"
#include <math.h>
#include <stdio.h>

static int failures;

static void compare(const char *what, double got, double want)
{
    if (fabs(got - want) <= 1e-12 * (1 + fabs(want)))
        return;
    printf("%s: %.17g, expected %.17g\n", what, got, want);
    failures++;
}

int main(void)
{
    double g, h, t;
    const double x = 0.7, w = 2.5;
#define THIRD(call, name, first, second, third) \
    g = h = t = 0;                              \
    call;                                       \
    compare(name " first", g, first);           \
    compare(name " second", h, second);         \
    compare(name " third", t, third);
    THIRD(cubic_third(x, &t, &h, &g), "cubic", 6 * x * x - 1, 12 * x, 12)
    THIRD(wave_third(x, &t, &h, &g), "wave", exp(x) * (sin(x) + cos(x)), 2 * exp(x) * cos(x),
          2 * exp(x) * (cos(x) - sin(x)))
    THIRD(root_third(w, &t, &h, &g), "root", 0.5 * pow(w, -0.5), -0.25 * pow(w, -1.5), 0.375 * pow(w, -2.5))
    THIRD(branch_third(w, &t, &h, &g), "branch above", 4 * w * w * w, 12 * w * w, 24 * w)
    THIRD(branch_third(x, &t, &h, &g), "branch below", 1 / x, -1 / (x * x), 2 / (x * x * x))
    THIRD(series_third(30, x, &t, &h, &g), "series", exp(x), exp(x), exp(x))
    return failures != 0;
}
SOURCE
runtime="-I$SOURCE_DIR/runtime/include"
second= third=
for f in cubic wave root branch series; do
  second="$second -f '${f}_grad: grad, wrt(x), of(x_bar), name(${f}_second)'"
  third="$third -f '${f}_second: grad, wrt(x), of(x_bar_), name(${f}_third)'"
done
status 0 "$ADGEN" $runtime f.c -o first.c
eval "status 0 \"\$ADGEN\" -w \$runtime first.c $second -o second.c"
eval "status 0 \"\$ADGEN\" -w \$runtime second.c $third -o third.c"
sanitize=
[ "$SANITIZED" = 1 ] && sanitize="-fsanitize=address,undefined -fno-sanitize-recover=all"
"$CC" -std=c11 -Wall -Wextra -pedantic -Werror $sanitize $runtime third.c main.c "$LIBADGEN" -lm -o main
./main
