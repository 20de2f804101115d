/* Global and static variables as scratch, accumulators and tables.
 *
 * DIRECTIONS 3
 * CHECK global_scratch 4 4 -1 1
 * CHECK static_scratch 4 4 -1 1
 * CHECK static_locals 3 2 -1 1
 * CHECK scratch_matrix 4 2 -1 1
 * CHECK accumulator 4 1 -1 1
 * CHECK state_across_helpers 3 3 -1 1
 * CHECK inactive_counter 3 1 -1 1 no-matrix
 * CHECK static_scalar_in_loop 4 1 0.2 1
 * CHECK decreed 3 1 0.2 1 no-matrix
 * CHECK element_by_element 4 2 -1 1
 * CHECK walked_through 4 1 -1 1
 */
#include <adgen/adgen.h>
#include <math.h>
#include <string.h>

double globals_scratch[8], globals_sum, globals_state[3];
int globals_calls;
static double hidden[4], pairs[2][4];
static const double weights[3] = {0.5, -1.5, 2};
static double rates[] = {1, 2, 3}; /* not const, but nobody changes it */
ADGEN(inactive) double globals_frozen[3];

ADGEN(vjp)
ADGEN(jvp)
void global_scratch(const double x[4], double y[4])
{
    for (int i = 0; i < 4; i++)
        globals_scratch[i] = x[i] * x[i];
    for (int i = 0; i < 4; i++)
        globals_scratch[4 + i] = sin(globals_scratch[3 - i]) * x[i];
    for (int i = 0; i < 4; i++)
        y[i] = globals_scratch[4 + i] * globals_scratch[i];
}

ADGEN(vjp)
ADGEN(jvp)
void static_scratch(const double x[4], double y[4])
{
    int n = 4;
    for (int i = 0; i < n; i++)
        hidden[i] = exp(x[i]);
    for (int t = 0; t < 3; t++) {
        for (int i = 0; i < n; i++)
            hidden[i] = hidden[i] * x[i] + rates[t];
    }
    for (int i = 0; i < n; i++)
        y[i] = hidden[i] * hidden[0];
}

static double smooth(const double *x, double a)
{
    static double buffer[3];
    static double last;
    for (int i = 0; i < 3; i++)
        buffer[i] = x[i] * a;
    last = buffer[0];
    for (int i = 1; i < 3; i++)
        last = last * 0.5 + buffer[i] * weights[i];
    return last;
}

ADGEN(vjp)
ADGEN(jvp)
void static_locals(const double x[3], double y[2])
{
    y[0] = smooth(x, 2) * smooth(x, x[1]);
    y[1] = smooth(x, y[0]);
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_matrix(const double x[4], double y[2])
{
    memset(pairs, 0, sizeof pairs);
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 4; j++)
            pairs[i][j] += x[j] * x[(i + j) % 4];
    for (int i = 0; i < 2; i++) {
        y[i] = 0;
        for (int j = 0; j < 4; j++)
            y[i] += pairs[i][j] * pairs[1 - i][3 - j];
    }
}

static void add(double v)
{
    globals_sum += v * v;
}

ADGEN(vjp)
ADGEN(jvp)
void accumulator(const double x[4], double y[1])
{
    globals_sum = 0;
    for (int i = 0; i < 4; i++)
        add(x[i] * (1 + globals_sum));
    y[0] = globals_sum;
}

static void advance(double dt)
{
    const double a = globals_state[0], b = globals_state[1];
    globals_state[0] = a + dt * b;
    globals_state[1] = b - dt * sin(a);
    globals_state[2] += a * b;
}

ADGEN(vjp)
ADGEN(jvp)
void state_across_helpers(const double x[3], double y[3])
{
    memcpy(globals_state, x, sizeof globals_state);
    for (int step = 0; step < 5; step++)
        advance(0.1 * x[2]);
    memcpy(y, globals_state, sizeof globals_state);
}

ADGEN(vjp)
ADGEN(jvp)
void inactive_counter(const double x[3], double y[1])
{
    y[0] = 0;
    for (int i = 0; i < 3; i++) {
        globals_calls++;
        if (x[i] > 0)
            y[0] += x[i] * x[i] * (globals_calls > 0 ? 1 : 2);
        else
            y[0] -= x[i];
    }
}

ADGEN(vjp)
ADGEN(jvp)
void static_scalar_in_loop(const double x[4], double y[1])
{
    static double p;
    p = 1;
    for (int i = 0; i < 4; i++)
        p = p * x[i] + cos(p);
    y[0] = p * p;
}

ADGEN(vjp)
ADGEN(jvp)
void decreed(const double x[3], double y[1])
{
    y[0] = 0;
    for (int i = 0; i < 3; i++) {
        globals_frozen[i] = 2;
        y[0] += globals_frozen[i] * x[i] * x[i];
    }
}

static void blend(double *p, double by)
{
    for (int i = 1; i < 3; i++)
        p[i] += by * sin(p[i - 1]) * p[i];
    if (p[2] > 0)
        p[0] *= p[2];
}

/* Every element is written before anyone else sees the array. */
ADGEN(vjp)
ADGEN(jvp)
void element_by_element(const double x[4], double y[2])
{
    static double t[3];
    t[0] = x[0] * x[1];
    t[1] = x[2];
    t[2] = cos(x[3]);
    blend(t, x[1]);
    double *p = x[0] > x[1] ? t : t + 1;
    p[0] *= x[3];
    t[x[2] > 0 ? 1 : 2] += x[0];
    y[0] = t[0] * t[1];
    y[1] = p[1] * t[2];
}

ADGEN(vjp)
ADGEN(jvp)
void walked_through(const double x[4], double y[1])
{
    static double t[4];
    for (int i = 0; i < 4; i++)
        t[i] = x[i] * x[3 - i];
    double *p = t;
    y[0] = 0;
    for (int i = 0; i < 4; i++, p++)
        if (x[i] > -0.5)
            y[0] += *p * *p * x[i];
}
