/* Matrix code by the helpers of <adgen/linalg.h>: what is overwritten, aliased, in loops, in branches, on the heap.
 *
 * DIRECTIONS 3
 * CHECK product_of_six 16 4 -1 1
 * CHECK powers_in_two_buffers 4 1 -1 1
 * CHECK choice_of_calls 6 3 0.2 1
 * CHECK all_transposes 12 2 -1 1
 * CHECK operands_that_are_one 4 3 0.1 1
 * CHECK gauss 12 2 -0.5 0.5
 * CHECK solve_by_lu 9 6 -0.5 0.5
 * CHECK layers 14 1 -1 1
 * CHECK network_of_all 14 1 0.1 1
 * CHECK likelihood 12 1 -0.5 0.5
 * CHECK ridge 9 1 -0.5 0.5
 * CHECK lu_in_one 9 1 -0.5 0.5
 * CHECK classify 14 1 -1 1
 * CHECK in_place 5 1 -1 1
 * CHECK scratch_read_by_call_behind 3 1 -1 1
 * CHECK scratch_read_by_call_before 3 1 -1 1
 * CHECK scratch_of_calls_only 3 1 -1 1 */
#include <stdlib.h>
#include <string.h>

#include <adgen/adgen.h>
#include <adgen/linalg.h>

#define N AD_NO_TRANS
#define T AD_TRANS

/* y = C X B X^T A X, all 2 x 2: x holds X, A, B, C */
ADGEN(vjp)
ADGEN(jvp)
void product_of_six(const double x[16], double y[4])
{
    double p[4], q[4], r[4], s[4];
    ad_gemm(N, N, 2, 2, 2, 1, x + 12, 2, x, 2, 0, p, 2);
    ad_gemm(N, N, 2, 2, 2, 1, p, 2, x + 8, 2, 0, q, 2);
    ad_gemm(N, T, 2, 2, 2, 1, q, 2, x, 2, 0, r, 2);
    ad_gemm(N, N, 2, 2, 2, 1, r, 2, x + 4, 2, 0, s, 2);
    ad_gemm(N, N, 2, 2, 2, 1, s, 2, x, 2, 0, y, 2);
}

/* Two buffers, used in turn: what they held is kept. */
ADGEN(vjp)
ADGEN(jvp)
void powers_in_two_buffers(const double x[4], double y[1])
{
    double p[4], q[4];
    memcpy(p, x, sizeof p);
    for (int k = 0; k < 3; k++) {
        ad_gemm(N, T, 2, 2, 2, 0.5, p, 2, p, 2, 0, q, 2);
        ad_axpy(4, 1, x, 1, q, 1);
        memcpy(p, q, sizeof p);
    }
    y[0] = ad_dot(4, p, 1, p, 1) + ad_sum(4, q, 1);
}

/* Every branch overwrites its own operand. */
ADGEN(vjp)
ADGEN(jvp)
void choice_of_calls(const double x[6], double y[3])
{
    double a[6];
    memcpy(a, x, sizeof a);
    for (int k = 0; k < 4; k++) {
        if (k % 2) {
            ad_ger(2, 3, a[1] > 5 ? 1 : 0.3, x, 3, x + 3, 1, a, 3);
        } else {
            ad_scal(3, a[3], a, 2);
            ad_sigmoid(6, a, a);
        }
    }
    ad_gemv(T, 2, 3, 1, a, 3, x, 2, 0, y, 1);
}

/* Sizes, flags and steps known only at run time. */
static void general(int flag, int m, int n, int k, const double *a, const double *b, double beta, double *c)
{
    ad_gemm(flag & 1 ? T : N, flag & 2 ? T : N, m, n, k, 1.5, a, flag & 1 ? m : k, b, flag & 2 ? k : n, beta, c, n);
}

ADGEN(vjp)
ADGEN(jvp)
void all_transposes(const double x[12], double y[2])
{
    double c[4] = {x[0], x[1], x[2] * x[3], 1};
    for (int flag = 0; flag < 4; flag++)
        general(flag, 2, 2, 3, x, x + 6, flag / 3.0, c);
    y[0] = ad_nrm2(4, c, 1);
    y[1] = ad_asum(4, c, 1);
}

/* The pointers are one. */
ADGEN(vjp)
ADGEN(jvp)
void operands_that_are_one(const double x[4], double y[3])
{
    double a[4];
    ad_copy(4, x, -1, a, 1);
    ad_axpy(4, x[0], a, 1, a, 1);
    ad_tanh(4, a, a);
    y[0] = ad_dot(4, a, 1, a, 1);
    ad_softmax(4, a, a);
    y[1] = ad_dot(4, x, 1, a, 1);
    y[2] = ad_logsumexp(4, a);
}

/* -log density of a normal distribution: Cholesky, a triangular solve, the determinant */
ADGEN(vjp)
ADGEN(jvp)
void gauss(const double x[12], double y[2])
{
    double a[9], r[3];
    for (int i = 0; i < 9; i++)
        a[i] = i % 4 ? 0 : 2;
    ad_syrk(AD_LOWER, N, 3, 3, 1, x, 3, 1, a, 3);
    memcpy(r, x + 9, sizeof r);
    if (ad_potrf(AD_LOWER, 3, a, 3))
        abort();
    ad_trsv(AD_LOWER, N, AD_NON_UNIT, 3, a, 3, r, 1);
    y[0] = 0.5 * ad_dot(3, r, 1, r, 1);
    y[1] = ad_logdet(3, a, 3);
}

/* A^-1 b and A^-T b by LU, in a matrix whose largest elements stand off the diagonal */
ADGEN(vjp)
ADGEN(jvp)
void solve_by_lu(const double x[9], double y[6])
{
    double a[9];
    int pivots[3];
    memcpy(a, x, sizeof a);
    for (int i = 0; i < 3; i++) {
        a[3 * i + (i + 1) % 3] += 3;
        y[i] = x[i];
        y[3 + i] = x[i + 3];
    }
    if (ad_getrf(3, 3, a, 3, pivots))
        abort();
    ad_getrs(N, 3, 1, a, 3, pivots, y, 1);
    ad_getrs(T, 3, 1, a, 3, pivots, y + 3, 1);
}

/* Three layers on the heap; the buffers are freed. */
ADGEN(vjp)
ADGEN(jvp)
void layers(const double x[14], double y[1])
{
    double *h = malloc(2 * sizeof *h), *s = malloc(2 * sizeof *s);
    ad_gemv(N, 2, 2, 1, x, 2, x + 12, 1, 0, h, 1);
    ad_softplus(2, h, s);
    ad_gemv(N, 2, 2, 1, x + 4, 2, s, 1, 0, h, 1);
    ad_gelu(2, h, s);
    ad_gemv(N, 2, 2, 1, x + 8, 2, s, 1, 0, h, 1);
    y[0] = ad_dot(2, h, 1, h, 1);
    free(s);
    free(h);
}

/* Each function of networks, smooth here, twice differentiable. */
ADGEN(vjp)
ADGEN(jvp)
void network_of_all(const double x[14], double y[1])
{
    double a[5], b[5];
    ad_sigmoid(5, x, a);
    ad_tanh(5, a, b);
    ad_axpy(5, 1, x + 5, 1, b, 1);
    ad_softplus(5, b, a);
    ad_relu(5, a, b);
    ad_ger(1, 5, 0.5, x + 12, 1, x, 1, b, 5);
    ad_softmax(5, b, a);
    y[0] = ad_logsumexp(5, a) + ad_nrm2(5, a, 1) * ad_asum(4, x + 9, -1);
}

/* -log density of a normal distribution by the factor's own solves: twice differentiable. */
ADGEN(vjp)
ADGEN(jvp)
void likelihood(const double x[12], double y[1])
{
    double a[9], r[3];
    for (int i = 0; i < 9; i++)
        a[i] = i % 4 ? 0 : 2;
    ad_syrk(AD_UPPER, T, 3, 3, 1, x, 3, 1, a, 3);
    memcpy(r, x + 9, sizeof r);
    if (ad_potrf(AD_UPPER, 3, a, 3))
        abort();
    ad_potrs(AD_UPPER, 3, 1, a, 3, r, 1);
    y[0] = 0.5 * ad_dot(3, r, 1, x + 9, 1) + ad_logdet(3, a, 3);
}

/* (X^T X + I)^-1 X^T b by one solve; what is left over */
ADGEN(vjp)
ADGEN(jvp)
void ridge(const double x[9], double y[1])
{
    double a[4] = {1, 0, 0, 1}, w[2], r[3];
    int pivots[2];
    ad_gemm(T, N, 2, 2, 3, 1, x, 2, x, 2, 1, a, 2);
    ad_gemv(T, 3, 2, 1, x, 2, x + 6, 1, 0, w, 1);
    if (ad_solve(2, 1, a, 2, pivots, w, 1))
        abort();
    ad_copy(3, x + 6, 1, r, 1);
    ad_gemv(N, 3, 2, 1, x, 2, w, 1, -1, r, 1);
    y[0] = ad_dot(3, r, 1, r, 1) + ad_dot(2, w, 1, w, 1);
}

ADGEN(vjp)
ADGEN(jvp)
void lu_in_one(const double x[9], double y[1])
{
    double a[9], b[6];
    int pivots[3];
    memcpy(a, x, sizeof a);
    for (int i = 0; i < 3; i++) {
        a[3 * i + (i + 1) % 3] += 3;
        b[2 * i] = x[i];
        b[2 * i + 1] = x[i + 3];
    }
    if (ad_getrf(3, 3, a, 3, pivots))
        abort();
    ad_getrs(T, 3, 2, a, 3, pivots, b, 2);
    ad_getrs(N, 3, 2, a, 3, pivots, b, 2);
    y[0] = ad_logdet(3, a, 3) + ad_dot(6, b, 1, b, 1);
}

/* A convolution, a normalised layer, the cross entropy with a distribution that varies too. */
ADGEN(vjp)
ADGEN(jvp)
void classify(const double x[14], double y[1])
{
    double image[9], h[4], z[4], t[4];
    memcpy(image, x, sizeof image);
    ad_conv2d(1, 1, 3, 3, 2, 2, image, x + 9, h);
    ad_layer_norm(4, 0.1, h, z);
    ad_softmax(4, x + 10, t);
    y[0] = ad_cross_entropy(4, z, t);
}

/* Written over what it was computed from, several times. */
ADGEN(vjp)
ADGEN(jvp)
void in_place(const double x[5], double y[1])
{
    double a[5];
    memcpy(a, x, sizeof a);
    ad_sigmoid(5, a, a);
    ad_softplus(5, a, a);
    ad_softmax(5, a, a);
    ad_tanh(5, a, a);
    ad_axpy(5, a[0], a, 1, a, 1);
    y[0] = ad_dot(5, a, 1, x, 1);
}

/* A loop may only be fused if nothing behind it reads its scratch; here a call does. */
ADGEN(vjp)
ADGEN(jvp)
void scratch_read_by_call_behind(const double x[3], double y[1])
{
    double t[3], s = 0;
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++)
            t[j] = x[j] * x[i] + i;
        s += t[0] * t[1] * t[2];
    }
    y[0] = s + ad_dot(3, t, 1, t, 1);
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_read_by_call_before(const double x[3], double y[1])
{
    double t[3] = {0}, s = 0;
    for (int i = 0; i < 4; i++) {
        if (i)
            s += ad_dot(3, t, 1, x, 1);
        for (int j = 0; j < 3; j++)
            t[j] = x[j] * x[i % 3];
        s += t[0] * t[2];
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_of_calls_only(const double x[3], double y[1])
{
    double t[3] = {1, 2, 3}, s = 0;
    for (int i = 0; i < 3; i++) {
        ad_axpy(3, x[i], x, 1, t, 1);
        s += ad_dot(3, t, 1, x, 1);
    }
    y[0] = s;
}
