#!/bin/sh
# Checks the rows of one family and precision: run.sh ADGEN INCLUDE RUNTIME.a WORK GENERATE FAMILY d|s LIBRARY...
# With every optimisation on and, in double, with all off.
set -eu
adgen=$1 include=$2 runtime=$3 work=$4 generate=$5 family=$6 precision=$7
shift 7
here=$(dirname "$0")
cc=${CC:-cc}
flags="-std=c11 -Wall -Wextra -pedantic -Werror -g -O0 -fsanitize=address,undefined -fno-sanitize-recover=all"
rm -rf "$work"
mkdir -p "$work"
"$generate" "$family" "$precision" source > "$work/calls.c"
"$generate" "$family" "$precision" second > "$work/second_head.c"
"$generate" "$family" "$precision" table > "$work/table.c"
real=double
test "$precision" = d || real=float
also=
all=simplify,hoist,raise-loops,scalar-replacement,reload,recompute,activity,accumulators,copies,overlap-tests,fuse
status=0
test "$precision" = s || also=$all # float goes the same ways
for off in none $also; do
    disable=
    test $off = none || disable=--disable=$off
    dir=$work/$off
    mkdir -p "$dir"
    "$adgen" $disable -w -I"$include" "$work/calls.c" -o "$dir/calls_grad.c"
    cat "$work/second_head.c" "$dir/calls_grad.c" > "$dir/second.c"
    "$adgen" $disable -w -I"$include" -I"$dir" "$dir/second.c" -o "$dir/second_grad.c"
    $cc $flags -DREAL=$real -I"$include" -I"$dir" -I"$here" -I"$work" "$dir/calls_grad.c" "$dir/second_grad.c" "$work/table.c" "$here/check.c" \
        "$runtime" "$@" -lm -o "$dir/run"
    "$dir/run" || { echo "$family $precision with --disable=$off fails"; status=1; }
done
exit $status
