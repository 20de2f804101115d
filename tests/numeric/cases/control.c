/* Control flow: branches, loops of every kind, early exits.
 *
 * DIRECTIONS 3
 * SPARSE
 * CHECK straight 3 2 0.5 2
 * CHECK branches 2 3 -1 1
 * CHECK early_return 3 1 -1 1
 * CHECK nested_return 4 1 -1 1
 * CHECK loop_break 6 2 0.1 0.9
 * CHECK loop_continue 6 2 -1 1
 * CHECK while_newton 2 2 0.5 3
 * CHECK do_while 2 1 0.3 0.9
 * CHECK condition_with_effects 6 2 0.2 0.9
 * CHECK down_and_steps 8 3 -1 1
 * CHECK unsigned_down 6 1 -1 1
 * CHECK triangular 6 1 -1 1
 * CHECK nested_while 3 1 1.1 1.9
 * CHECK while_in_branch 3 2 0.2 0.9
 * CHECK changing_bound 5 1 0.1 1
 * CHECK several_counters 6 1 -1 1
 * CHECK ternaries 4 3 -1 1
 * CHECK short_circuit 4 1 0.1 1
 * CHECK zero_trips 2 1 -1 1
 * CHECK swapped 4 2 0.1 1
 * CHECK fibonacci_like 2 1 0.1 0.5
 * CHECK return_in_loop 5 1 0.1 0.9
 * CHECK break_two_levels 6 1 0.1 0.9
 */
#include <adgen/adgen.h>
#include <math.h>
#include <stddef.h>

ADGEN(vjp)
ADGEN(jvp)
void straight(const double x[3], double y[2])
{
    double a = x[0] * x[1], b = a + sin(x[2]);
    a = a * b;
    a -= x[0] / x[2];
    y[0] = a * b;
    y[1] = -b + +a;
}

ADGEN(vjp)
ADGEN(jvp)
void branches(const double x[2], double y[3])
{
    double a = x[0], b = x[1];
    if (a > b) {
        double t = a;
        a = b * 2;
        b = t * t;
    } else if (a > 0) {
        a = a * b;
    } else {
        b = exp(b);
    }
    y[0] = a;
    y[1] = b;
    if (x[0] < -5)
        y[2] = 1;
    else
        y[2] = a * b;
}

static double early(double a, double b, double c)
{
    if (a < b)
        return a * c;
    if (b < c)
        return b * b;
    double s = a + b;
    return s * c;
}

ADGEN(vjp)
ADGEN(jvp)
void early_return(const double x[3], double y[1])
{
    y[0] = early(x[0], x[1], x[2]);
}

static double nested(double a, double b, double c, double d)
{
    double s = a * d;
    if (a < b) {
        s += b;
        if (c < d)
            return s * c;
        s *= d;
    } else {
        if (c > 0)
            return c;
    }
    s += sin(c);
    return s;
}

ADGEN(vjp)
ADGEN(jvp)
void nested_return(const double x[4], double y[1])
{
    y[0] = nested(x[0], x[1], x[2], x[3]);
}

ADGEN(vjp)
ADGEN(jvp)
void loop_break(const double x[6], double y[2])
{
    double s = 0, p = 1;
    for (int i = 0; i < 6; i++) {
        s += x[i] * x[i];
        if (s > 1.1)
            break;
        p *= s;
    }
    y[0] = s;
    y[1] = p;
}

ADGEN(vjp)
ADGEN(jvp)
void loop_continue(const double x[6], double y[2])
{
    double s = 0, p = 1;
    for (int i = 0; i < 6; i++) {
        if (x[i] < 0)
            continue;
        s += x[i] * p;
        if (i == 3)
            continue;
        p *= 1 + s;
    }
    y[0] = s;
    y[1] = p;
}

ADGEN(vjp)
ADGEN(jvp)
void while_newton(const double x[2], double y[2])
{
    double r = 1;
    while (fabs(r * r - x[0]) > 1e-12)
        r = 0.5 * (r + x[0] / r);
    y[0] = r;
    y[1] = r * x[1];
}

ADGEN(vjp)
ADGEN(jvp)
void do_while(const double x[2], double y[1])
{
    double s = x[1];
    int k = 0;
    do {
        s = s * x[0] + x[1];
        k++;
    } while (k < 5 && s < 100);
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void condition_with_effects(const double x[6], double y[2])
{
    double s = 0;
    int i = 0;
    while (i < 6 && (s += x[i++]) < 2)
        s *= 1.1;
    y[0] = s;
    y[1] = s * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void down_and_steps(const double x[8], double y[3])
{
    double a = 1, b = 0, c = 0;
    for (int i = 7; i >= 0; i--)
        a = a * 0.5 + x[i] * a;
    for (int i = 0; i < 8; i += 3)
        b = b * x[i] + x[i];
    for (int i = 7; i > 0; i -= 2)
        c = sin(c) + x[i];
    y[0] = a;
    y[1] = b;
    y[2] = c;
}

ADGEN(vjp)
ADGEN(jvp)
void unsigned_down(const double x[6], double y[1])
{
    double s = 0;
    for (size_t i = 6; i-- > 0;)
        s = s * x[i] + x[i];
    for (size_t i = 1; i < 6; i++)
        s += x[i] * x[i - 1];
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void triangular(const double x[6], double y[1])
{
    double s = 0;
    for (int i = 0; i < 6; i++) {
        double p = 1;
        for (int j = 0; j < i; j++)
            p *= 1 + x[j] * x[i];
        s += sin(p);
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void nested_while(const double x[3], double y[1])
{
    double s = x[0];
    int rounds = 0;
    while (s < 50 && rounds < 1000) {
        double t = x[1];
        while (t < s)
            t = t * x[2] + 0.1;
        s = s + 0.3 * t;
        rounds++;
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void while_in_branch(const double x[3], double y[2])
{
    double s = x[0], t = x[1];
    for (int i = 0; i < 4; i++) {
        if (i % 2) {
            while (s < 3)
                s = s * 1.5 + t;
        } else {
            t = t * s + x[2];
            s = 0.3 * t;
        }
    }
    y[0] = s;
    y[1] = t;
}

ADGEN(vjp)
ADGEN(jvp)
void changing_bound(const double x[5], double y[1])
{
    double s = 0;
    int n = 5;
    for (int i = 0; i < n; i++) {
        s = s * x[i] + x[i];
        if (s > 0.7)
            n = 4;
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void several_counters(const double x[6], double y[1])
{
    double s = 0;
    int j = 5, k = 0;
    for (int i = 0; i < 3; i++, j -= 2, k++)
        s = s * x[j] + x[i] * x[k];
    y[0] = s + j * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void ternaries(const double x[4], double y[3])
{
    y[0] = x[0] > x[1] ? x[0] * x[2] : x[1] * x[3];
    y[1] = (x[0] > 0 ? x[1] : x[2]) * (x[3] > 0 ? 2 : x[3]);
    y[2] = fmax(x[0], x[1]) * fmin(x[2], x[3]) + fabs(x[0]);
}

ADGEN(vjp)
ADGEN(jvp)
void short_circuit(const double x[4], double y[1])
{
    int i = 0;
    double s = 0;
    while (i < 4 && x[i] > 0.15) {
        s += x[i] * x[i];
        i++;
    }
    if (i == 4 || x[i] > 10)
        s *= 2;
    if (!(s > 1) && s > 0.2)
        s = s * s;
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void zero_trips(const double x[2], double y[1])
{
    double s = x[0];
    for (int i = 3; i < 3; i++)
        s *= x[1];
    for (int i = 0; i < 0; i++)
        s = 0;
    y[0] = s * x[1];
}

ADGEN(vjp)
ADGEN(jvp)
void swapped(const double x[4], double y[2])
{
    double a = x[0], b = x[1];
    for (int i = 0; i < 5; i++) {
        double t = a;
        a = b;
        b = t * x[2] + x[3];
    }
    y[0] = a;
    y[1] = b;
}

ADGEN(vjp)
ADGEN(jvp)
void fibonacci_like(const double x[2], double y[1])
{
    double a = x[0], b = x[1];
    for (int i = 0; i < 6; i++) {
        double c = a * b + a;
        a = b;
        b = c;
    }
    y[0] = b;
}

static double find(const double *x, int n)
{
    double s = 0;
    for (int i = 0; i < n; i++) {
        s += x[i] * x[i];
        if (s > 0.9)
            return s * x[i];
    }
    return s + 7;
}

ADGEN(vjp)
ADGEN(jvp)
void return_in_loop(const double x[5], double y[1])
{
    y[0] = find(x, 5);
}

ADGEN(vjp)
ADGEN(jvp)
void break_two_levels(const double x[6], double y[1])
{
    double s = 0;
    int done = 0;
    for (int i = 0; i < 6 && !done; i++) {
        for (int j = 0; j < 6; j++) {
            if (j > i)
                break;
            s += x[i] * x[j];
            if (s > 2) {
                done = 1;
                break;
            }
        }
        s *= 1.1;
    }
    y[0] = s;
}
