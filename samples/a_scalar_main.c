/* A. The derivatives of a_scalar.c beside their closed forms, in every mode. */
#include "a_scalar_grad.h"
#include "check.h"

/* f' by five modes, f'' by two; the parameters of f behind x follow. */
#define CHECK(what, f, x, first, second, ...)                                     \
    do {                                                                          \
        double bar = 0, seeded = 0, dot_, matrix, bar_dot = 0, curvature;         \
        f##_grad(x, &bar __VA_ARGS__);                                            \
        f##_vjp(x, &seeded __VA_ARGS__, -2);                                      \
        f##_jvp(x, 3 __VA_ARGS__, &dot_);                                         \
        f##_jacobian(x __VA_ARGS__, &matrix);                                     \
        f##_hvp(x, 5, &bar_dot __VA_ARGS__);                                      \
        f##_hessian(x __VA_ARGS__, &curvature);                                   \
        check(what, bar, first);                                                  \
        check(what " (vjp)", seeded / -2, first);                                 \
        check(what " (jvp)", dot_ / 3, first);                                    \
        check(what " (jacobian)", matrix, first);                                 \
        check(what " (divergence)", f##_divergence(x __VA_ARGS__), first);        \
        check(what " (hessian)", curvature, second);                              \
        check(what " (hvp)", bar_dot / 5, second);                                \
    } while (0)

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static void at(double x)
{
    const double p = x * x * x + x + 1, q = 3 * x * x + 1, z = x + 2, t = tanh(x), s = logistic(x), u = logistic(3 * x);
    CHECK("A1 cubic", cubic, x, 6 * x * x - 6 * x + 0.5, 12 * x - 6, , 2, -3, 0.5, 7);
    CHECK("A2 e^(-x/2) sin 2x", damped_sine, x, exp(-x / 2) * (2 * cos(2 * x) - 0.5 * sin(2 * x)),
          exp(-x / 2) * (-3.75 * sin(2 * x) - 2 * cos(2 * x)), );
    CHECK("A3 a x^6 + b x^4 + d ln x", powers_and_log, z, 12 * pow(z, 5) - 12 * pow(z, 3) + 5 / z,
          60 * pow(z, 4) - 36 * z * z - 5 / (z * z), , 2, -3, 5);
    CHECK("A4 e^(-x) cos(-2x)", damped_cosine, x, exp(-x) * (2 * sin(-2 * x) - cos(-2 * x)),
          exp(-x) * (4 * sin(2 * x) - 3 * cos(2 * x)), );
    CHECK("A5 (x^3 + x + 1)^2", squared_cubic, x, 2 * p * q, 2 * q * q + 12 * p * x, );
    CHECK("A6 naive tanh", naive_tanh, x, 4 * exp(2 * x) / pow(exp(2 * x) + 1, 2), -2 * t * (1 - t * t), );
    CHECK("A7 (1 - x) ln(1 - x)", entropy_term, x, -log(1 - x) - 1, 1 / (1 - x), );
    CHECK("A8 sigmoid", sigmoid, x, s * (1 - s), s * (1 - s) * (1 - 2 * s), );
    CHECK("A9 softplus", softplus, x, u, 3 * u * (1 - u), , 3);
}

int main(void)
{
    const double points[] = {-1.3, -0.4, 0.2, 0.7};
    heading("A. Scalar functions");
    for (int i = 0; i < 4; i++)
        at(points[i]);
    printf("at x = 400, e^(2x) overflows: the naive form has no derivative there, and adgen says so\n");
    double x_bar = 0;
    naive_tanh_grad(400, &x_bar);
    check("A6 naive tanh at 400", x_bar, NAN);
    x_bar = 0;
    check("A9 softplus at 400, value", softplus_grad(400, &x_bar, 2), 400);
    check("A9 softplus at 400", x_bar, 1);
    return check_failures != 0;
}
