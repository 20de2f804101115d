/* <adgen/linalg.h> against its definitions: random sizes with 0 and 1 among them, leading dimensions larger than
 * the width, increments of every kind, both precisions. */
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <adgen/linalg.h>

static unsigned long long seed = 88172645463325252ull;

/* xorshift64 (Marsaglia 2003), in (-1, 1). */
static double uniform(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (double)(seed >> 11) / 4503599627370496.0 - 1;
}

static int below(int n)
{
    return (int)((uniform() + 1) / 2 * n);
}

#define REAL double
#define EPS DBL_EPSILON
#define BIG 0x1p1000
#define FN(name) ad_##name
#define T(name) name##_d
#include "linalg_cases.inl"
#undef REAL
#undef EPS
#undef BIG
#undef FN
#undef T

#define REAL float
#define EPS FLT_EPSILON
#define BIG 0x1p120f
#define FN(name) ad_##name##f
#define T(name) name##_s
#include "linalg_cases.inl"

/* ---- wrong arguments ---- */

static void wide(void)
{
    double a[4] = {0}, x[4] = {0}, y[4] = {0};
    ad_gemv(AD_NO_TRANS, 2, 2, 1, a, 1, x, 1, 0, y, 1);
}

static void negative(void)
{
    ad_scalf(-1, 1, NULL, 1);
}

static void standing(void)
{
    double x[4] = {0};
    ad_dot(2, x, 0, x, 1);
}

/* What the call, in a process of its own, says on standard error before it aborts. */
static void assert_reports(void call(void), const char *message)
{
    int ends[2];
    char text[200] = "";
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        call();
        _exit(0);
    }
    close(ends[1]);
    size_t length = 0;
    for (ssize_t n; length < sizeof text - 1 &&
                    (n = read(ends[0], text + length, sizeof text - 1 - length)) > 0;)
        length += (size_t)n;
    int status;
    waitpid(child, &status, 0);
    close(ends[0]);
    assert_string_equal(text, message);
    assert_true(WIFSIGNALED(status));
}

static void wrong_arguments_are_reported(void **state)
{
    (void)state;
#ifdef NDEBUG
    skip();
#endif
    assert_reports(wide, "adgen: ad_gemv: lda is less than the width of the matrix\n");
    assert_reports(negative, "adgen: ad_scal: n is negative\n");
    assert_reports(standing, "adgen: ad_dot: incx is 0\n");
}

#define BOTH(name) cmocka_unit_test(name##_d), cmocka_unit_test(name##_s)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(vectors),      BOTH(norms_do_not_overflow), BOTH(gemm),
        BOTH(gemm_in_blocks),
        BOTH(gemv_and_ger), BOTH(symmetric),             BOTH(triangular),
        BOTH(triangular_vectors), BOTH(triangles_of_products), BOTH(cholesky),
        BOTH(lu),           BOTH(determinants),          BOTH(activations),
        BOTH(softmax_of_large_numbers), BOTH(entropy_and_layers), BOTH(convolution),
        cmocka_unit_test(wrong_arguments_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
