# What system headers define, as <tgmath.h> does, leaves no names or lines of its own in the generated code.
. "$SOURCE_DIR/tests/cli/lib.sh"
cat > f.c <<'SOURCE'
#include <adgen/adgen.h>
#include <tgmath.h>

ADGEN(grad)
double f(double x, float y)
{
    return sin(x) * exp(y) + pow(x, 2);
}
SOURCE
status 0 "$ADGEN" "-I$SOURCE_DIR/runtime/include" f.c -o g.c
says g.c "expf(y)"
! sed 's/__func__//' g.c | grep -n "__" || fail "names of a system header in g.c"
