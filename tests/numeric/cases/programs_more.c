/* More programs as people write them: networks, vision, partial differential equations, fits.
 *
 * CHECK lstm 14 2 -1 1
 * CHECK convolution_pooling 20 2 -1 1
 * CHECK heat 8 1 0.2 1
 * CHECK tridiagonal 10 4 0.2 1
 * CHECK reprojection 12 2 0.1 0.5
 * CHECK mixture 12 1 -1 1
 * CHECK spline 8 3 0.1 0.9
 * CHECK newton_inside 3 1 0.5 1.5
 * CHECK sorting_network 4 4 -1 1
 * CHECK bodies 12 1 0.2 1
 * CHECK transport 6 6 0.2 1
 * CHECK gaussian_process 8 1 0.2 1
 */
#include <adgen/adgen.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static double sigmoid(double v)
{
    return 1 / (1 + exp(-v));
}

typedef struct {
    double cell, hidden;
} Memory;

/* One unit of an LSTM; weights: four gates, each of input, hidden, bias. */
static void lstm_step(Memory *memory, const double weights[12], double input)
{
    double gate[4];
    for (int g = 0; g < 4; g++)
        gate[g] = weights[3 * g] * input + weights[3 * g + 1] * memory->hidden + weights[3 * g + 2];
    const double keep = sigmoid(gate[0]), add = sigmoid(gate[1]), out = sigmoid(gate[2]);
    memory->cell = keep * memory->cell + add * tanh(gate[3]);
    memory->hidden = out * tanh(memory->cell);
}

ADGEN(vjp)
ADGEN(jvp)
void lstm(const double x[14], double y[2])
{
    static const double inputs[] = {0.5, -0.3, 0.8, 0.1, -0.9, 0.4};
    Memory memory = {x[12], x[13]};
    for (size_t t = 0; t < sizeof inputs / sizeof *inputs; t++)
        lstm_step(&memory, x, inputs[t]);
    y[0] = memory.hidden;
    y[1] = memory.cell;
}

ADGEN(vjp)
ADGEN(jvp)
void convolution_pooling(const double x[20], double y[2])
{
    enum { SIZE = 4, KERNEL = 2, OUT = SIZE - KERNEL + 1 };
    double image[SIZE][SIZE], kernel[KERNEL][KERNEL], map[OUT][OUT];
    memcpy(image, x, sizeof image);
    memcpy(kernel, x + SIZE * SIZE, sizeof kernel);
    for (int i = 0; i < OUT; i++)
        for (int j = 0; j < OUT; j++) {
            double s = 0;
            for (int k = 0; k < KERNEL; k++)
                for (int l = 0; l < KERNEL; l++)
                    s += image[i + k][j + l] * kernel[k][l];
            map[i][j] = s > 0 ? s : 0.01 * s;
        }
    double largest = -DBL_MAX, mean = 0;
    for (int i = 0; i < OUT; i++)
        for (int j = 0; j < OUT; j++) {
            if (map[i][j] > largest)
                largest = map[i][j];
            mean += map[i][j] / (OUT * OUT);
        }
    y[0] = largest;
    y[1] = mean * largest;
}

/* Explicit steps of the heat equation, conductivity depending on temperature. */
ADGEN(vjp)
ADGEN(jvp)
void heat(const double x[8], double y[1])
{
    double *now = malloc(8 * sizeof *now), *next = malloc(8 * sizeof *next);
    if (!now || !next)
        abort();
    memcpy(now, x, 8 * sizeof *now);
    memcpy(next, x, 8 * sizeof *next);
    for (int step = 0; step < 6; step++) {
        for (int i = 1; i < 7; i++) {
            const double left = 0.5 * (now[i] + now[i - 1]), right = 0.5 * (now[i] + now[i + 1]);
            next[i] = now[i] + 0.1 * (right * (now[i + 1] - now[i]) - left * (now[i] - now[i - 1]));
        }
        double *old = now;
        now = next;
        next = old;
    }
    double energy = 0;
    for (int i = 0; i < 8; i++)
        energy += now[i] * now[i];
    free(now);
    free(next);
    y[0] = energy;
}

/* Thomas' algorithm, in place. */
static void solve_tridiagonal(int n, const double *low, double *diagonal, const double *high, double *b)
{
    for (int i = 1; i < n; i++) {
        const double w = low[i - 1] / diagonal[i - 1];
        diagonal[i] -= w * high[i - 1];
        b[i] -= w * b[i - 1];
    }
    b[n - 1] /= diagonal[n - 1];
    for (int i = n - 2; i >= 0; i--)
        b[i] = (b[i] - high[i] * b[i + 1]) / diagonal[i];
}

ADGEN(vjp)
ADGEN(jvp)
void tridiagonal(const double x[10], double y[4])
{
    double diagonal[4] = {3 + x[0], 3 + x[1], 3 + x[2], 3 + x[3]};
    for (int i = 0; i < 4; i++)
        y[i] = x[6 + i];
    solve_tridiagonal(4, x, diagonal, x + 3, y);
}

struct Camera {
    double rotation[3], position[3], focal, distortion[2];
};

/* Rodrigues' formula. */
static void rotate(const double axis[3], const double point[3], double out[3])
{
    const double angle2 = axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2];
    const double cross[3] = {axis[1] * point[2] - axis[2] * point[1], axis[2] * point[0] - axis[0] * point[2],
                             axis[0] * point[1] - axis[1] * point[0]};
    if (angle2 < 1e-12) {
        for (int i = 0; i < 3; i++)
            out[i] = point[i] + cross[i];
        return;
    }
    const double angle = sqrt(angle2), c = cos(angle), s = sin(angle) / angle;
    double along = 0;
    for (int i = 0; i < 3; i++)
        along += axis[i] * point[i];
    for (int i = 0; i < 3; i++)
        out[i] = c * point[i] + s * cross[i] + (1 - c) / angle2 * along * axis[i];
}

ADGEN(vjp)
ADGEN(jvp)
void reprojection(const double x[12], double y[2])
{
    const struct Camera camera = {{x[0], x[1], x[2]}, {x[3], x[4], 3 + x[5]}, 1 + x[6], {x[7], x[8]}};
    double p[3];
    rotate(camera.rotation, x + 9, p);
    for (int i = 0; i < 3; i++)
        p[i] += camera.position[i];
    const double u = -p[0] / p[2], v = -p[1] / p[2], r2 = u * u + v * v;
    const double distorted = camera.focal * (1 + r2 * (camera.distortion[0] + r2 * camera.distortion[1]));
    y[0] = distorted * u - 0.1;
    y[1] = distorted * v + 0.2;
}

/* The log likelihood of a mixture of Gaussians with diagonal precision. */
ADGEN(vjp)
ADGEN(jvp)
void mixture(const double x[12], double y[1])
{
    enum { POINTS = 5, K = 2, D = 2 };
    static const double data[POINTS][D] = {{0.1, 0.2}, {-0.5, 0.9}, {1.2, -0.3}, {0.4, 0.4}, {-1, -1}};
    const double *alpha = x, *mean = x + K, *precision = x + K + K * D;
    double sum = 0, weights = 0;
    for (int n = 0; n < POINTS; n++) {
        double term[K], largest = -INFINITY, s = 0;
        for (int k = 0; k < K; k++) {
            term[k] = alpha[k];
            for (int d = 0; d < D; d++) {
                const double z = exp(precision[k * D + d]) * (data[n][d] - mean[k * D + d]);
                term[k] += precision[k * D + d] - 0.5 * z * z;
            }
            largest = fmax(largest, term[k]);
        }
        for (int k = 0; k < K; k++)
            s += exp(term[k] - largest);
        sum += largest + log(s);
    }
    for (int k = 0; k < K; k++)
        weights += exp(alpha[k]);
    y[0] = sum - POINTS * log(weights) + 0.1 * x[10] * x[11];
}

/* De Boor's algorithm, cubic, on uniform knots. */
ADGEN(vjp)
ADGEN(jvp)
void spline(const double x[8], double y[3])
{
    enum { DEGREE = 3, CONTROL = 5 };
    double knots[CONTROL + DEGREE + 1];
    for (int i = 0; i < CONTROL + DEGREE + 1; i++)
        knots[i] = i;
    for (int q = 0; q < 3; q++) {
        const double at = DEGREE + x[CONTROL + q] * (CONTROL - DEGREE);
        int span = DEGREE;
        while (span < CONTROL - 1 && at >= knots[span + 1])
            span++;
        double d[DEGREE + 1];
        for (int j = 0; j <= DEGREE; j++)
            d[j] = x[j + span - DEGREE];
        for (int r = 1; r <= DEGREE; r++)
            for (int j = DEGREE; j >= r; j--) {
                const double a = (at - knots[j + span - DEGREE]) /
                                 (knots[j + 1 + span - r] - knots[j + span - DEGREE]);
                d[j] = (1 - a) * d[j - 1] + a * d[j];
            }
        y[q] = d[DEGREE];
    }
}

/* A root by Newton's method inside the function. */
ADGEN(vjp)
ADGEN(jvp)
void newton_inside(const double x[3], double y[1])
{
    double root = 1;
    for (int step = 0; step < 50; step++) {
        const double f = root * root * root * x[0] + root * x[1] - 2 * x[2];
        const double slope = 3 * root * root * x[0] + x[1];
        const double move = f / slope;
        root -= move;
        if (fabs(move) < 1e-14)
            break;
    }
    y[0] = root * root;
}

static void order(double *a, double *b)
{
    if (*a > *b) {
        const double t = *a;
        *a = *b;
        *b = t;
    }
}

ADGEN(vjp)
ADGEN(jvp)
void sorting_network(const double x[4], double y[4])
{
    static const int wires[][2] = {{0, 1}, {2, 3}, {0, 2}, {1, 3}, {1, 2}};
    for (int i = 0; i < 4; i++)
        y[i] = x[i];
    for (size_t i = 0; i < sizeof wires / sizeof *wires; i++)
        order(&y[wires[i][0]], &y[wires[i][1]]);
    for (int i = 0; i < 4; i++)
        y[i] *= i + y[i];
}

struct Body {
    double position[2], velocity[2], mass;
    struct Body *next;
};

/* Leapfrog over a list of bodies. */
static void accelerate(struct Body *list, double dt)
{
    for (struct Body *a = list; a; a = a->next)
        for (const struct Body *b = list; b; b = b->next) {
            if (a == b)
                continue;
            double d[2], r2 = 0.5;
            for (int k = 0; k < 2; k++) {
                d[k] = b->position[k] - a->position[k];
                r2 += d[k] * d[k];
            }
            for (int k = 0; k < 2; k++)
                a->velocity[k] += dt * b->mass * d[k] / (r2 * sqrt(r2));
        }
}

ADGEN(vjp)
ADGEN(jvp)
void bodies(const double x[12], double y[1])
{
    struct Body *list = NULL;
    for (int i = 0; i < 3; i++) {
        struct Body *body = malloc(sizeof *body);
        *body = (struct Body){.position = {x[4 * i] + i, x[4 * i + 1]}, .velocity = {x[4 * i + 2], 0}, .mass = x[4 * i + 3]};
        body->next = list;
        list = body;
    }
    for (int step = 0; step < 3; step++) {
        accelerate(list, 0.1);
        for (struct Body *b = list; b; b = b->next)
            for (int k = 0; k < 2; k++)
                b->position[k] += 0.1 * b->velocity[k];
    }
    double energy = 0;
    while (list) {
        struct Body *next = list->next;
        energy += 0.5 * list->mass * (list->velocity[0] * list->velocity[0] + list->velocity[1] * list->velocity[1]) +
                  list->position[0] * list->position[1];
        free(list);
        list = next;
    }
    y[0] = energy;
}

/* Sinkhorn's iteration for optimal transport between two histograms. */
ADGEN(vjp)
ADGEN(jvp)
void transport(const double x[6], double y[6])
{
    enum { N = 3 };
    double plan[N][N], u[N] = {1, 1, 1}, v[N] = {1, 1, 1};
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            plan[i][j] = exp(-(double)((i - j) * (i - j)) * 0.5);
    for (int sweep = 0; sweep < 5; sweep++) {
        for (int i = 0; i < N; i++) {
            double s = 0;
            for (int j = 0; j < N; j++)
                s += plan[i][j] * v[j];
            u[i] = x[i] / s;
        }
        for (int j = 0; j < N; j++) {
            double s = 0;
            for (int i = 0; i < N; i++)
                s += plan[i][j] * u[i];
            v[j] = x[N + j] / s;
        }
    }
    for (int i = 0; i < N; i++) {
        y[i] = u[i];
        y[N + i] = v[i];
    }
}

/* The marginal likelihood of a Gaussian process: a Cholesky factor, two solves. */
ADGEN(vjp)
ADGEN(jvp)
void gaussian_process(const double x[8], double y[1])
{
    enum { N = 4 };
    static const double at[N] = {0, 0.4, 1.1, 1.9};
    const double scale = x[4], length = x[5], noise = x[6];
    double K[N][N], z[N], value = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j <= i; j++) {
            const double d = (at[i] - at[j]) / length;
            K[i][j] = scale * exp(-0.5 * d * d) + (i == j ? noise * noise : 0);
        }
    for (int j = 0; j < N; j++) {
        for (int k = 0; k < j; k++)
            for (int i = j; i < N; i++)
                K[i][j] -= K[i][k] * K[j][k];
        K[j][j] = sqrt(K[j][j]);
        for (int i = j + 1; i < N; i++)
            K[i][j] /= K[j][j];
    }
    for (int i = 0; i < N; i++) {
        z[i] = x[i] - x[7];
        for (int k = 0; k < i; k++)
            z[i] -= K[i][k] * z[k];
        z[i] /= K[i][i];
        value -= 0.5 * z[i] * z[i] + log(K[i][i]);
    }
    y[0] = value;
}
