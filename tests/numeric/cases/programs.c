/* Programs as people write them: linear algebra, filters, dynamics, finance, geometry.
 *
 * CHECK lu_pivot 12 1 0.2 2
 * CHECK hmm 11 1 -1 1
 * CHECK pendulum 5 1 0.2 1
 * CHECK cg 9 3 0.2 1
 * CHECK softdtw 9 1 -1 1
 * CHECK fft 16 16 -1 1
 * CHECK portfolio 4 1 0.2 1
 * CHECK lj 12 1 -0.1 0.1
 * CHECK kalman 8 2 0.2 1
 * CHECK ray 7 1 -0.5 0.5
 */
#include <adgen/adgen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* LU with pivoting, log determinant + solve */
ADGEN(vjp)
ADGEN(jvp)
void lu_pivot(const double x[12], double y[1])
{
    enum { N = 3 };
    double a[N][N], b[N];
    int p[N];
    for (int i = 0; i < N; i++) {
        p[i] = i;
        b[i] = x[9 + i];
        for (int j = 0; j < N; j++)
            a[i][j] = x[i * N + j] + (i == j ? 0.1 : 0);
    }
    double logdet = 0;
    for (int k = 0; k < N; k++) {
        int best = k;
        for (int i = k + 1; i < N; i++)
            if (fabs(a[i][k]) > fabs(a[best][k]))
                best = i;
        if (best != k) {
            for (int j = 0; j < N; j++) {
                double t = a[k][j];
                a[k][j] = a[best][j];
                a[best][j] = t;
            }
            double t = b[k]; b[k] = b[best]; b[best] = t;
            int q = p[k]; p[k] = p[best]; p[best] = q;
        }
        logdet += log(fabs(a[k][k]));
        for (int i = k + 1; i < N; i++) {
            a[i][k] /= a[k][k];
            for (int j = k + 1; j < N; j++)
                a[i][j] -= a[i][k] * a[k][j];
            b[i] -= a[i][k] * b[k];
        }
    }
    for (int i = N - 1; i >= 0; i--) {
        for (int j = i + 1; j < N; j++)
            b[i] -= a[i][j] * b[j];
        b[i] /= a[i][i];
    }
    y[0] = logdet + b[0] * b[1] + b[2];
}

/* HMM forward, log space */
static double logsumexp(const double *v, int n)
{
    double m = v[0];
    for (int i = 1; i < n; i++)
        if (v[i] > m) m = v[i];
    double s = 0;
    for (int i = 0; i < n; i++)
        s += exp(v[i] - m);
    return m + log(s);
}
ADGEN(vjp)
ADGEN(jvp)
void hmm(const double x[11], double y[1])
{
    const double *trans = x, *emit = x + 4, *init = x + 8;
    static const int obs[] = {0, 1, 1, 0, 1};
    double alpha[2], next[2], tmp[2];
    for (int i = 0; i < 2; i++) alpha[i] = init[i] + emit[i * 2 + obs[0]];
    for (int t = 1; t < 5; t++) {
        for (int j = 0; j < 2; j++) {
            for (int i = 0; i < 2; i++)
                tmp[i] = alpha[i] + trans[i * 2 + j];
            next[j] = logsumexp(tmp, 2) + emit[j * 2 + obs[t]];
        }
        memcpy(alpha, next, sizeof alpha);
    }
    y[0] = logsumexp(alpha, 2) * x[10];
}

/* RK4 of a pendulum with struct state and function */
typedef struct { double th, om; } State;
typedef struct { double g, l, damp; } Par;
static State deriv(State s, const Par *p) { return (State){s.om, -p->g / p->l * sin(s.th) - p->damp * s.om}; }
static State axpy(State a, double h, State b) { State r = a; r.th += h * b.th; r.om += h * b.om; return r; }
ADGEN(vjp)
ADGEN(jvp)
void pendulum(const double x[5], double y[1])
{
    State s = {x[0], x[1]};
    Par p = {.g = 9.81 * x[2], .l = 1 + x[3], .damp = x[4]};
    const double h = 0.05;
    for (int i = 0; i < 10; i++) {
        State k1 = deriv(s, &p);
        State k2 = deriv(axpy(s, h / 2, k1), &p);
        State k3 = deriv(axpy(s, h / 2, k2), &p);
        State k4 = deriv(axpy(s, h, k3), &p);
        s.th += h / 6 * (k1.th + 2 * k2.th + 2 * k3.th + k4.th);
        s.om += h / 6 * (k1.om + 2 * k2.om + 2 * k3.om + k4.om);
    }
    y[0] = s.th * s.th + s.om;
}

/* CG */
ADGEN(vjp)
ADGEN(jvp)
void cg(const double x[9], double y[3])
{
    double A[3][3], b[3], r[3], p[3], z[3] = {0};
    for (int i = 0; i < 3; i++) {
        b[i] = x[6 + i];
        for (int j = 0; j < 3; j++)
            A[i][j] = x[i] * x[j] + (i == j) * (2 + x[3 + i]);
    }
    double rs = 0;
    for (int i = 0; i < 3; i++) { r[i] = p[i] = b[i]; rs += r[i] * r[i]; }
    for (int it = 0; it < 20 && rs > 1e-24; it++) {
        double Ap[3], pAp = 0, alpha, rn = 0;
        for (int i = 0; i < 3; i++) {
            Ap[i] = 0;
            for (int j = 0; j < 3; j++) Ap[i] += A[i][j] * p[j];
            pAp += p[i] * Ap[i];
        }
        alpha = rs / pAp;
        for (int i = 0; i < 3; i++) { z[i] += alpha * p[i]; r[i] -= alpha * Ap[i]; rn += r[i] * r[i]; }
        for (int i = 0; i < 3; i++) p[i] = r[i] + rn / rs * p[i];
        rs = rn;
    }
    for (int i = 0; i < 3; i++) y[i] = z[i];
}

/* soft-DTW */
static double softmin3(double a, double b, double c, double g)
{
    double m = fmin(a, fmin(b, c));
    return m - g * log(exp(-(a - m) / g) + exp(-(b - m) / g) + exp(-(c - m) / g));
}
ADGEN(vjp)
ADGEN(jvp)
void softdtw(const double x[9], double y[1])
{
    const int n = 4, m = 4;
    const double *a = x, *b = x + 4, gamma = 0.5 + x[8] * x[8];
    double *R = malloc((size_t)(n + 1) * (size_t)(m + 1) * sizeof *R);
    for (int i = 0; i < (n + 1) * (m + 1); i++) R[i] = 1e6;
    R[0] = 0;
    for (int i = 1; i <= n; i++)
        for (int j = 1; j <= m; j++) {
            const double d = a[i - 1] - b[j - 1];
            R[i * (m + 1) + j] = d * d + softmin3(R[(i - 1) * (m + 1) + j], R[i * (m + 1) + j - 1], R[(i - 1) * (m + 1) + j - 1], gamma);
        }
    y[0] = R[n * (m + 1) + m];
    free(R);
}

/* FFT radix 2 iterative in place */
ADGEN(vjp)
ADGEN(jvp)
void fft(const double x[16], double y[16])
{
    const int n = 8;
    double re[8], im[8];
    for (int i = 0; i < n; i++) { re[i] = x[2 * i]; im[i] = x[2 * i + 1]; }
    for (int i = 1, j = 0; i < n; i++) {
        int bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) {
            double t = re[i]; re[i] = re[j]; re[j] = t;
            t = im[i]; im[i] = im[j]; im[j] = t;
        }
    }
    for (int len = 2; len <= n; len <<= 1) {
        const double ang = 2 * 3.14159265358979323846 / len;
        for (int i = 0; i < n; i += len)
            for (int k = 0; k < len / 2; k++) {
                const double wr = cos(ang * k), wi = -sin(ang * k);
                const int p = i + k, q = i + k + len / 2;
                const double tr = re[q] * wr - im[q] * wi, ti = re[q] * wi + im[q] * wr;
                re[q] = re[p] - tr; im[q] = im[p] - ti;
                re[p] += tr; im[p] += ti;
            }
    }
    for (int i = 0; i < n; i++) { y[2 * i] = re[i] * re[i]; y[2 * i + 1] = im[i] * re[(i + 1) % n]; }
}

/* Black-Scholes portfolio */
static double cdf(double d) { return 0.5 * erfc(-d / sqrt(2.0)); }
struct Option { double strike, expiry, amount; int is_call; };
ADGEN(vjp)
ADGEN(jvp)
void portfolio(const double x[4], double y[1])
{
    static const struct Option book[] = {{0.9, 0.5, 2, 1}, {1.1, 1, -1, 1}, {1, 0.25, 3, 0}};
    const double spot = 1 + 0.2 * x[0], vol = 0.2 + 0.1 * x[1] * x[1], rate = 0.05 * x[2];
    double value = 0;
    for (size_t i = 0; i < sizeof book / sizeof *book; i++) {
        const struct Option *o = &book[i];
        const double sq = vol * sqrt(o->expiry);
        const double d1 = (log(spot / o->strike) + (rate + 0.5 * vol * vol) * o->expiry) / sq, d2 = d1 - sq;
        const double disc = o->strike * exp(-rate * o->expiry);
        value += o->amount * (o->is_call ? spot * cdf(d1) - disc * cdf(d2) : disc * cdf(-d2) - spot * cdf(-d1));
    }
    y[0] = value * x[3];
}

/* Lennard-Jones with neighbour list */
ADGEN(vjp)
ADGEN(jvp)
void lj(const double x[12], double y[1])
{
    int *nb = malloc(16 * sizeof *nb), *start = malloc(5 * sizeof *start), count = 0;
    for (int i = 0; i < 4; i++) {
        start[i] = count;
        for (int j = i + 1; j < 4; j++) {
            double r2 = 0;
            for (int k = 0; k < 3; k++) {
                const double d = x[3 * i + k] + i - x[3 * j + k] - j;
                r2 += d * d;
            }
            if (r2 < 9) nb[count++] = j;
        }
    }
    start[4] = count;
    double e = 0;
    for (int i = 0; i < 4; i++)
        for (int q = start[i]; q < start[i + 1]; q++) {
            const int j = nb[q];
            double r2 = 0;
            for (int k = 0; k < 3; k++) {
                const double d = x[3 * i + k] + i - x[3 * j + k] - j;
                r2 += d * d;
            }
            const double s6 = 1 / (r2 * r2 * r2);
            e += 4 * (s6 * s6 - s6);
        }
    free(nb);
    free(start);
    y[0] = e;
}

/* Kalman filter 1d const velocity */
ADGEN(vjp)
ADGEN(jvp)
void kalman(const double x[8], double y[2])
{
    double m[2] = {x[0], x[1]}, P[2][2] = {{1, 0}, {0, 1}}, ll = 0;
    const double q = 0.1 + x[2] * x[2], r = 0.2 + x[3] * x[3], dt = 0.5;
    for (int t = 0; t < 4; t++) {
        m[0] += dt * m[1];
        double F[2][2] = {{1, dt}, {0, 1}}, T[2][2] = {{0}}, N[2][2] = {{0}};
        for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) for (int k = 0; k < 2; k++) T[i][j] += F[i][k] * P[k][j];
        for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) for (int k = 0; k < 2; k++) N[i][j] += T[i][k] * F[j][k];
        memcpy(P, N, sizeof P);
        P[0][0] += q; P[1][1] += q;
        const double S = P[0][0] + r, v = x[4 + t] - m[0];
        const double K[2] = {P[0][0] / S, P[1][0] / S};
        m[0] += K[0] * v; m[1] += K[1] * v;
        ll -= 0.5 * (log(S) + v * v / S);
        double Q[2][2];
        for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) Q[i][j] = P[i][j] - K[i] * P[0][j];
        memcpy(P, Q, sizeof P);
    }
    y[0] = ll; y[1] = m[0] * m[1];
}

/* ray-sphere, early returns with struct */
typedef struct { double x, y, z; } V;
static V sub(V a, V b) { return (V){a.x - b.x, a.y - b.y, a.z - b.z}; }
static double dotv(V a, V b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
static V scale(double s, V a) { return (V){s * a.x, s * a.y, s * a.z}; }
static double hit(V o, V d, V c, double r)
{
    const V oc = sub(o, c);
    const double b = dotv(oc, d), disc = b * b - dotv(d, d) * (dotv(oc, oc) - r * r);
    if (disc < 0) return -1;
    const double t = (-b - sqrt(disc)) / dotv(d, d);
    if (t > 0) return t;
    return (-b + sqrt(disc)) / dotv(d, d);
}
ADGEN(vjp)
ADGEN(jvp)
void ray(const double x[7], double y[1])
{
    V o = {x[0], x[1], -3 + x[2]}, d = {0.1 * x[3], 0.1 * x[4], 1}, c = {0, 0, 0.5 * x[5]};
    d = scale(1 / sqrt(dotv(d, d)), d);
    double best = 0;
    for (int i = 0; i < 3; i++) {
        V ci = c; ci.x += 0.3 * i; ci.z += i;
        const double t = hit(o, d, ci, 1 + 0.1 * x[6]);
        if (t > 0 && (best == 0 || t < best)) best = t;
    }
    y[0] = best * best + x[0];
}
