# <adgen/adgen.h> is nothing to every compiler, and an annotation to adgen, wherever it stands.
. "$SOURCE_DIR/tests/cli/lib.sh"
cat > marked.c <<'SOURCE'
#include <adgen/adgen.h>
#define N 4
#define LENGTH(x) (sizeof(x) / sizeof *(x))

ADGEN(grad, wrt(w[N]))
ADGEN(jvp, wrt(x), name(forward))
double dot(const double w[N], ADGEN(inactive) const double x[N]);

ADGEN(inactive) static double last;

ADGEN(vjp)
double dot(const double w[N], const double x[N])
{
    ADGEN(inactive) double sum = 0;
    for (int i = 0; i < N; i++)
        sum += w[i] * x[i];
    last = sum;
    return last;
}
SOURCE
for compiler in "$CC" ${CLANG:+"$CLANG"}; do
  for standard in c99 c11 gnu17; do
    "$compiler" -std=$standard -Wall -Wextra -pedantic -Werror -I"$SOURCE_DIR/runtime/include" \
      -c marked.c -o marked.o
  done
done
[ -n "$CLANG" ] || exit 0
"$CLANG" -D__ADGEN__ -I"$SOURCE_DIR/runtime/include" -Xclang -ast-dump -fsyntax-only marked.c > ast
says ast '"adgen:grad, wrt(w[4])"'
says ast '"adgen:jvp, wrt(x), name(forward)"'
says ast '"adgen:vjp"'
[ "$(grep -c '"adgen:inactive"' ast)" -ge 3 ] || fail "an annotation is missing"
