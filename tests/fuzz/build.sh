# Functions of `run` and `reduce`: programs are generated, differentiated, compiled and driven. Expects $here (this
# folder), $root, $build and $work; sets up the tools, which are built once per work directory.
cc=${CC:-cc}
clang=$(command -v clang || command -v clang-19 || echo "")
adgen=$build/bin/adgen
interpret=$build/tests/fuzz/fuzz_interpret # not where only adgen was built
test -x "$interpret" || interpret=
includes="-I$here -I$root/runtime/include"
# -fno-builtin: compilers fold calls of <math.h> with constants in arithmetic of their own, which is not that of libm
shared="-std=c11 -ffp-contract=off -fno-builtin -fPIC -shared"
strict="-Wall -Wextra -pedantic"
sanitize="-g -fsanitize=address,undefined -fno-sanitize-recover=all"
all=simplify,hoist,raise-loops,scalar-replacement,reload,recompute,activity,accumulators,fuse,forward
runtime="$root/runtime/*.c" # not the library of the build, which may be one for the sanitizers

# PROGRAMS.c into every form, and the verdict into out: compile_and_drive DIR (plain|deep)
compile_and_drive() {
    (
        cd "$1"
        $cc $shared -w -O1 -DFUZZ_TRACED $includes p.c -o traced.so -lm || { echo "FAILED all compile: the programs"; exit 1; }
        $cc $shared -w -O1 -DFUZZ_TRACED -DFUZZ_EXTENDED $includes p.c -o extended.so -lm || { echo "FAILED all compile: the programs in long double"; exit 1; }
        derive default "" && object default default "$cc $shared $strict -O1" &&
            derive off "--disable=$all" && object off off "$cc $shared -O1 -w" || exit 1
        builds="default=./default.so off=./off.so"
        if test "$2" = deep; then
            for switch in $(echo $all | tr , ' '); do
                derive "$switch" "--disable=$switch" && object "$switch" "$switch" "$cc $shared -O0 -w" || exit 1
                builds="$builds $switch=./$switch.so"
            done
            object default O3 "$cc $shared $strict -O3" || exit 1
            builds="$builds O3=./O3.so"
            if test -n "$clang"; then
                object default clang "$clang $shared $strict -O2" || exit 1
                builds="$builds clang=./clang.so"
            fi
        fi
        timeout 120 $work/drive p.c ./traced.so ./extended.so $builds || exit 1
        test -z "$interpret" || timeout 300 "$interpret" p.c ./traced.so ./default.so $includes || exit 1
        if test "$2" = deep; then
            object default safe "$cc $shared $strict $sanitize -O1" && object off safe_off "$cc $shared $sanitize -O1 -w" || exit 1
            timeout 240 $work/drive_safe p.c ./traced.so ./extended.so sanitized=./safe.so off-sanitized=./safe_off.so 2>safe.err ||
                { grep -m 3 -E 'ERROR|runtime error|SUMMARY' safe.err; exit 1; }
        fi
    ) >"$1/verdict" 2>"$1/errors"
}

# Differentiates p.c: derive NAME OPTION
derive() {
    timeout 60 "$adgen" -w $2 $includes p.c -o "$1.c" 2>"$1.messages" ||
        { echo "FAILED all adgen: $2 $(head -1 "$1.messages")"; return 1; }
}

# Compiles NAME.c into OBJECT.so, with warnings as errors (but where COMPILER ends in -w: what no optimisation has tidied
# may have unused variables); each program with one is reported, and goes on without: object NAME OBJECT COMPILER
object() {
    $3 -Werror $includes "$1.c" -o "$2.so" 2>"$2.warnings" && return 0
    awk -v build="$2" '/In function/ { match($0, /p[0-9]+_/); name = substr($0, RSTART, RLENGTH - 1) }
        / error: / && !(name in seen) { seen[name] = 1; sub(/^[^ ]* error: /, ""); print "FAILED " name " warning: " build ": " $0 }' "$2.warnings"
    $3 -w $includes "$1.c" -o "$2.so" || { echo "FAILED all compile: $2"; return 1; }
}

# The function whose line has the number: which_program FILE LINE
which_program() {
    awk -v line="$2" '$2 == "PROGRAM" { name = $3 } NR == line { print name; exit }' "$1"
}

# Generates, leaves out what is refused, compares: run_batch DIR (plain|deep) GEN-OPTIONS. Failures also go to DIR/out.
run_batch() {
    mkdir -p "$1"
    refused=
    while :; do
        "$work/gen" $3 --skip "0$refused" >"$1/p.c"
        how=REFUSED
        if "$adgen" -w $includes "$1/p.c" -o "$1/try.c" 2>"$1/messages"; then
            how=REFUSED-UNOPTIMISED
            if "$adgen" -w --disable=$all $includes "$1/p.c" -o "$1/try.c" 2>"$1/messages"; then break; fi
        fi
        names=$(sed -n 's/^[^:]*p\.c:\([0-9]*\):[0-9]*: error: .*/\1/p' "$1/messages" | sort -nu |
            while read -r line; do which_program "$1/p.c" "$line"; done | uniq)
        test -n "$names" || { echo "FAILED all adgen: $(head -1 "$1/messages")" | tee "$1/out"; return 1; }
        grep ': error: ' "$1/messages" | while IFS= read -r message; do
            line=$(echo "$message" | sed -n 's/^[^:]*p\.c:\([0-9]*\):.*/\1/p')
            echo "$how $(which_program "$1/p.c" "${line:-1}") $(echo "$message" | sed 's/.*error: //')"
        done | sort -u -k2,2
        for name in $names; do refused="$refused,${name#p}"; done
    done
    compile_and_drive "$1" "$2" || :
    sed -n 's|^/\* \(COUNT .*\) \*/|\1|p' "$1/p.c"
    awk -v kind="$2" '$1 != "PROGRAMS" { print } $1 == "PROGRAMS" && !seen++ { print $1, $2, kind }' "$1/verdict" |
        tee "$1/out"
}

test -x "$adgen" || { echo "no $adgen: build first, or give --build" >&2; exit 2; }
$cc -std=gnu11 -O1 -Wall -Wextra "$here"/gen/*.c -o "$work/gen" -lm
$cc -std=gnu11 -O1 -Wall -Wextra -rdynamic $includes "$here/drive.c" $runtime -o "$work/drive" -ldl -lm
$cc -std=gnu11 -O1 $sanitize -rdynamic $includes "$here/drive.c" $runtime -o "$work/drive_safe" -ldl -lm
