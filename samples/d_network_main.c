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

/* All columns at once: P_dot and Q_dot together are the unit matrix. */
static void directions(void)
{
    double P_dot[6][12] = {{0}}, Q_dot[6][12] = {{0}}, S[2], S_dot[2][12];
    for (int k = 0; k < 6; k++)
        P_dot[k][k] = Q_dot[k][k + 6] = 1;
    network_jvp12(P, P_dot, Q, Q_dot, E, S, S_dot);
    for (int k = 0; k < 12; k++) {
        check("Jacobian (12 directions)", S_dot[0][k], row[k]);
        check("Jacobian (12 directions)", S_dot[1][k], -row[k]);
    }
}

/* The softmax loss in the logits has the Hessian diag(S) - S S^T; where the ReLUs stand, the network is linear in P, and in Q. In
 * Q alone: z = Q r with r = R(P E) = (2, 1, 0), turned off the third, so it is (diag(S) - S S^T) (x) r r^T. */
static void second(void)
{
    const double relu[3] = {2, 1, 0}, h[12] = {0.5, -1, 2, 0.25, 1, -3, 0.75, -0.5, 1.5, 2, -1, 0.3};
    double H[144], P_bar[3][2] = {{0}}, Q_bar[2][3] = {{0}}, P_bar_dot[3][2] = {{0}}, Q_bar_dot[2][3] = {{0}}, J[12], tangent;
    loss_hessian(P, Q, E, H);
    for (int i = 0; i < 6; i++)
        for (int k = 0; k < 6; k++)
            check("Hessian in Q", H[(i + 6) * 12 + k + 6], (i / 3 == k / 3 ? 0.25 : -0.25) * relu[i % 3] * relu[k % 3]);
    double P_dot[3][2], Q_dot[2][3];
    for (int k = 0; k < 6; k++)
        P_dot[k / 2][k % 2] = h[k], Q_dot[k / 3][k % 3] = h[k + 6];
    loss_hvp(P, P_dot, P_bar_dot, Q, Q_dot, Q_bar_dot, E);
    loss_vjp(P, P_bar, Q, Q_bar, E, -2);
    loss_jvp(P, P_dot, Q, Q_dot, E, &tangent);
    loss_jacobian(P, Q, E, J);
    double along = 0;
    for (int i = 0; i < 12; i++) {
        double product = 0;
        for (int k = 0; k < 12; k++) {
            product += H[i * 12 + k] * h[k];
            check("symmetric", H[i * 12 + k] - H[k * 12 + i], 0);
        }
        along += gradient[i] * h[i];
        check("Hessian times vector", i < 6 ? P_bar_dot[i / 2][i % 2] : Q_bar_dot[(i - 6) / 3][(i - 6) % 3], product);
        check("gradient (vjp)", i < 6 ? P_bar[i / 2][i % 2] : Q_bar[(i - 6) / 3][(i - 6) % 3], -2 * gradient[i]);
        check("gradient (jacobian)", J[i], gradient[i]);
    }
    check("tangent", tangent, along);
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
    directions();
    second();
    double P_bar[3][2] = {{0}}, Q_bar[2][3] = {{0}};
    check("-ln f1", loss_grad(P, P_bar, Q, Q_bar, E), log(2));
    for (int k = 0; k < 12; k++)
        check("gradient of -ln f1", k < 6 ? P_bar[k / 2][k % 2] : Q_bar[(k - 6) / 3][(k - 6) % 3],
              gradient[k]);
    return check_failures != 0;
}
