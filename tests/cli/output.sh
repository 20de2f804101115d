# Output appears whole or not at all, and a run that fails leaves what stood there.
. "$SOURCE_DIR/tests/cli/lib.sh"
write_square

status 0 "$ADGEN" square.c -o out.c
exists out.c out.h
silent out
silent err
"$CC" -std=c11 -Wall -Wextra -pedantic -Werror -c out.c -I"$SOURCE_DIR/runtime/include"

# The same bytes again, from another folder too.
mkdir -p elsewhere
status 0 "$ADGEN" square.c -o elsewhere/out.c
cmp out.c elsewhere/out.c
cmp out.h elsewhere/out.h

# Another place for the header, and an output without an extension.
mkdir -p include
status 0 "$ADGEN" square.c -o placed.c --header include/placed.h
exists placed.c include/placed.h
absent placed.h
says placed.c '#include "include/placed.h"'
status 0 "$ADGEN" square.c -o bare
exists bare bare.h

# An error leaves the old files alone.
cp out.c old.c
cp out.h old.h
echo 'ADGEN(nonsense) double f(double x) { return x; }' >> square.c
status 1 "$ADGEN" square.c -o out.c
cmp out.c old.c
cmp out.h old.h
write_square

# An output that cannot be written: a folder, a folder that is not there, a device.
status 1 "$ADGEN" square.c -o nowhere/out.c
says err "cannot write 'nowhere/out.c': No such file or directory"
mkdir -p taken.h
status 1 "$ADGEN" square.c -o taken.c
says err "cannot write 'taken.h': is a folder"
absent taken.c
status 1 "$ADGEN" square.c -o /dev/null --header null.h
says err "cannot write '/dev/null': is not a file"
absent null.h
[ -c /dev/null ] || fail "/dev/null was replaced"

# Through a symbolic link; nothing temporary stays.
ln -s elsewhere/out.c link.c
status 0 "$ADGEN" square.c -o link.c --header link.h
[ -L link.c ] || fail "link.c was replaced"
[ -z "$(find . -name '*.c.*' -o -name '*.h.*' -o -name '*.old')" ] || fail "temporary files are left"

# The permissions of a new file are those that the umask leaves.
(umask 027 && "$ADGEN" square.c -o masked.c)
[ "$(stat -c %a masked.c)" = 640 ] || fail "permissions $(stat -c %a masked.c)"
