/* A. The derivatives of a_scalar.c beside their closed forms. */
#include "a_scalar_grad.h"
#include "check.h"

static double derivative(double (*f)(double, double *), double x)
{
    double x_bar = 0;
    f(x, &x_bar);
    return x_bar;
}

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

int main(void)
{
    const double points[] = {-1.3, -0.4, 0.2, 0.7};
    heading("A. Scalar functions");
    for (int i = 0; i < 4; i++) {
        const double x = points[i], p = x * x * x + x + 1, e2 = exp(2 * x);
        double x_bar = 0;
        cubic_grad(x, &x_bar, 2, -3, 0.5, 7);
        check("A1 cubic", x_bar, 6 * x * x - 6 * x + 0.5);
        check("A2 e^(-x/2) sin 2x", derivative(damped_sine_grad, x),
              exp(-x / 2) * (2 * cos(2 * x) - 0.5 * sin(2 * x)));
        x_bar = 0;
        powers_and_log_grad(x + 2, &x_bar, 2, -3, 5);
        check("A3 a x^6 + b x^4 + d ln x", x_bar, 12 * pow(x + 2, 5) - 12 * pow(x + 2, 3) + 5 / (x + 2));
        check("A4 e^(-x) cos(-2x)", derivative(damped_cosine_grad, x),
              exp(-x) * (2 * sin(-2 * x) - cos(-2 * x)));
        check("A5 (x^3 + x + 1)^2", derivative(squared_cubic_grad, x), 2 * p * (3 * x * x + 1));
        check("A6 naive tanh", derivative(naive_tanh_grad, x), 4 * e2 / ((e2 + 1) * (e2 + 1)));
        check("A7 (1 - x) ln(1 - x)", derivative(entropy_term_grad, x), -log(1 - x) - 1);
        check("A8 sigmoid", derivative(sigmoid_grad, x), logistic(x) * (1 - logistic(x)));
        x_bar = 0;
        softplus_grad(x, &x_bar, 3);
        check("A9 softplus", x_bar, logistic(3 * x));
    }
    printf("at x = 400, e^(2x) overflows: the naive form has no derivative there, and adgen says so\n");
    check("A6 naive tanh at 400", derivative(naive_tanh_grad, 400), NAN);
    double x_bar = 0;
    check("A9 softplus at 400, value", softplus_grad(400, &x_bar, 2), 400);
    check("A9 softplus at 400", x_bar, 1);
    return check_failures != 0;
}
