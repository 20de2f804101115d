# Functions of `run` and `reduce`: programs are generated, differentiated, compiled and driven. Expects $here (this
# folder), $root, $build and $work; sets up the tools, which are built once per work directory.
cc=${CC:-cc}
clang=$(command -v clang || command -v clang-19 || echo "")
quick=${clang:-$cc}
adgen=$build/bin/adgen
interpret=$build/tests/fuzz/fuzz_interpret # not where only adgen was built
test -x "$interpret" || interpret=
includes="-I$here -I$root/runtime/include"
# -fno-builtin: compilers fold calls of <math.h> with constants in arithmetic of their own, which is not that of libm
shared="-std=c11 -ffp-contract=off -fno-builtin -fPIC -shared"
strict="-Wall -Wextra -pedantic"
inferred="-Wno-array-bounds -Wno-aggressive-loop-optimizations" # what gcc -O3 says of the programs' own loops
sanitize="-g -fsanitize=address,undefined -fno-sanitize-recover=all"
all=$(sed -n 's/^SWITCH("\([a-z-]*\)".*/\1/p' "$root/compiler/driver/switches.def" | paste -sd, -) # every optimisation
runtime="$root/runtime/*.c" # not the library of the build, which may be one for the sanitizers

# The programs p.c, and what adgen made of them (default.c, off.c), into every form, and the verdict into a file:
# compile_and_drive DIR (plain|wide|deep). What runs so shortly is mostly not worth optimising, and clang -O0, where there is clang, is the
# quickest: the wider kinds compare gcc -O3, clang -O2 and the sanitizers with it. gcc's warnings are wanted of everything.
compile_and_drive() {
    (
        cd "$1"
        $quick $shared -w -O0 -DFUZZ_TRACED $includes p.c -o traced.so -lm || { echo "FAILED all compile: the programs"; exit 1; }
        $quick $shared -w -O0 -DFUZZ_TRACED -DFUZZ_EXTENDED $includes p.c -o extended.so -lm || { echo "FAILED all compile: the programs in long double"; exit 1; }
        warnings default
        object default default "$quick $shared $strict -O0" && object off off "$quick $shared -O0 -w" || exit 1
        builds="default=./default.so off=./off.so"
        strategies="replay blocks"
        test "$2" != deep || strategies="replay blocks store"
        for strategy in $strategies; do
            derive "all_$strategy" "--strategy=$strategy" || { echo "FAILED all adgen: $strategy $(head -1 "all_$strategy.messages")"; exit 1; }
            warnings "all_$strategy"
            differing "all_$strategy" || exit 1
            builds="$builds all_$strategy~=./all_$strategy.so"
        done
        if test "$2" != plain; then
            object default O3 "$cc $shared $strict $inferred -O3" || exit 1
            builds="$builds O3=./O3.so"
            if test -n "$clang"; then
                object default clang "$clang $shared $strict -O2" || exit 1
                builds="$builds clang=./clang.so"
            fi
        fi
        if test "$2" = deep; then
            for switch in $(echo $all | tr , ' '); do
                derive "$switch" "--disable=$switch" || { echo "FAILED all adgen: $switch $(head -1 "$switch.messages")"; exit 1; }
                differing "$switch" || exit 1
                builds="$builds $switch~=./$switch.so"
            done
        fi
        timeout 120 $work/drive p.c ./traced.so ./extended.so $builds || exit 1
        test -z "$interpret" || timeout 300 "$interpret" p.c ./traced.so ./default.so $includes || exit 1
        if test "$2" != plain; then
            object default safe "$checked $shared $strict $sanitize -O0" || exit 1
            builds="sanitized=./safe.so"
            if test "$2" = deep; then
                object off safe_off "$checked $shared $sanitize -O0 -w" || exit 1
                builds="$builds off-sanitized=./safe_off.so"
            fi
            timeout 240 $work/drive_safe p.c ./traced.so ./extended.so $builds 2>safe.err ||
                { grep -m 3 -E 'ERROR|runtime error|SUMMARY' safe.err; exit 1; }
        fi
    ) >"$1/verdict" 2>"$1/errors"
}

# Differentiates p.c: derive NAME OPTION
derive() {
    timeout 60 "$adgen" -w $2 $includes p.c -o "$1.c" 2>"$1.messages"
}

# Compiles NAME.c into OBJECT.so, with warnings as errors (but where COMPILER ends in -w: what no optimisation has tidied
# may have unused variables); each program with one is reported, and goes on without: object NAME OBJECT COMPILER
object() {
    $3 -Werror $includes "$1.c" -o "$2.so" 2>"$2.warnings" && return 0
    report "$2"
    $3 -w $includes "$1.c" -o "$2.so" || { echo "FAILED all compile: $2"; return 1; }
}

# The warnings of the first compiler's front end: warnings NAME
warnings() {
    $cc $shared $strict -Werror -fsyntax-only $includes "$1.c" 2>"$1.warnings" || report "$1"
}

# Each program with warnings, which are errors; gcc says in which function, clang at which line: report NAME
report() {
    awk -v build="$1" -v file="$1.c" '/In function/ { match($0, /p[0-9]+_/); name = substr($0, RSTART, RLENGTH - 1) }
        / error: / {
            if (name == "") { split($0, at, ":"); while (row < at[2] && (getline text < file) > 0) { row++; if (match(text, /^[a-z].* p[0-9]+_/)) { sub(/_.*/, "", text); of = text; sub(/.* /, "", of) } } }
            who = name != "" ? name : of != "" ? of : "all"; sub(/^[^ ]* error: /, "")
            if (!(who in seen)) print "FAILED " who " warning: " build ": " $0
            seen[who] = 1
        }' "$1.warnings"
}

# Compiles of NAME.c what is not as in default.c: differing NAME
differing() {
    awk -v names="$(awk '$2 == "PROGRAM" { printf "%s ", $3 }' p.c)" -f "$root/tests/differing.awk" default.c "$1.c" >"differing_$1.c"
    object "differing_$1" "$1" "$quick $shared -O0 -w"
}

# The function whose line has the number: which_program FILE LINE
which_program() {
    awk -v line="$2" '$2 == "PROGRAM" { name = $3 } NR == line { print name; exit }' "$1"
}

# Generates, leaves out what is refused, compares: run_batch DIR (plain|wide|deep) GEN-OPTIONS. Failures also go to DIR/out.
run_batch() {
    mkdir -p "$1"
    refused=
    while :; do
        "$work/gen" $3 --skip "0$refused" >"$1/p.c"
        how=REFUSED messages=$1/default.messages
        if (cd "$1" && derive default ""); then
            how=REFUSED-UNOPTIMISED messages=$1/off.messages
            if (cd "$1" && derive off "--disable=$all"); then break; fi
        fi
        names=$(sed -n 's/^p\.c:\([0-9]*\):[0-9]*: error: .*/\1/p' "$messages" | sort -nu |
            while read -r line; do which_program "$1/p.c" "$line"; done | uniq)
        test -n "$names" || { echo "FAILED all adgen: $(head -1 "$messages")" | tee "$1/out"; return 1; }
        grep ': error: ' "$messages" | while IFS= read -r message; do
            line=$(echo "$message" | sed -n 's/^p\.c:\([0-9]*\):.*/\1/p')
            echo "$how $(which_program "$1/p.c" "${line:-1}") $(echo "$message" | sed 's/.*error: //')"
        done | sort -u -k2,2
        for name in $names; do refused="$refused,${name#p}"; done
    done
    compile_and_drive "$1" "$2" || :
    grep -qE '^(PROGRAMS|FAILED) ' "$1/verdict" || echo "FAILED all drive: it says nothing; see errors" >>"$1/verdict"
    sed -n 's|^/\* \(COUNT .*\) \*/|\1|p' "$1/p.c"
    awk -v kind="$2" '$1 != "PROGRAMS" { print } $1 == "PROGRAMS" && !seen++ { print $1, $2, kind }' "$1/verdict" |
        tee "$1/out"
}

test -x "$adgen" || { echo "no $adgen: build first, or give --build" >&2; exit 2; }
drive="-std=gnu11 -O1 -rdynamic $includes $here/drive/*.c $runtime"
$cc -std=gnu11 -O0 -Wall -Wextra "$here"/gen/*.c -o "$work/gen" -lm
$quick -Wall -Wextra $drive -o "$work/drive" -ldl -lm
# the sanitizers of clang are quicker, too; it may have come without their libraries
checked=$quick
$checked $sanitize -DFUZZ_TINY_TAPE $drive -o "$work/drive_safe" -ldl -lm 2>"$work/drive_safe.log" ||
    { checked=$cc; $checked $sanitize -DFUZZ_TINY_TAPE $drive -o "$work/drive_safe" -ldl -lm; }
