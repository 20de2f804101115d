# The dependency file, as make reads it.
. "$SOURCE_DIR/tests/cli/lib.sh"
write_square
mkdir -p 'in clude'
echo '#define ONE 1' > 'in clude/o#ne.h'
printf '#include "o#ne.h"\n' >> square.c

status 0 "$ADGEN" square.c '-Iin clude' -o out.c -MD
exists out.d
says out.d 'out.c: '
says out.d 'square.c'
says out.d 'in\ clude/o\#ne.h'
says out.d 'adgen/adgen.h'
[ "$(grep -c 'square\.c' out.d)" -eq 1 ] || fail "square.c is named twice"

status 0 "$ADGEN" square.c '-Iin clude' -o out.c -MD -MF other.dep -MT 'as $(it) stands'
says other.dep 'as $(it) stands: '

mkdir -p 'a folder'
status 0 "$ADGEN" square.c '-Iin clude' -o 'a folder/o$ut.c' -MD
says 'a folder/o$ut.d' 'a\ folder/o$$ut.c: '

# make runs adgen again when a header changes, and only then.
if command -v make > /dev/null; then
  cat > Makefile <<RULES
out.c: square.c
	"$ADGEN" square.c '-Iin clude' -o out.c -MD
-include out.d
RULES
  make -s
  make -q || fail "out.c is not up to date"
  touch -d '1 hour' 'in clude/o#ne.h'
  ! make -q || fail "make does not see the header"
fi

# Nothing is written by a run that fails, or that only checks.
rm -f out.d
echo 'ADGEN(nonsense) double f(double x) { return x; }' >> square.c
status 1 "$ADGEN" square.c '-Iin clude' -o out.c -MD
absent out.d
