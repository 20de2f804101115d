# --emit-ir prints the intermediate representation and writes nothing.
. "$SOURCE_DIR/tests/cli/lib.sh"
write_square
status 0 "$ADGEN" --emit-ir square.c
says out 'square_grad'
status 0 "$ADGEN" --emit-ir=frontend square.c -o out.c
says out 'square'
! grep -q square_grad out || fail "the derivative is not there yet after the front end"
absent out.c out.h
status 0 "$ADGEN" --emit-ir=derivative square.c
says out 'square_grad'
status 1 "$ADGEN" --emit-ir=nonsense square.c
says err "no pass 'nonsense'"
