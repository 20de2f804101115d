/* Prints the generated gradient of the logistic loss beside the closed form. */
#include <math.h>
#include <stdio.h>

#include "demo_grad.h"

enum { N = 6, D = 3 };

static const double X[N][D] = {{0.5, -1.2, 0.3},  {1.5, 0.4, -0.7}, {-0.8, 0.9, 1.1},
                               {-1.4, -0.3, 0.6}, {0.2, 1.7, -0.5}, {0.9, -0.6, -1.3}};
static const double y[N] = {1, 1, -1, -1, 1, -1};
static const double w[D] = {0.3, -0.2, 0.7};
static const double b = 0.1;
static const char *const w_names[D] = {"d/dw0", "d/dw1", "d/dw2"};

/* d/dw = -(1/n) sum of y x / (1 + exp(y (w.x + b))), and d/db the same with 1 for x. */
static void closed_form(double w_bar[D], double *b_bar)
{
    for (int i = 0; i < N; i++) {
        double z = b;
        for (int j = 0; j < D; j++)
            z += X[i][j] * w[j];
        const double slope = -y[i] / (1 + exp(y[i] * z)) / N;
        for (int j = 0; j < D; j++)
            w_bar[j] += slope * X[i][j];
        *b_bar += slope;
    }
}

static double print_row(const char *name, double generated, double expected)
{
    const double error = fabs(generated - expected);
    printf("%-6s %22.17f %22.17f %10.1e\n", name, generated, expected, error);
    return error;
}

int main(void)
{
    double w_bar[D] = {0}, b_bar = 0, w_expected[D] = {0}, b_expected = 0;
    const double loss = logistic_loss_grad(N, D, X, y, w, w_bar, b, &b_bar);
    closed_form(w_expected, &b_expected);

    printf("loss   %22.17f\n\n%-6s %22s %22s %10s\n", loss, "", "generated", "closed form", "difference");
    double worst = print_row("d/db", b_bar, b_expected);
    for (int j = 0; j < D; j++)
        worst = fmax(worst, print_row(w_names[j], w_bar[j], w_expected[j]));
    return worst < 1e-14 ? 0 : 1;
}
