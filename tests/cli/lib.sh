# What the command-line tests share. A test is a NAME.sh, run in an empty folder of its own with
#   ADGEN        the program            SOURCE_DIR  the root of the project
#   BUILD_DIR    the build folder       LIBADGEN    the runtime library
#   CC, CLANG    compilers (CLANG may be empty)   SANITIZED   1 in a build with sanitizers
# and fails at the first expectation that is not met.
set -eu

fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# status WANTED COMMAND...: runs the command, its output in out and err, and wants that exit status.
status() {
  wanted=$1; shift
  got=0
  "$@" > out 2> err || got=$?
  if [ "$got" -ne "$wanted" ]; then
    cat out err >&2
    fail "exit status $got instead of $wanted from: $*"
  fi
}

# says FILE TEXT: the file holds the text.
says() { grep -qF -- "$2" "$1" || { cat "$1" >&2; fail "no '$2' in $1"; }; }
silent() { [ ! -s "$1" ] || { cat "$1" >&2; fail "$1 is not empty"; }; }

exists() { for file in "$@"; do [ -e "$file" ] || fail "$file does not exist"; done; }
absent() { for file in "$@"; do [ ! -e "$file" ] || fail "$file exists"; done; }

# A small annotated file, square.c.
write_square() {
  cat > square.c <<'SOURCE'
#include <adgen/adgen.h>

ADGEN(grad)
double square(double x)
{
    return x * x;
}
SOURCE
}
