#!/bin/sh
# Runs the functions of one case file: run.sh ADGEN INCLUDE RUNTIME.a WORK CASE.c
# Differentiates them with every optimisation on, with each one off and with all off, and with each strategy imposed; checks each build
# (check.c), and that all builds give the same numbers. The generated code is compiled with warnings as errors
# and runs under the address and undefined-behaviour sanitizers: all of it that is made with everything on, and of the rest what is not the same.
set -eu
adgen=$1 include=$2 runtime=$3 work=$4 source=$5
here=$(cd "$(dirname "$0")" && pwd)
cc=${CC:-cc}
# gcc would compute calls with constant arguments itself, exactly, in the one and not in the other.
exact="-fno-builtin-sin -fno-builtin-exp -fno-builtin-tanh"
strict="$exact -std=c11 -Wall -Wextra -pedantic -Werror -ffp-contract=off -Wno-unused-value -Wno-parentheses -Wno-bool-operation"
sanitize="-g1 -DADGEN_DEBUG -fsanitize=address,undefined -fno-sanitize-recover=all"
rm -rf "$work"
mkdir -p "$work"
awk '$1 == "*" && $2 == "CHECK" {
        printf "X(%s, %s, %s, %s, %s, %d)\n", $3, $4, $5, $6, $7, $8 == "single" }' \
    "$source" >"$work/table.inc"
test -s "$work/table.inc"
names=$(awk '$1 == "*" && $2 == "CHECK" { print $3 }' "$source" | paste -sd ' ' -)
$cc $strict -O1 $sanitize -I"$include" -c "$source" -o "$work/original.o"
$cc $strict -O1 $sanitize -Wno-strict-prototypes -I"$work" -c "$here/check.c" -o "$work/check.o"
status=0 builds=0 tried=
# lanes and columns make no difference without matrices
switches=$(sed -n 's/^SWITCH("\([a-z-]*\)".*/\1/p' "$here/../../compiler/driver/switches.def" | grep -vx 'lanes\|columns')
for off in none $switches $(echo $switches | tr ' ' ,) \
    strategy=store strategy=replay strategy=fuse strategy=blocks; do
    case $off in
    none) option= ;;
    strategy=*) option=--$off ;;
    *) option=--disable=$off ;;
    esac
    dir=$work/$off
    mkdir -p "$dir"
    "$adgen" $option -w -I"$include" "$source" -o "$dir/grad.c"
    for other in $tried; do # the same code: tried already
        ! cmp -s "$work/$other/grad.c" "$dir/grad.c" || continue 2
    done
    tried="$tried $off"
    builds=$((builds + 1))
    case $off in *simplify*) plain=-Wno-address ;; *) plain= ;; esac # a test whether a local array is there
    part=
    if test $off = none; then
        $cc $strict $plain -O1 $sanitize -I"$include" -c "$dir/grad.c" -o "$dir/grad.o"
    else
        $cc $strict $plain -O1 -DADGEN_DEBUG -I"$include" -S "$dir/grad.c" -o /dev/null
        awk -v names="$names" -f "$here/../differing.awk" "$work/none/grad.c" "$dir/grad.c" >"$dir/differing.c"
        test -s "$dir/differing.c" || continue
        part=partial
        $cc $strict -w -O0 $sanitize -I"$include" -c "$dir/differing.c" -o "$dir/grad.o"
    fi
    $cc $sanitize "$dir/grad.o" "$work/original.o" "$work/check.o" "$runtime" -lm -o "$dir/check"
    "$dir/check" $part >"$dir/out" 2>"$dir/err" || {
        echo "$(basename "$source") with ${option:-everything on}:"
        grep FAILED "$dir/out" || cat "$dir/err"
        status=1
    }
    test $off = none || awk -v name="$off" '
        { key = $1 " " $2 " " $3; key = key " " ++points[FILENAME, key] }
        NR == FNR { want[key] = $4; next }
        { d = $4 - want[key]; if (d < 0) d = -d; s = want[key] < 0 ? -want[key] : want[key] }
        !(key in want) || !(d <= ($5 == "single" ? 1e-5 : 1e-11) * (1 + s)) && ++n <= 5 { print name " differs: " $0 " / " want[key]; n++ }
        END { exit n > 0 }' "$work/none/out" "$dir/out" || status=1
done
test $status = 0 && echo "$(wc -l <"$work/table.inc") functions, $builds different builds each: all agree"
exit $status
