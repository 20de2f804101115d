#!/bin/sh
# Runs one test with a main of its own: run_direct.sh ADGEN INCLUDE RUNTIME.a WORK X.c, with X_main.c beside it.
# Builds it with every optimisation on, with each one off and with all off, under the sanitizers.
set -eu
adgen=$1 include=$2 runtime=$3 work=$4 source=$5
cc=${CC:-cc}
name=$(basename "$source" .c)
strict="-DADGEN_DEBUG -std=c11 -Wall -Wextra -pedantic -Werror"
sanitize="-g1 -fsanitize=address,undefined -fno-sanitize-recover=all"
rm -rf "$work"
mkdir -p "$work"
$cc $strict -O1 $sanitize -I"$include" -I"$(dirname "$source")" -c "$source" -o "$work/original.o"
status=0 builds=0
switches=$(sed -n 's/^SWITCH("\([a-z-]*\)".*/\1/p' "$(dirname "$0")/../../compiler/driver/switches.def")
for off in none $switches $(echo $switches | tr ' ' ,); do
    disable=
    test $off = none || disable=--disable=$off
    dir=$work/$off
    mkdir -p "$dir"
    "$adgen" $disable -w -I"$include" "$source" -o "$dir/${name}_grad.c"
    test $off = none || ! cmp -s "$work/none/${name}_grad.c" "$dir/${name}_grad.c" || continue # the same code: tried already
    builds=$((builds + 1))
    generated=$dir/${name}_grad
    if test $off = none || ! cmp -s "$work/none/${name}_grad.h" "$generated.h"; then
        $cc $strict -O1 $sanitize -I"$include" -I"$dir" -I"$(dirname "$source")" -c "${source%.c}_main.c" -o "$work/main.o"
    fi
    if test $off = none; then
        $cc $strict -O1 $sanitize -I"$include" -I"$(dirname "$source")" -c "$generated.c" -o "$dir/grad.o"
    else # warnings and sanitizers apart: together they take twice as long
        $cc $strict -O1 -I"$include" -I"$(dirname "$source")" -S "$generated.c" -o /dev/null
        $cc $strict -w -O0 $sanitize -I"$include" -I"$(dirname "$source")" -c "$generated.c" -o "$dir/grad.o"
    fi
    $cc $sanitize "$dir/grad.o" "$work/original.o" "$work/main.o" "$runtime" -lm -o "$dir/run"
    "$dir/run" || { echo "$name with --disable=$off fails"; status=1; }
done
test $status = 0 && echo "$name: $builds different builds, all right"
exit $status
