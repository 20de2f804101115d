/* What the modes cost: functions for modes_main.c. */
#include <adgen/adgen.h>
#include <math.h>

/* ---- several directions at once ---- */

ADGEN(jvp)
ADGEN(jvp, directions(8), name(reaction_jvp8))
void reaction(int n, const double u[restrict n], const double v[restrict n], double r[restrict n])
{
    for (int i = 1; i < n - 1; i++)
        r[i] = u[i - 1] - 2 * u[i] + u[i + 1] + u[i] * u[i] * v[i] - 0.5 * (1 - v[i]) * u[i];
}

ADGEN(jvp, wrt(W, x))
ADGEN(jvp, wrt(W, x), directions(8), name(layer_jvp8))
void layer(int m, int n, const double W[restrict m][n], const double x[restrict n], double y[restrict m])
{
    for (int i = 0; i < m; i++) {
        double s = 0;
        for (int j = 0; j < n; j++)
            s += W[i][j] * x[j];
        y[i] = tanh(s);
    }
}

ADGEN(jvp, wrt(x))
ADGEN(jvp, wrt(x), directions(8), name(waves_jvp8))
void waves(int n, const double x[restrict n], double y[restrict n])
{
    for (int i = 0; i < n; i++)
        y[i] = sin(x[i]) * exp(-x[i] * x[i]);
}

/* ---- second derivatives ---- */

ADGEN(grad, wrt(w, b))
ADGEN(hvp, wrt(w, b))
double logreg(int n, int d, const double X[n][d], const double y[n], const double w[d], double b)
{
    double loss = 0;
    for (int i = 0; i < n; i++) {
        double z = b;
        for (int j = 0; j < d; j++)
            z += X[i][j] * w[j];
        loss += log1p(exp(-y[i] * z));
    }
    return loss / n;
}

ADGEN(grad)
ADGEN(hvp)
double valley(int n, const double x[n])
{
    double s = 0;
    for (int i = 0; i + 1 < n; i++) {
        const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        s += 100 * a * a + b * b;
    }
    return s;
}

ADGEN(grad, wrt(x))
ADGEN(hvp, wrt(x))
double springs(int n, const double x[n][3], const double rest[n])
{
    double e = 0;
    for (int i = 0; i + 1 < n; i++) {
        double square = 0;
        for (int k = 0; k < 3; k++)
            square += (x[i + 1][k] - x[i][k]) * (x[i + 1][k] - x[i][k]);
        const double stretch = sqrt(square) - rest[i];
        e += 0.5 * stretch * stretch;
    }
    return e;
}

ADGEN(grad, wrt(w))
ADGEN(hvp, wrt(w))
double network(int n, int d, int h, const double X[n][d], const double y[n], const double w[h * (d + 1)])
{
    double loss = 0;
    for (int i = 0; i < n; i++) {
        double out = 0;
        for (int k = 0; k < h; k++) {
            double z = 0;
            for (int j = 0; j < d; j++)
                z += w[k * d + j] * X[i][j];
            out += w[h * d + k] * tanh(z);
        }
        loss += (out - y[i]) * (out - y[i]);
    }
    return loss;
}

/* ---- a dense Jacobian of few rows ---- */

static void cross(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static void rotate(const double rotation[3], const double x[3], double out[3])
{
    double square = rotation[0] * rotation[0] + rotation[1] * rotation[1] + rotation[2] * rotation[2];
    double product[3];
    if (square > 0) {
        double angle = sqrt(square), c = cos(angle), s = sin(angle), axis[3];
        for (int i = 0; i < 3; i++)
            axis[i] = rotation[i] / angle;
        cross(axis, x, product);
        double along = (axis[0] * x[0] + axis[1] * x[1] + axis[2] * x[2]) * (1 - c);
        for (int i = 0; i < 3; i++)
            out[i] = x[i] * c + product[i] * s + axis[i] * along;
    } else {
        cross(rotation, x, product);
        for (int i = 0; i < 3; i++)
            out[i] = x[i] + product[i];
    }
}

ADGEN(jacobian, wrt(camera, point, weight), of(error), name(bundle_jacobian))
ADGEN(jvp, wrt(camera, point, weight), of(error))
void bundle(const double camera[11], const double point[3], double weight, const double observed[2], double error[2])
{
    double shifted[3], seen[3];
    for (int i = 0; i < 3; i++)
        shifted[i] = point[i] - camera[3 + i];
    rotate(camera, shifted, seen);
    double x = seen[0] / seen[2], y = seen[1] / seen[2];
    double square = x * x + y * y;
    double distortion = 1 + camera[9] * square + camera[10] * square * square;
    error[0] = weight * (x * distortion * camera[6] + camera[7] - observed[0]);
    error[1] = weight * (y * distortion * camera[6] + camera[8] - observed[1]);
}

/* ---- sparse ---- */

ADGEN(jacobian, sparse)
void stencil(int n, const double u[restrict n], double r[restrict n])
{
    for (int i = 0; i < n; i++) {
        const double left = i > 0 ? u[i - 1] : 0, right = i + 1 < n ? u[i + 1] : 0;
        r[i] = left - 2 * u[i] + right + exp(u[i]);
    }
}

ADGEN(hessian, sparse)
double beam(int n, const double x[n])
{
    double e = 0;
    for (int i = 1; i + 1 < n; i++) {
        const double bend = x[i - 1] - 2 * x[i] + x[i + 1];
        e += bend * bend + x[i] * x[i] * x[i] * x[i];
    }
    return e;
}
