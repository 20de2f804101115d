#!/bin/sh
# run.sh ADGEN [--update] NAME.c FOLDER
#
# Runs adgen on NAME.c, with the options that a line "/* adgen: OPTIONS */" in it gives, and compares what
# it prints with NAME.expected. Where that holds an error the exit status must be 1 and nothing may be
# written; where it holds only warnings, 0. --update writes the expectation anew.
set -eu
adgen=$1 # used by eval
shift
update=no
if [ "$1" = --update ]; then
  update=yes
  shift
fi
test=$1 folder=$2

name=$(basename "$test" .c)
rm -rf "$folder"
mkdir -p "$folder"
cd "$(dirname "$test")"
options=$(sed -n 's/^\/\* adgen: \(.*\) \*\/$/\1/p' "$name.c")
status=0
eval "\"\$adgen\" $options \"\$name.c\" -o \"\$folder/out.c\"" > "$folder/printed" 2>&1 || status=$?

[ $update = no ] || cp "$folder/printed" "$name.expected"
diff -u "$name.expected" "$folder/printed"
wanted=0
! grep -q ': error: ' "$name.expected" || wanted=1
if [ "$status" -ne $wanted ]; then
  echo "exit status $status instead of $wanted"
  exit 1
fi
if [ $wanted -eq 1 ] && { [ -e "$folder/out.c" ] || [ -e "$folder/out.h" ]; }; then
  echo "adgen wrote something in spite of the error"
  exit 1
fi
