# -p: flags from a compilation database, with folders as seen from where the compiler ran.
. "$SOURCE_DIR/tests/cli/lib.sh"
mkdir -p build include
echo '#define FACTOR 3' > include/factor.h
cat > flags.c <<'SOURCE'
#include <adgen/adgen.h>
#include <factor.h>
#if LEVEL != 7 || FLAG != 1
#error "flags are missing"
#endif
ADGEN(grad)
double f(double x)
{
    return FACTOR * x;
}
SOURCE
here=$(pwd -P)
cat > build/compile_commands.json <<JSON
[{"directory": "$here/build", "file": "$here/flags.c",
  "arguments": ["cc", "-I../include", "-DLEVEL=7", "-DFLAG", "-MD", "-MF", "flags.d", "-o", "flags.o", "-c", "../flags.c"]}]
JSON
status 0 "$ADGEN" -p build flags.c -o out.c
silent err
exists out.c out.h
status 1 "$ADGEN" -p build -DLEVEL=8 flags.c -o other.c
says err 'flags are missing'
status 1 "$ADGEN" flags.c -o none.c
says err "'factor.h' file not found"
status 1 "$ADGEN" -p nowhere flags.c -o none.c
says err "cannot read 'nowhere/compile_commands.json'"
absent other.c none.c
