# --check: exit 1 and a unified diff if the output is not up to date; writes nothing.
. "$SOURCE_DIR/tests/cli/lib.sh"
write_square

status 1 "$ADGEN" --check square.c -o out.c
says out '--- /dev/null'
says out '+++ out.c'
says out '+++ out.h'
absent out.c out.h

status 0 "$ADGEN" square.c -o out.c
status 0 "$ADGEN" --check square.c -o out.c
silent out

# The diff, applied, gives what adgen writes.
cp out.c right.c
sed -e '2d' -e '/return/s/$/ \/* changed *\//' right.c > out.c
printf 'no newline at the end' >> out.c
cp out.c wrong.c
status 1 "$ADGEN" --check square.c -o out.c
says out '\ No newline at end of file'
cmp out.c wrong.c
if command -v patch > /dev/null; then
  patch -s out.c < out
  cmp out.c right.c
fi
