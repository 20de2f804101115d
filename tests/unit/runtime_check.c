/* The checks of derivatives: what is right passes, what is wrong is named, kinks are kinks. */
#include "unit.h"

#include <math.h>

#include <adgen/check.h>

/* Runs `check` with its table in memory; *text is that table, to be freed. */
typedef int Check(const AdCheckOptions *options);

static int run(Check *check, AdCheckOptions options, char **text)
{
    size_t size;
    options.output = open_memstream(text, &size);
    const int reported = check(&options);
    fclose(options.output);
    return reported;
}

/* ---- a smooth function of very different sizes ---- */

enum { N = 4 };
static const double point[N] = {0.7, -1e-8, 3e5, 2.5};

static double smooth(void *context, const double *x)
{
    (void)context;
    return sin(x[0]) * x[3] + exp(x[1]) + x[2] * x[2] * 1e-6 + log(x[3]);
}

static void smooth_gradient(void *context, const double *x, double *x_bar)
{
    (void)context;
    x_bar[0] += cos(x[0]) * x[3];
    x_bar[1] += exp(x[1]);
    x_bar[2] += 2e-6 * x[2];
    x_bar[3] += sin(x[0]) + 1 / x[3];
}

static void wrong_gradient(void *context, const double *x, double *x_bar)
{
    smooth_gradient(context, x, x_bar);
    x_bar[1] += *(const double *)context;
    x_bar[3] *= -1;
}

static int check_smooth(const AdCheckOptions *options)
{
    return ad_check_gradient("smooth", N, point, smooth, smooth_gradient, NULL, options);
}

static int check_wrong(const AdCheckOptions *options)
{
    double slip = 1e-4;
    return ad_check_gradient("wrong", N, point, smooth, wrong_gradient, &slip, options);
}

static int check_tolerant(const AdCheckOptions *options)
{
    double slip = 1e-4;
    AdCheckOptions more = *options;
    more.tolerance = 1e-3;
    return ad_check_gradient("tolerant", N, point, smooth, wrong_gradient, &slip, &more);
}

static void right_gradients_pass_and_print_nothing(void **state)
{
    (void)state;
    char *text;
    assert_int_equal(run(check_smooth, (AdCheckOptions){0}, &text), 0);
    assert_string_equal(text, "");
    free(text);
    assert_int_equal(run(check_smooth, (AdCheckOptions){.print_all = 1}, &text), 0);
    assert_non_null(strstr(text, "     3"));
    assert_null(strstr(text, "differs"));
    free(text);
}

static void wrong_components_are_named(void **state)
{
    (void)state;
    char *text;
    assert_int_equal(run(check_wrong, (AdCheckOptions){0}, &text), 2);
    assert_non_null(strstr(text, "wrong\n"));
    assert_non_null(strstr(text, "\n     1 "));
    assert_non_null(strstr(text, "\n     3 "));
    assert_null(strstr(text, "\n     0 "));
    assert_null(strstr(text, "\n     2 "));
    free(text);
    assert_int_equal(run(check_tolerant, (AdCheckOptions){0}, &text), 1);
    free(text);
}

/* ---- kinks, borders, no numbers ---- */

static double kinked(void *context, const double *x)
{
    (void)context;
    return fabs(x[0]) + x[1] * x[1];
}

static void kinked_gradient(void *context, const double *x, double *x_bar)
{
    (void)context;
    x_bar[0] += (x[0] > 0) - (x[0] < 0);
    x_bar[1] += 2 * x[1];
}

static int check_kink(const AdCheckOptions *options)
{
    const double x[2] = {0, 3};
    return ad_check_gradient("kink", 2, x, kinked, kinked_gradient, NULL, options);
}

static void kinks_are_reported(void **state)
{
    (void)state;
    char *text;
    assert_int_equal(run(check_kink, (AdCheckOptions){0}, &text), 1);
    assert_non_null(strstr(text, "a kink"));
    free(text);
}

static double bordered(void *context, const double *x)
{
    (void)context;
    return sqrt(x[0]);
}

static void bordered_gradient(void *context, const double *x, double *x_bar)
{
    (void)context;
    x_bar[0] += 0.5 / sqrt(x[0]);
}

static int check_border(const AdCheckOptions *options)
{
    const double x = 1e-3;
    return ad_check_gradient("border", 1, &x, bordered, bordered_gradient, NULL, options);
}

static int check_outside(const AdCheckOptions *options)
{
    const double x = -1;
    return ad_check_gradient("outside", 1, &x, bordered, bordered_gradient, NULL, options);
}

static void steps_shrink_at_a_border(void **state)
{
    (void)state;
    char *text;
    assert_int_equal(run(check_border, (AdCheckOptions){0}, &text), 0);
    free(text);
    assert_int_equal(run(check_outside, (AdCheckOptions){0}, &text), 0); /* NaN on both sides */
    free(text);
}

static void nan_is_no_agreement(void **state)
{
    (void)state;
    char *text;
    size_t size;
    double slip = NAN;
    AdCheckOptions options = {.output = open_memstream(&text, &size)};
    assert_int_equal(ad_check_gradient("nan", N, point, smooth, wrong_gradient, &slip, &options), 2);
    fclose(options.output);
    free(text);
}

/* ---- forward and reverse: y = (x0 x1, sin x2, x0 + x2) ---- */

static void forward(void *context, const double *x, const double *x_dot, double *y_dot)
{
    (void)context;
    y_dot[0] = x_dot[0] * x[1] + x[0] * x_dot[1];
    y_dot[1] = cos(x[2]) * x_dot[2];
    y_dot[2] = x_dot[0] + x_dot[2];
}

static void reverse(void *context, const double *x, double *x_bar, double *y_bar)
{
    const double slip = context ? 1 + *(const double *)context : 1;
    x_bar[0] += x[1] * y_bar[0] + y_bar[2];
    x_bar[1] += x[0] * y_bar[0];
    x_bar[2] += cos(x[2]) * y_bar[1] * slip + y_bar[2];
    for (int i = 0; i < 3; i++)
        y_bar[i] = 0;
}

static int check_pair(const AdCheckOptions *options)
{
    return ad_check_dot_product("pair", 3, 3, point + 1, forward, reverse, NULL, options);
}

static int check_slip(const AdCheckOptions *options)
{
    double slip = 1e-8;
    const double x[3] = {1, 2, 3};
    return ad_check_dot_product("slip", 3, 3, x, forward, reverse, &slip, options);
}

static void forward_and_reverse_agree(void **state)
{
    (void)state;
    char *text;
    assert_int_equal(run(check_pair, (AdCheckOptions){0}, &text), 0);
    assert_string_equal(text, "");
    free(text);
}

static void where_they_differ_is_named(void **state)
{
    (void)state;
    char *text;
    assert_int_equal(run(check_slip, (AdCheckOptions){0}, &text), 1);
    assert_non_null(strstr(text, "\n     2 "));
    free(text);
}

static void two_gradients_are_compared(void **state)
{
    (void)state;
    char *text;
    size_t size;
    double slip = 1e-9;
    AdCheckOptions options = {.output = open_memstream(&text, &size)};
    assert_int_equal(ad_check_gradients_agree("same", N, point, smooth_gradient, smooth_gradient,
                                              &slip, &options), 0);
    assert_int_equal(ad_check_gradients_agree("other", N, point, smooth_gradient, wrong_gradient,
                                              &slip, &options), 2);
    fclose(options.output);
    assert_non_null(strstr(text, "\n     1 "));
    free(text);
}

static double constant(void *context, const double *x)
{
    (void)context, (void)x;
    return 1;
}

static void no_gradient(void *context, const double *x, double *x_bar)
{
    (void)context, (void)x, (void)x_bar;
}

static void no_component_no_report(void **state)
{
    (void)state;
    assert_int_equal(ad_check_gradient("none", 0, NULL, constant, no_gradient, NULL, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_gradients_pass_and_print_nothing),
        cmocka_unit_test(wrong_components_are_named),
        cmocka_unit_test(kinks_are_reported),
        cmocka_unit_test(steps_shrink_at_a_border),
        cmocka_unit_test(nan_is_no_agreement),
        cmocka_unit_test(forward_and_reverse_agree),
        cmocka_unit_test(where_they_differ_is_named),
        cmocka_unit_test(two_gradients_are_compared),
        cmocka_unit_test(no_component_no_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
