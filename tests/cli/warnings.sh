# Warnings by name: on, off, as errors.
. "$SOURCE_DIR/tests/cli/lib.sh"
cat > equal.c <<'SOURCE'
#include <adgen/adgen.h>
ADGEN(grad)
double f(double x, double y)
{
    if (x == y)
        return 2 * x;
    return x * y;
}
SOURCE
status 0 "$ADGEN" equal.c -o out.c
says err 'equal.c:5:'
says err 'warning: '
says err '[-Wactive-equality]'
status 0 "$ADGEN" equal.c -o out.c -Wno-active-equality
silent err
status 0 "$ADGEN" equal.c -o out.c -w
silent err
status 0 "$ADGEN" equal.c -o out.c -Wall -Wextra
says err 'warning: '
rm -f out.c out.h
status 1 "$ADGEN" equal.c -o out.c -Werror
says err 'error: '
says err '[-Wactive-equality]'
status 1 "$ADGEN" equal.c -o out.c -Werror=active-equality
status 0 "$ADGEN" equal.c -o out.c -Werror -Wno-error=active-equality
says err 'warning: '
status 0 "$ADGEN" equal.c -o out.c -Werror=active-equality -Wno-active-equality
silent err
