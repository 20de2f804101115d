# What ./bootstrap.sh demo shows: the gradient equals the closed form, whatever optimisation is off.
. "$SOURCE_DIR/tests/cli/lib.sh"
sanitize=''
[ "${SANITIZED:-0}" != 1 ] || sanitize=-fsanitize=address,undefined

"$ADGEN" --help | sed -n '/--disable switches/,/^$/s/^  \([a-z-]*\) .*/\1/p' > switches
[ -s switches ] || fail "no optimisation is named by --help"
for switch in none $(cat switches) "$(tr '\n' ',' < switches)"; do
  disable="--disable=$switch"
  [ "$switch" != none ] || disable=''
  # shellcheck disable=SC2086
  status 0 "$ADGEN" $disable "$SOURCE_DIR/samples/demo.c" -o demo_grad.c
  # shellcheck disable=SC2086
  status 0 "$CC" -std=c11 -Wall -Wextra -pedantic -Werror $sanitize -I"$SOURCE_DIR/runtime/include" -I. \
    "$SOURCE_DIR/samples/demo_main.c" "$SOURCE_DIR/samples/demo.c" demo_grad.c "$LIBADGEN" -lm -o demo
  status 0 ./demo
  says out 'closed form'
done
