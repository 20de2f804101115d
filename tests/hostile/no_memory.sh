# no_memory.sh ADGEN_MOVING SOURCE_DIR FOLDER [every]: no memory at an allocation. adgen ends with status 3 and "out of memory", and what stood at the
# output's place stands there still. For each sample at some hundred places spread over the whole run and at the last hundred, where the output is
# written; or at every one of them (a millisecond each), for the smallest from the outside, too.
set -eu
adgen=$1 source_dir=$2 folder=$3 every=${4:-}
mkdir -p "$folder"
export ASAN_OPTIONS=detect_leaks=0 # what a run that ends early has not released is no leak
run() { "$adgen" -w -I"$source_dir/runtime/include" "$1" -o "$folder/out.c" 2>"$folder/messages"; }

for n in 1 2 3 5 10 100 1000; do
    echo before >"$folder/out.c"
    status=0
    ADGEN_FAIL_AT=$n run "$source_dir/samples/demo.c" || status=$?
    grep -q 'adgen: out of memory' "$folder/messages" && test $status -eq 3 ||
        { echo "allocation $n: status $status"; cat "$folder/messages"; exit 1; }
    test "$(cat "$folder/out.c")" = before || { echo "allocation $n: the output was touched"; exit 1; }
done

# Runs $file, without memory at each N-th allocation from number M on: fail_from N M
fail_from() {
    echo before >"$folder/out.c"
    ADGEN_KEEPS=$folder/out.c ADGEN_FAIL_EACH=$1 ADGEN_FAIL_FROM=$2 run "$file" || { echo "$file: status $?"; cat "$folder/messages"; exit 1; }
    test "$(cat "$folder/out.c")" != before
    said=$(sed -n 's/^hostile: failed at \([0-9]*\) of \([0-9]*\) .*/\1 of \2/p' "$folder/messages")
    total=$((total + ${said%% *}))
}

total=0
for file in "$source_dir"/samples/*.c; do
    case $file in *_main*.c) continue ;; esac
    step=1
    test -n "$every" || case $file in */demo.c) step=31 ;; *) step=1009 ;; esac
    fail_from $step 0
    of=${said##* }
    test $step = 1 || fail_from 1 $((of - 100))
    echo "$(basename "$file"): out of memory at $said allocations"
done
echo "$total runs without memory"
test $total -gt 500
