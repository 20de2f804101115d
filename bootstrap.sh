#!/bin/sh
# Sets up what adgen needs, builds it, and shows or tests it.
#
#   ./bootstrap.sh demo    differentiates a sample and runs its gradient beside the closed form
#   ./bootstrap.sh test    runs the whole test suite, plain and under sanitizers
#   ./bootstrap.sh deps    only installs what is missing for both
#
# On Debian and Ubuntu what is missing is installed with apt, as root or with sudo; on another system it
# is listed, and nothing is done.
set -eu

root=$(cd "$(dirname "$0")" && pwd)
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

say() { printf '\n== %s\n' "$*"; }
die() { printf 'bootstrap.sh: %s\n' "$*" >&2; exit 1; }

# ---- what is needed, and whether it is there ----

has_compiler() { command -v cc && printf '#include <stdio.h>\nint main(void) { return 0; }\n' | cc -xc - -o /dev/null; }
has_header() { printf '#include <stddef.h>\n#include <stdarg.h>\n#include <setjmp.h>\n#include <stdint.h>\n#include <%s>\n' "$1" | cc -E -xc - -o /dev/null; }
has_cmake() {
  version=$(cmake --version | sed -n 's/^cmake version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
  [ -n "$version" ] || return 1
  # shellcheck disable=SC2086
  set -- $version
  [ "$1" -gt 3 ] || { [ "$1" -eq 3 ] && [ "$2" -ge 25 ]; }
}
has_generator() { command -v ninja || command -v make; }
has_libclang() {
  for headers in /usr/lib/clang/* /usr/lib64/clang/* /usr/lib/llvm-*/lib/clang/* /opt/homebrew/opt/llvm/lib/clang/*; do
    major=${headers##*/}; major=${major%%.*}
    case $headers in
      /usr/lib/llvm-*) prefix=${headers%/lib/clang/*} ;;
      /opt/*) prefix=/opt/homebrew/opt/llvm ;;
      *) prefix=/usr ;;
    esac
    [ -d "$headers" ] && [ "$major" -ge 17 ] && [ -e "$prefix/include/clang-c/Index.h" ] && return 0
  done
  return 1
}
has_clang() { command -v clang || [ -n "$(find /usr/bin -name 'clang-[0-9]*')" ]; }

# The name of what is missing, one per line, for the task ($1: demo or test).
list_missing() {
  has_compiler > /dev/null 2>&1 || echo compiler
  has_cmake > /dev/null 2>&1 || echo cmake
  has_generator > /dev/null 2>&1 || echo ninja
  has_libclang > /dev/null 2>&1 || echo libclang
  has_header uthash.h > /dev/null 2>&1 || echo uthash
  [ "$1" = test ] || return 0
  has_header cmocka.h > /dev/null 2>&1 || echo cmocka
  has_header mpfr.h > /dev/null 2>&1 || echo mpfr
  has_clang > /dev/null 2>&1 || echo clang
  has_header cblas.h > /dev/null 2>&1 || echo blas
  has_header lapacke.h > /dev/null 2>&1 || echo lapacke
}

# ---- installing ----

# The newest packaged clang from 17 on, preferring the one adgen is developed with.
debian_clang_version() {
  for version in 19 20 21 18 17; do
    if apt-cache show "libclang-$version-dev" > /dev/null 2>&1; then
      echo "$version"
      return 0
    fi
  done
  die "this system packages no libclang from version 17 on"
}

debian_packages() {
  for name in "$@"; do
    case $name in
      compiler) echo gcc libc6-dev ;;
      cmake) echo cmake ;;
      ninja) echo ninja-build ;;
      libclang) echo "libclang-$(debian_clang_version)-dev" ;;
      uthash) echo uthash-dev ;;
      cmocka) echo libcmocka-dev ;;
      blas) echo libopenblas-dev ;;
      lapacke) echo liblapacke-dev ;;
      mpfr) echo libmpfr-dev ;;
      clang) echo "clang-$(debian_clang_version) libclang-rt-$(debian_clang_version)-dev" ;;
    esac
  done
}

describe() {
  case $1 in
    compiler) echo "a C compiler called cc           (Fedora: gcc, Arch: gcc, macOS: xcode-select --install)" ;;
    cmake) echo "CMake 3.25 or newer              (Fedora: cmake, Arch: cmake, Homebrew: cmake)" ;;
    ninja) echo "Ninja or make                    (Fedora: ninja-build, Arch: ninja, Homebrew: ninja)" ;;
    libclang) echo "libclang 17 or newer, with headers (Fedora: clang-devel, Arch: clang, Homebrew: llvm)" ;;
    uthash) echo "uthash                           (Fedora: uthash-devel, Arch: uthash, Homebrew: uthash)" ;;
    mpfr) echo "MPFR                             (Fedora: mpfr-devel, Arch: mpfr, Homebrew: mpfr)" ;;
    cmocka) echo "cmocka                           (Fedora: libcmocka-devel, Arch: cmocka, Homebrew: cmocka)" ;;
    clang) echo "clang, to compile generated code (Fedora: clang, Arch: clang)" ;;
    blas) echo "OpenBLAS, to test calls of CBLAS  (Fedora: openblas-devel, Arch: openblas, Homebrew: openblas)" ;;
    lapacke) echo "LAPACKE, to test calls of it      (Fedora: lapack-devel, Arch: lapacke, Homebrew: lapack)" ;;
  esac
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

install_missing() {
  missing=$(list_missing "$1")
  [ -n "$missing" ] || return 0
  if ! command -v apt-get > /dev/null 2>&1; then
    printf 'bootstrap.sh: missing on this system:\n' >&2
    for name in $missing; do printf '  %s\n' "$(describe "$name")" >&2; done
    exit 1
  fi
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo > /dev/null 2>&1; then
    # shellcheck disable=SC2046,SC2086
    die "to be installed as root: apt-get install" $(debian_packages $missing)
  fi
  as_root apt-get update -q || die "apt-get update failed; is there a network?"
  # shellcheck disable=SC2086
  packages=$(debian_packages $missing)
  # shellcheck disable=SC2086
  say "Installing" $packages
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages
  still=$(list_missing "$1")
  [ -z "$still" ] || die "still missing after the installation:" "$still"
}

# ---- building ----

# configure PRESET OPTION...: in build/PRESET, with Ninja where there is one.
configure() {
  preset=$1; shift
  if [ ! -e "$root/build/$preset/CMakeCache.txt" ] && command -v ninja > /dev/null 2>&1; then
    set -- -G Ninja "$@"
  fi
  (cd "$root" && cmake --preset "$preset" "$@")
}

build() {
  preset=$1; shift
  cmake --build "$root/build/$preset" --parallel "$jobs" "$@"
}

# ---- the commands ----

demo() {
  install_missing demo
  say "Building adgen"
  configure release -DADGEN_BUILD_TESTS=OFF -DADGEN_BUILD_SAMPLES=OFF > /dev/null
  build release --target adgen adgen_runtime
  out=$root/build/demo
  mkdir -p "$out"
  say "adgen samples/demo.c -o build/demo/demo_grad.c"
  "$root/build/release/bin/adgen" "$root/samples/demo.c" -o "$out/demo_grad.c"
  cat "$out/demo_grad.c"
  say "cc -O2 samples/demo_main.c samples/demo.c build/demo/demo_grad.c -ladgen -lm"
  library=$(find "$root/build/release" -name libadgen.a)
  cc -std=c11 -O2 -I"$root/runtime/include" -I"$out" "$root/samples/demo_main.c" \
     "$root/samples/demo.c" "$out/demo_grad.c" "$library" -lm -o "$out/demo"
  say "build/demo/demo"
  "$out/demo"
}

run_tests() {
  install_missing test
  for preset in dev debug; do
    say "Building: $preset"
    configure "$preset" > /dev/null
    build "$preset"
  done
  status=0
  for preset in dev debug; do
    say "Tests: $preset"
    (cd "$root" && ctest --preset "$preset" -j "$jobs") || status=1
  done
  return $status
}

case ${1-} in
  demo) demo ;;
  test) run_tests ;;
  deps) install_missing test ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
