#!/bin/sh
# run.sh TEST.sh FOLDER: runs one test in the folder, emptied first.
set -eu
case $2 in
  /*/tests/cli/*) rm -rf "$2" ;;
  *) echo "run.sh: not a folder of tests: $2" >&2; exit 2 ;;
esac
mkdir -p "$2"
cd "$2"
exec sh "$1"
