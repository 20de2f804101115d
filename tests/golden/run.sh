#!/bin/sh
# run.sh ADGEN SOURCE_DIR [--update] NAME.c FOLDER COMPILER...
#
# Runs adgen on NAME.c, with the options that a line "/* adgen: OPTIONS */" in it gives, and compares what
# it writes with NAME_grad.c.expected and NAME_grad.h.expected; then compiles it with each compiler.
# --update writes the expectations anew.
set -eu
adgen=$1 # used by eval
source_dir=$2
shift 2
update=no
if [ "$1" = --update ]; then
  update=yes
  shift
fi
test=$1 folder=$2
shift 2

name=$(basename "$test" .c)
rm -rf "$folder"
mkdir -p "$folder"
cd "$(dirname "$test")"
options=$(sed -n 's/^\/\* adgen: \(.*\) \*\/$/\1/p' "$name.c")
eval "\"\$adgen\" $options \"\$name.c\" -o \"\$folder/\${name}_grad.c\""

status=0
for suffix in c h; do
  written=$folder/${name}_grad.$suffix
  expected=${name}_grad.$suffix.expected
  if [ $update = yes ]; then
    cp "$written" "$expected"
  elif ! diff -u "$expected" "$written"; then
    status=1
  fi
done
[ $status -eq 0 ] || echo "to accept what adgen writes now: cmake --build BUILD --target update-goldens"

for compiler in "$@"; do
  for level in -O1 -O2; do
    "$compiler" -std=c11 $level -Wall -Wextra -pedantic -Werror -I"$source_dir/runtime/include" -I. \
      -c "$folder/${name}_grad.c" -o "$folder/${name}_grad.o" || status=1
  done
  "$compiler" -std=c11 -Wall -Wextra -pedantic -Werror -I"$source_dir/runtime/include" -I. \
    -fsyntax-only -x c "$folder/${name}_grad.h" || status=1
done
exit $status
