# -DADGEN_DEBUG: generated functions stop where a companion is missing or overlaps an original.
. "$SOURCE_DIR/tests/cli/lib.sh"
cat > f.c <<'SOURCE'
#include <adgen/adgen.h>
#include <stddef.h>

ADGEN(grad) ADGEN(jvp) ADGEN(hessian, wrt(x))
double f(int n, const double x[n], double scale, const double *weight)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += (weight ? *weight : 1) * x[i] * x[i] * scale;
    return sum;
}
SOURCE
cat > main.c <<'SOURCE'
#include "g.h"
#include <stddef.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    double x[6] = {1, 2, 3}, x_bar[3] = {0}, x_dot[3] = {1, 0, 0}, weight = 2, weight_bar = 0, weight_dot = 1;
    double scale_bar = 0, result_dot, hessian[9];
    switch (argc > 1 ? atoi(argv[1]) : 0) {
    case 0:
        f_grad(3, x, x_bar, 2, &scale_bar, &weight, &weight_bar);
        f_grad(0, NULL, NULL, 2, &scale_bar, NULL, NULL);
        f_jvp(3, x, x_dot, 2, 1, &weight, &weight_dot, &result_dot);
        f_hessian(3, x, 2, &weight, hessian);
        return !(x_bar[2] == 24 && scale_bar == 28 && result_dot == 8 + 28 + 28 && hessian[4] == 8);
    case 1: return f_grad(3, x, NULL, 2, &scale_bar, &weight, &weight_bar) > 0;
    case 2: return f_grad(3, x, x_bar, 2, NULL, &weight, &weight_bar) > 0;
    case 3: return f_grad(3, x, x + 2, 2, &scale_bar, &weight, &weight_bar) > 0;
    case 4: return f_grad(3, x, x_bar, 2, x + 1, &weight, &weight_bar) > 0;
    case 5: return f_grad(3, x, &weight, 2, &scale_bar, &weight, &weight_bar) > 0;
    case 6: return f_jvp(3, x, x_dot, 2, 1, &weight, &weight_dot, NULL) > 0;
    case 7: return f_hessian(3, x, 2, &weight, NULL) > 0;
    default: return f_grad(3, x, x + 3, 2, &scale_bar, &weight, &weight_bar) < 0;
    }
}
SOURCE
runtime="-I$SOURCE_DIR/runtime/include"
status 0 "$ADGEN" $runtime f.c -o g.c
sanitize=
[ "$SANITIZED" = 1 ] && sanitize="-fsanitize=address,undefined -fno-sanitize-recover=all"
"$CC" -std=c11 -Wall -Wextra -pedantic -Werror $sanitize -DADGEN_DEBUG $runtime -c g.c -o g.o
"$CC" -std=c11 -w $sanitize $runtime f.c g.o main.c "$LIBADGEN" -lm -o main # gcc sees some of the mistakes
./main
stops() {
  got=0
  ./main "$1" 2> err || got=$?
  [ "$got" -gt 128 ] || fail "case $1 was not stopped"
  says err "adgen: $2"
}
stops 1 "f_grad: x_bar is a null pointer"
stops 2 "f_grad: scale_bar is a null pointer"
stops 3 "f_grad: x_bar overlaps x"
stops 4 "f_grad: scale_bar overlaps x"
stops 5 "f_grad: x_bar overlaps weight"
stops 6 "f_jvp: result_dot is a null pointer"
stops 7 "f_hessian: hessian is a null pointer"
./main 8
