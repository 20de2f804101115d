#!/bin/sh
# The exercises by loops, by helpers and by CBLAS: exercises.sh ADGEN SOURCE-DIR RUNTIME.a WORK LIBRARY...
# The derivatives agree, and those of calls are calls: they have no loops.
set -eu
adgen=$1 root=$2 runtime=$3 work=$4
shift 4
here=$root/tests/linalg include=$root/runtime/include
flags="-std=c11 -Wall -Wextra -pedantic -Werror -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all"
rm -rf "$work"
mkdir -p "$work"
sed -e 's/ h_/ c_/; s/<adgen\/linalg.h>/<adgen\/linalg.h>\n#include <cblas.h>/' \
    -e 's/ad_\(gem[mv]\)(/cblas_d\1(CblasRowMajor, /; s/ad_\(dot\|copy\|nrm2\|axpy\)(/cblas_d\1(/g' \
    -e 's/AD_NO_TRANS/CblasNoTrans/g; s/AD_TRANS/CblasTrans/g' "$here/exercises.c" > "$work/exercises_cblas.c"
for source in "$root/samples/b_vectors.c" "$root/samples/f_deep.c" "$here/exercises.c" "$work/exercises_cblas.c"; do
    "$adgen" -w -I"$include" "$source" -o "$work/$(basename "$source" .c)_grad.c"
done
for file in exercises exercises_cblas; do
    ! grep -n '^ *for\|^ *while' "$work/${file}_grad.c" || { echo "$file has loops"; exit 1; }
done
! grep 'ad_gem\|ad_ger(\|ad_dot(\|ad_axpy(\|ad_copy(' "$work/exercises_cblas_grad.c" || { echo "not CBLAS"; exit 1; }
${CC:-cc} $flags -I"$include" -I"$work" "$work"/*_grad.c "$root/samples/b_vectors.c" "$root/samples/f_deep.c" \
    "$here/exercises_main.c" "$runtime" "$@" -lm -o "$work/run"
"$work/run"
