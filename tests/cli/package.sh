# The installed package: find_package(adgen), adgen_generate, adgen.pc, from a project outside.
. "$SOURCE_DIR/tests/cli/lib.sh"
[ "${SANITIZED:-0}" != 1 ] || { echo "needs a build without sanitizers"; exit 0; }

status 0 cmake --install "$BUILD_DIR" --prefix "$PWD/here"
mv here prefix # an installed tree can be moved
exists prefix/bin/adgen prefix/include/adgen/adgen.h prefix/include/adgen/runtime.h
cp -R "$SOURCE_DIR/tests/cli/package" project

for generator in Ninja 'Unix Makefiles'; do
  case $generator in Ninja) tool=ninja ;; *) tool=make ;; esac
  command -v $tool > /dev/null || continue
  echo '#define SCALE 1.0' > 'project/include folder/scale.h'
  status 0 cmake -S project -B build-$tool -G "$generator" -DCMAKE_PREFIX_PATH="$PWD/prefix" \
    -DCMAKE_C_COMPILER="$CC"
  status 0 cmake --build build-$tool
  status 0 build-$tool/outside
  says out '12 12 12'
  # adgen runs again when a header changes, and only then.
  status 0 cmake --build build-$tool
  ! grep -q Differentiating out || fail "$generator: adgen runs although nothing changed"
  sleep 1
  echo '#define SCALE 10.0' > 'project/include folder/scale.h'
  status 0 cmake --build build-$tool
  says out 'Differentiating into model_grad.c'
  ! grep -q 'more_grad.c' out || fail "$generator: adgen runs for a source that did not change"
  status 0 build-$tool/outside
  says out '120 120 12'
done

# pkg-config, and a compiler line by hand.
if command -v pkg-config > /dev/null; then
  write_square
  prefix/bin/adgen square.c -o square_grad.c
  cat > main.c <<'SOURCE'
#include <adgen/runtime.h>
#include "square_grad.h"
int main(void)
{
    double x_bar = 0;
    square_grad(ad_digamma(1e9) > 0 ? 3 : 0, &x_bar);
    return x_bar == 6 ? 0 : 1;
}
SOURCE
  PKG_CONFIG_PATH=$(dirname "$(find "$PWD/prefix" -name adgen.pc)")
  export PKG_CONFIG_PATH
  # shellcheck disable=SC2046
  "$CC" main.c square_grad.c $(pkg-config --cflags --libs adgen) -o pc
  ./pc
fi
