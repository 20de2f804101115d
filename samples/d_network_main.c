/* D. The network's Jacobian, row by row and column by column, and the gradient of -ln f1. */
#include "check.h"
#include "d_network_grad.h"

static double P[3][2] = {{3, 1}, {1, 0}, {-1, 2}}, Q[2][3] = {{1, -1, 3}, {-2, 5, 4}};
static const double E[2] = {1, -1};
static const double row[12] = {0.75, -0.75, -1.5, 1.5, 0, 0, 0.5, 0.25, 0, -0.5, -0.25, 0};
static const double gradient[12] = {-1.5, 1.5, 3, -3, 0, 0, -1, -0.5, 0, 1, 0.5, 0};

static void rows(void)
{
    for (int i = 0; i < 2; i++) {
        double P_bar[3][2] = {{0}}, Q_bar[2][3] = {{0}}, S[2], S_bar[2] = {i == 0, i == 1};
        network_vjp(P, P_bar, Q, Q_bar, E, S, S_bar);
        check("S", S[i], 0.5);
        for (int k = 0; k < 12; k++) {
            const double got = k < 6 ? P_bar[k / 2][k % 2] : Q_bar[(k - 6) / 3][(k - 6) % 3];
            check(i ? "Jacobian row 2 (vjp)" : "Jacobian row 1 (vjp)", got, i ? -row[k] : row[k]);
        }
    }
}

static void columns(void)
{
    for (int k = 0; k < 12; k++) {
        double P_dot[3][2] = {{0}}, Q_dot[2][3] = {{0}}, S[2], S_dot[2];
        if (k < 6)
            P_dot[k / 2][k % 2] = 1;
        else
            Q_dot[(k - 6) / 3][(k - 6) % 3] = 1;
        network_jvp(P, P_dot, Q, Q_dot, E, S, S_dot);
        check("Jacobian column (jvp)", S_dot[0], row[k]);
        check("Jacobian column (jvp)", S_dot[1], -row[k]);
    }
}

static void whole(void)
{
    double S[2], jacobian[24];
    network_jacobian(P, Q, E, S, jacobian);
    for (int k = 0; k < 24; k++)
        check("Jacobian", jacobian[k], k < 12 ? row[k] : -row[k - 12]);
}

int main(void)
{
    heading("D. A small network");
    rows();
    columns();
    whole();
    double P_bar[3][2] = {{0}}, Q_bar[2][3] = {{0}};
    check("-ln f1", loss_grad(P, P_bar, Q, Q_bar, E), log(2));
    for (int k = 0; k < 12; k++)
        check("gradient of -ln f1", k < 6 ? P_bar[k / 2][k % 2] : Q_bar[(k - 6) / 3][(k - 6) % 3],
              gradient[k]);
    return check_failures != 0;
}
