# What is handed to the parser: as options, and behind --.
. "$SOURCE_DIR/tests/cli/lib.sh"
mkdir -p folder system
echo '#define FACTOR 3' > folder/factor.h
echo '#define OFFSET 4' > system/offset.h
echo '#define POWER 2' > first.h
cat > flags.c <<'SOURCE'
#include <adgen/adgen.h>
#include <factor.h>
#include <offset.h>
#if defined(GONE) || POWER != 2 || LEVEL != 7 || FLAG != 1
#error "flags are missing"
#endif
#if __STDC_VERSION__ != 199901L
#error "another standard was asked for"
#endif
ADGEN(grad)
double f(double x)
{
    return FACTOR * x + OFFSET;
}
SOURCE
status 0 "$ADGEN" -Ifolder -isystem system -include first.h -DLEVEL=7 -D FLAG -D GONE -UGONE \
  -std=c99 flags.c -o spaced.c
status 0 "$ADGEN" -I folder -isystem system flags.c -o behind.c -- -include first.h -DLEVEL=7 -DFLAG \
  -std=c99
tail -n +3 spaced.c > a
tail -n +3 behind.c > b
cmp a b
status 1 "$ADGEN" flags.c -o missing.c
says err "flags.c:2:"
says err "'factor.h' file not found"
absent missing.c missing.h
