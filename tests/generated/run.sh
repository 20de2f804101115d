# run.sh ADGEN SOURCE_DIR FOLDER: generated code under the tools that look for what tests of values do not see: data races, integers that wrap,
# the analysers of gcc and clang. A tool that is not installed is left out, and said so.
set -eu
adgen=$1 root=$2 folder=$3
here=$root/tests/generated
clang=$(command -v clang || command -v clang-19 || echo "")
tidy=$(command -v clang-tidy-19 || command -v clang-tidy || echo "")
runtime="$root/runtime/*.c"
includes="-I$root/runtime/include -I$folder -I$root/tests/golden"
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
"$adgen" -w -I"$root/runtime/include" "$here/functions.c" -o functions_grad.c
can() { echo 'int main(void) { return 0; }' >can.c && $1 can.c -o can 2>/dev/null && ./can; } # does it compile and run? can 'COMPILER OPTIONS'

build="-std=gnu11 -g -O1 $includes $here/threads.c functions_grad.c $here/functions.c $runtime -lm -lpthread"
if can "${clang:-cc} -fsanitize=thread"; then
    ${clang:-cc} -fsanitize=thread $build -o threads
    TSAN_OPTIONS=halt_on_error=1 ./threads
else
    echo "left out: the thread sanitizer"
fi
if test -n "$clang" && can "$clang -fsanitize=integer"; then
    $clang -fsanitize=undefined,integer -fno-sanitize-recover=all $build -o integers
    ./integers
    for main in "$root"/samples/*_main.c; do # the samples' derivatives, too; their mains draw random numbers, which wrap
        name=$(basename "$main" _main.c)
        "$adgen" -w -I"$root/runtime/include" "$root/samples/$name.c" -o "${name}_grad.c"
        $clang -std=c11 -w -O1 -g $includes -fsanitize=undefined,integer -fno-sanitize-recover=all -c "${name}_grad.c" -o generated.o
        $clang -std=gnu11 -w $includes -I"$root/samples" "$root"/samples/"$name"*.c generated.o $runtime -fsanitize=undefined,integer -lm -o sample
        ./sample >/dev/null
    done
    rm -f ./?_*_grad.* ./demo_grad.* ./sparse_grad.*
else
    echo "left out: clang's integer sanitizer"
fi

for expected in "$root"/tests/golden/*_grad.c.expected; do
    name=$(basename "$expected" .c.expected)
    cp "$expected" "$name.c"
    cp "$root/tests/golden/$name.h.expected" "$name.h"
done
# no state but that of the user's: global_variables.c has a static array
if grep -nE '^static [^(]*(=|;)' ./*_grad.c | grep -vE ' const |^./global_variables_grad'; then echo "state of its own"; exit 1; fi
if echo 'int x;' | gcc -fanalyzer -xc -c - -o /dev/null 2>/dev/null; then
    for file in *_grad.c; do gcc -std=c11 -O1 -fanalyzer -Werror $includes -c "$file" -o /dev/null; done
else
    echo "left out: gcc's analyser"
fi
if test -n "$tidy"; then
    $tidy --quiet --warnings-as-errors='*' --checks='-*,bugprone-*,-bugprone-easily-swappable-parameters' ./*_grad.c -- -std=c11 $includes
else
    echo "left out: clang-tidy"
fi
