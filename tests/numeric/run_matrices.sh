#!/bin/sh
# Jacobians of all functions of a case file, Hessians of those with one output:
# run_matrices.sh ADGEN INCLUDE RUNTIME.a WORK CASE.c
# With every optimisation on, and with all off and Jacobians by rows, several at once; checked by check_matrices.c under the
# sanitizers. A function whose second derivative is refused says so: "CHECK name n m low high no-hessian"; one that has other
# effects than its outputs, so that it cannot be evaluated once per column: "... no-matrix".
set -eu
adgen=$1 include=$2 runtime=$3 work=$4 source=$5
here=$(cd "$(dirname "$0")" && pwd)
cc=${CC:-cc}
strict="-std=c11 -Wall -Wextra -pedantic -Werror -ffp-contract=off -Wno-unused-value -Wno-parentheses -Wno-bool-operation"
sanitize="-g1 -DADGEN_DEBUG -fsanitize=address,undefined -fno-sanitize-recover=all"
rm -rf "$work"
mkdir -p "$work"
rows=$(awk '$1 == "*" && $2 == "CHECK" && $8 != "no-matrix"' "$source")
echo "$rows" | awk '{ printf "X(%s, %s, %s, %s, %s, %d)\n", $3, $4, $5, $6, $7, $8 == "single" }' >"$work/table.inc"
echo "$rows" | awk '$5 == 1 && $8 != "no-hessian" { printf "H(%s)\n", $3 }' >"$work/hessians.inc"
set --
for name in $(echo "$rows" | awk '{ print $3 }'); do
    set -- "$@" -f "$name: jacobian, wrt(x), of(y)"
done
for name in $(echo "$rows" | awk '$5 == 1 && $8 != "no-hessian" { print $3 }'); do
    set -- "$@" -f "$name: hvp, wrt(x), of(y)" -f "$name: hessian, wrt(x), of(y)"
done
: >"$work/directions.inc"
if grep -q '^ \* DIRECTIONS 3$' "$source"; then # jvp in three directions at once, too
    for name in $(echo "$rows" | awk '{ print $3 }'); do
        set -- "$@" -f "$name: jvp, wrt(x), of(y), directions(3), name(${name}_jvp3)"
        echo "D($name)" >>"$work/directions.inc"
    done
fi
: >"$work/sparse.inc"
if grep -q '^ \* SPARSE$' "$source"; then # the sparse forms, too
    for name in $(echo "$rows" | awk '{ print $3 }'); do
        set -- "$@" -f "$name: jacobian, sparse, wrt(x), of(y), name(${name}_sj)"
        echo "J($name)" >>"$work/sparse.inc"
    done
    for name in $(echo "$rows" | awk '$5 == 1 && $8 != "no-hessian" { print $3 }'); do
        set -- "$@" -f "$name: hessian, sparse, wrt(x), of(y), name(${name}_sh)"
        echo "S($name)" >>"$work/sparse.inc"
    done
fi
$cc $strict -O1 $sanitize -I"$include" -c "$source" -o "$work/original.o"
$cc $strict -O1 $sanitize -Wno-strict-prototypes -I"$include" -I"$work" -c "$here/check_matrices.c" -o "$work/check.o"
status=0
switches=$(sed -n 's/^SWITCH("\([a-z-]*\)".*/\1/p' "$here/../../compiler/driver/switches.def" | grep -vx lanes)
for off in none $(echo $switches | tr ' ' ,); do
    disable=
    test $off = none || disable=--disable=$off
    dir=$work/$off
    mkdir -p "$dir"
    "$adgen" $disable -w -I"$include" "$source" "$@" -o "$dir/grad.c"
    case $off in *simplify*) plain=-Wno-address ;; *) plain= ;; esac # a test whether a local array is there
    if test $off = none; then
        $cc $strict $plain -O1 $sanitize -I"$include" -c "$dir/grad.c" -o "$dir/grad.o"
    else # warnings and sanitizers apart: together they take twice as long
        $cc $strict $plain -O1 -DADGEN_DEBUG -I"$include" -S "$dir/grad.c" -o /dev/null
        $cc $strict -w -O0 $sanitize -I"$include" -c "$dir/grad.c" -o "$dir/grad.o"
    fi
    $cc $sanitize "$dir/grad.o" "$work/original.o" "$work/check.o" "$runtime" -lm -o "$dir/check"
    "$dir/check" >"$dir/out" 2>"$dir/err" || {
        echo "$(basename "$source") with --disable=$off:"
        grep FAILED "$dir/out" || cat "$dir/err"
        status=1
    }
done
test $status = 0 && echo "$(wc -l <"$work/table.inc") Jacobians, $(wc -l <"$work/hessians.inc") Hessians, 2 builds each"
exit $status
