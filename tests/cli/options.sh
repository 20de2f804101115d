# The command line: what is wrong with it is said, all of it, with exit status 2.
. "$SOURCE_DIR/tests/cli/lib.sh"
write_square

status 0 "$ADGEN" --help
says out 'Usage: adgen [options] FILE.c... -o OUT.c'
says out '--check'
silent err
status 0 "$ADGEN" --version
says out 'adgen '

status 2 "$ADGEN"
says err 'adgen: error: no input file'
says err 'adgen: error: no output file'
status 2 "$ADGEN" square.c
says err 'no output file'
status 2 "$ADGEN" --nonsense -z square.c -Wnonsense --disable=simplify,nonsense --strategy=sometimes
says err "unknown option '--nonsense'"
says err "unknown option '-z'"
says err "no warning 'nonsense'"
says err "no 'nonsense'"
says err "no 'sometimes'"
says err 'no output file'
status 2 "$ADGEN" square.c -o
says err "option '-o' needs an argument"
status 2 "$ADGEN" square.c -o out.c --header
says err "option '--header' needs an argument"
status 2 "$ADGEN" square.c -o out.c -MF out.d
says err "'-MF' has an effect only with -MD"
status 2 "$ADGEN" square.c -o square.c
says err "'square.c' is an input"
status 2 "$ADGEN" square.c -o other.c --header ./square.c
says err "'./square.c' is an input"
status 2 "$ADGEN" square.c -o out.h
says err "would both be written to 'out.h'"
absent out.c out.h out.d other.c

status 1 "$ADGEN" missing.c -o out.c
says err "cannot read 'missing.c'"
status 1 "$ADGEN" missing.c gone.c -o out.c
says err "missing.c"
says err "gone.c"
printf 'int one(void) { return 1; }\n' > plain.c
status 1 "$ADGEN" plain.c -o out.c
says err 'nothing to differentiate'
status 1 "$ADGEN" square.c -o out.c -f 'cube: grad'
says err "no function 'cube'"
status 1 "$ADGEN" square.c -o out.c -f 'square grad'
says err "expected 'FUNCTION: MODE, CLAUSES'"
absent out.c out.h
