# no_memory.sh ADGEN_MOVING SOURCE_DIR FOLDER: allocations fail from the n-th on, for n = 1, 2, ... and then with growing steps up to where
# none fails. Each run ends with status 3 and "out of memory", and what stood at the output's place stands there still.
set -eu
adgen=$1 source_dir=$2 folder=$3
mkdir -p "$folder"
file=$source_dir/samples/demo.c
n=1 runs=0
while :; do
    echo before >"$folder/out.c"
    status=0
    ADGEN_FAIL_AT=$n "$adgen" -I"$source_dir/runtime/include" "$file" -o "$folder/out.c" >"$folder/messages" 2>&1 || status=$?
    test $status -ne 0 || break
    grep -q 'adgen: out of memory' "$folder/messages" && test $status -eq 3 ||
        { echo "allocation $n: status $status"; cat "$folder/messages"; exit 1; }
    test "$(cat "$folder/out.c")" = before || { echo "allocation $n: the output was touched"; exit 1; }
    runs=$((runs + 1))
    n=$((n + 1 + n / 12))
done
echo "$runs runs without memory, up to allocation $n"
test $runs -gt 30
