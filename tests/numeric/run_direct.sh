#!/bin/sh
# Runs one test with a main of its own: run_direct.sh ADGEN INCLUDE RUNTIME.a WORK X.c, with X_main.c beside it.
# Builds it with every optimisation on, with each one off and with all off, under the sanitizers.
set -eu
adgen=$1 include=$2 runtime=$3 work=$4 source=$5
cc=${CC:-cc}
name=$(basename "$source" .c)
flags="-DADGEN_DEBUG -std=c11 -Wall -Wextra -pedantic -Werror -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all"
rm -rf "$work"
status=0 builds=0
all=simplify,hoist,raise-loops,scalar-replacement,reload,recompute,activity,accumulators,copies,overlap-tests,fuse,winners,replay,forward,blocks
for off in none simplify hoist raise-loops scalar-replacement reload recompute activity accumulators copies overlap-tests fuse winners replay forward blocks lanes columns $all; do
    disable=
    test $off = none || disable=--disable=$off
    dir=$work/$off
    mkdir -p "$dir"
    "$adgen" $disable -w -I"$include" "$source" -o "$dir/${name}_grad.c"
    test $off = none || ! cmp -s "$work/none/${name}_grad.c" "$dir/${name}_grad.c" || continue # the same code: tried already
    builds=$((builds + 1))
    $cc $flags -I"$include" -I"$dir" -I"$(dirname "$source")" "$dir/${name}_grad.c" "$source" "${source%.c}_main.c" "$runtime" -lm \
        -o "$dir/run"
    "$dir/run" || { echo "$name with --disable=$off fails"; status=1; }
done
test $status = 0 && echo "$name: $builds different builds, all right"
exit $status
