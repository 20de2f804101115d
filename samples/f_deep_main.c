/* F. The gradients of a deep network: the closed form, the generated reverse sweep, a stored table of
 * another tool, and the generated tangents, on random data. */
#include <string.h>

#include "check.h"
#include "f_deep_grad.h"

enum { N = 2, H = 3, M = 2 };

/* The gradient in W1, W2, W3, row by row, on the data that fill_random gives first: from central
 * differences (step 1e-18) in 60-digit arithmetic, computed with mpmath. */
static const double table[H * N + H * H + M * H] = {
    0, 0, 0.047044381049174577, 0.012772703195991875, 0, 0, 0, 0.031645628862354606, 0, 0,
    -0.023432518939378651, 0, 0, 0, 0, -0.0051952061033237419, -0.044386316280160786, 0,
    -0.0008332294513788798, -0.0071188679000023757, 0};

static void compare_with_table(const double *gradient, int n, int first)
{
    for (int i = 0; i < n; i++)
        check("gradient against the table", gradient[i], table[first + i]);
}

/* In W3 alone the loss is a sum of squares: delta_ik V4_j V4_l; and the Hessian times a vector is what its rows say. */
static void second(double W1[H][N], double W2[H][H], double W3[M][H], const double x[N], const double y[M], const double V4[H])
{
    enum { FIRST = H * N + H * H, SIZE = FIRST + M * H };
    double whole[SIZE * SIZE], h[SIZE], product[SIZE] = {0};
    deep_loss_hessian(N, H, M, W1, W2, W3, x, y, whole);
    for (int i = 0; i < M * H; i++)
        for (int k = 0; k < M * H; k++)
            check("Hessian in W3", whole[(FIRST + i) * SIZE + FIRST + k], i / H == k / H ? V4[i % H] * V4[k % H] : 0);
    fill_random(SIZE, h);
    deep_loss_hvp(N, H, M, W1, (void *)h, (void *)product, W2, (void *)(h + H * N), (void *)(product + H * N), W3,
                  (void *)(h + FIRST), (void *)(product + FIRST), x, y);
    for (int i = 0; i < SIZE; i++)
        check("Hessian times vector", product[i], dot(SIZE, &whole[i * SIZE], h));
}

int main(void)
{
    double W1[H][N], W2[H][H], W3[M][H], x[N], y[M];
    fill_random(H * N, &W1[0][0]);
    fill_random(H * H, &W2[0][0]);
    fill_random(M * H, &W3[0][0]);
    fill_random(N, x);
    fill_random(M, y);
    double V1[H] = {0}, V2[H], V3[H] = {0}, V4[H], D[M], back2[H], back1[H];
    for (int i = 0; i < H; i++) {
        V1[i] = dot(N, W1[i], x);
        V2[i] = V1[i] > 0 ? V1[i] : 0;
    }
    for (int i = 0; i < H; i++) {
        V3[i] = dot(H, W2[i], V2);
        V4[i] = V3[i] > 0 ? V3[i] : 0;
    }
    for (int i = 0; i < M; i++)
        D[i] = y[i] - dot(H, W3[i], V4);
    for (int j = 0; j < H; j++) {
        back2[j] = 0;
        for (int i = 0; i < M; i++)
            back2[j] += V3[j] > 0 ? W3[i][j] * D[i] : 0;
    }
    for (int j = 0; j < H; j++) {
        back1[j] = 0;
        for (int i = 0; i < H; i++)
            back1[j] += V1[j] > 0 ? W2[i][j] * back2[i] : 0;
    }
    double W1_bar[H][N] = {{0}}, W2_bar[H][H] = {{0}}, W3_bar[M][H] = {{0}};
    heading("F. A deep network");
    check("loss", deep_loss_grad(N, H, M, W1, W1_bar, W2, W2_bar, W3, W3_bar, x, y),
          0.5 * dot(M, D, D));
    for (int i = 0; i < H; i++)
        for (int j = 0; j < N; j++)
            check("gradient in W1", W1_bar[i][j], -back1[i] * x[j]);
    for (int i = 0; i < H; i++)
        for (int j = 0; j < H; j++)
            check("gradient in W2", W2_bar[i][j], -back2[i] * V2[j]);
    for (int i = 0; i < M; i++)
        for (int j = 0; j < H; j++)
            check("gradient in W3", W3_bar[i][j], -D[i] * V4[j]);
    compare_with_table(&W1_bar[0][0], H * N, 0);
    compare_with_table(&W2_bar[0][0], H * H, H * N);
    compare_with_table(&W3_bar[0][0], M * H, H * N + H * H);
    double W1_dot[H][N], W2_dot[H][H], W3_dot[M][H], tangent;
    fill_random(H * N, &W1_dot[0][0]);
    fill_random(H * H, &W2_dot[0][0]);
    fill_random(M * H, &W3_dot[0][0]);
    deep_loss_jvp(N, H, M, W1, W1_dot, W2, W2_dot, W3, W3_dot, x, y, &tangent);
    check("tangent against gradient", tangent,
          dot(H * N, &W1_bar[0][0], &W1_dot[0][0]) + dot(H * H, &W2_bar[0][0], &W2_dot[0][0]) +
              dot(M * H, &W3_bar[0][0], &W3_dot[0][0]));
    double J[H * N + H * H + M * H], W1_seeded[H][N] = {{0}}, W2_seeded[H][H] = {{0}}, W3_seeded[M][H] = {{0}};
    deep_loss_jacobian(N, H, M, W1, W2, W3, x, y, J);
    deep_loss_vjp(N, H, M, W1, W1_seeded, W2, W2_seeded, W3, W3_seeded, x, y, 2);
    compare_with_table(J, H * N + H * H + M * H, 0);
    for (int i = 0; i < M * H; i++)
        check("gradient in W3 (vjp)", W3_seeded[i / H][i % H], 2 * W3_bar[i / H][i % H]);
    for (int i = 0; i < H * H; i++)
        check("gradient in W2 (vjp)", W2_seeded[i / H][i % H], 2 * W2_bar[i / H][i % H]);
    for (int i = 0; i < H * N; i++)
        check("gradient in W1 (vjp)", W1_seeded[i / N][i % N], 2 * W1_bar[i / N][i % N]);
    second(W1, W2, W3, x, y, V4);
    return check_failures != 0;
}
