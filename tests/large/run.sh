# run.sh ADGEN SOURCE_DIR FOLDER SHAPE SIZE STATUS: adgen ends with that status (1: an error that says so, not a crash).
set -eu
adgen=$1 source_dir=$2 folder=$3 shape=$4 size=$5 wanted=$6
mkdir -p "$folder"
rm -f "$folder"/out.*
sh "$source_dir/tests/large/make.sh" "$shape" "$size" >"$folder/x.c"
status=0
"$adgen" -I"$source_dir/runtime/include" "$folder/x.c" -o "$folder/out.c" 2>"$folder/messages" || status=$?
test $status -eq "$wanted" || { echo "status $status"; head -5 "$folder/messages"; exit 1; }
if test $wanted -eq 1; then
    grep -q ': error: ' "$folder/messages"
    exit
fi
cc -std=c11 -fsyntax-only -I"$source_dir/runtime/include" "$folder/out.c"
