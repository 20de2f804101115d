# moving.sh ADGEN ADGEN_MOVING SOURCE_DIR FOLDER: what adgen writes does not depend on where its memory lies.
set -eu
adgen=$1 moving=$2 source_dir=$3 folder=$4
mkdir -p "$folder/a" "$folder/b"
status=0
for file in "$source_dir"/tests/golden/*.c "$source_dir"/samples/?_*.c "$source_dir"/tests/errors/*.c; do
    case $file in *_main.c) continue ;; esac
    name=$(basename "$file" .c)
    options=$(sed -n 's/^\/\* adgen: \(.*\) \*\/$/\1/p' "$file")
    cd "$(dirname "$file")"
    for program in a b; do
        rm -f "$folder/$program/$name".*
        command=$adgen
        test $program = a || command=$moving
        eval "\"\$command\" $options -I\"\$source_dir/runtime/include\" \"\$name.c\" -o \"\$folder/$program/\$name.c\"" \
            >"$folder/$program/$name.messages" 2>&1 || echo $? >>"$folder/$program/$name.messages"
    done
done
diff -r "$folder/a" "$folder/b" || status=1
test "$(ls "$folder/a" | grep -c '\.c$')" -gt 10 || { echo "nothing was compared"; status=1; }
exit $status
