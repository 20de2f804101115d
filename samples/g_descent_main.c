/* G. Gradient descent with generated gradients: the step decides whether it converges. */
#include "check.h"
#include "g_descent_grad.h"

static double step(double w, double alpha)
{
    double w_bar = 0;
    squared_error_grad(w, &w_bar, 1, 100);
    return w - alpha * w_bar;
}

static void descend(double alpha, const double *expected, int steps)
{
    double w = 0;
    printf("alpha = %g\n", alpha);
    for (int i = 0; i <= steps; i++) {
        check("w", w, expected[i]);
        w = step(w, alpha);
    }
}

/* (w x - y) x, and x^2 */
static void other_modes(double w, double x, double y)
{
    const double first = (w * x - y) * x;
    double w_bar = 0, tangent, J, bar_dot = 0, H;
    squared_error_vjp(w, &w_bar, x, y, -2);
    squared_error_jvp(w, 3, x, y, &tangent);
    squared_error_jacobian(w, x, y, &J);
    squared_error_hvp(w, 5, &bar_dot, x, y);
    squared_error_hessian(w, x, y, &H);
    check("vjp", w_bar, -2 * first);
    check("jvp", tangent, 3 * first);
    check("jacobian", J, first);
    check("hvp", bar_dot, 5 * x * x);
    check("hessian", H, x * x);
}

int main(void)
{
    heading("G. Descent");
    descend(0.5, (const double[]){0, 50, 75, 87.5, 93.75}, 4);
    descend(1.5, (const double[]){0, 150, 75, 112.5, 93.75, 103.125}, 5);
    descend(2.5, (const double[]){0, 250, -125, 437.5, -406.25}, 4);
    descend(2, (const double[]){0, 200, 0, 200}, 3);
    descend(0, (const double[]){0, 0, 0}, 2);
    other_modes(0.7, -1.5, 4);
    return check_failures != 0;
}
