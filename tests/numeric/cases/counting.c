/* Loops that count, written as people write them: conditions with effects, do, bounds of other types, loops
 * that end where a counter meets its bound, pointers that walk.
 *
 * DIRECTIONS 3
 * SPARSE
 * CHECK pop 6 1 0.5 1.5
 * CHECK pop_to_zero 6 1 0.5 1.5
 * CHECK pop_none 2 1 0.5 1.5
 * CHECK raise_first 6 2 0.5 1.5
 * CHECK walk_and_count 6 1 0.5 1.5
 * CHECK size_down 6 1 0.5 1.5
 * CHECK do_some 6 2 0.5 1.5
 * CHECK few_rounds 6 3 0.5 1.5
 * CHECK do_once 3 2 0.5 1.5
 * CHECK do_down 6 2 0.5 1.5
 * CHECK int_below_size 6 1 0.5 1.5
 * CHECK negative_below_size 3 1 0.5 1.5
 * CHECK short_counter 6 1 0.5 1.5
 * CHECK pairs 6 2 0.5 1.5
 * CHECK not_equal 6 2 0.5 1.5
 * CHECK not_equal_unsigned 6 1 0.5 1.5
 * CHECK steps 7 3 0.5 1.5
 * CHECK walk_to_end 6 1 0.5 1.5
 * CHECK flattened 6 2 0.5 1.5
 * CHECK same_on_both_sides 2 2 0.5 1.5
 * CHECK run_time_steps 8 2 0.5 1.5
 * CHECK wrapped_steps 6 2 0.5 1.5
 * CHECK several_at_once 8 1 0.5 1.5
 */
#include <adgen/adgen.h>
#include <stddef.h>

ADGEN(vjp)
ADGEN(jvp)
void pop(const double x[6], double y[1])
{
    int n = 6;
    double s = 1;
    while (n-- > 0)
        s = s * x[n] + n;
    y[0] = s * n;
}

ADGEN(vjp)
ADGEN(jvp)
void pop_to_zero(const double x[6], double y[1])
{
    int n = 6;
    double s = 1;
    while (n--)
        s += x[n] * x[n] * s;
    y[0] = s + n;
}

ADGEN(vjp)
ADGEN(jvp)
void pop_none(const double x[2], double y[1])
{
    int n = x[0] > 5;
    double s = x[1];
    while (n-- > 0)
        s *= x[n];
    y[0] = s * n;
}

ADGEN(vjp)
ADGEN(jvp)
void raise_first(const double x[6], double y[2])
{
    int i = -1;
    double s = 1;
    while (++i < 6)
        s *= x[i];
    y[0] = s;
    y[1] = s * i;
}

ADGEN(vjp)
ADGEN(jvp)
void walk_and_count(const double x[6], double y[1])
{
    const double *p = x;
    int n = 6;
    double s = 1;
    while (n-- > 0)
        s *= *p++ + s;
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void size_down(const double x[6], double y[1])
{
    double s = 1;
    for (size_t i = 6; i-- > 0;)
        s = s * x[i] + s;
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void do_some(const double x[6], double y[2])
{
    int i = 0, n = 6;
    double s = 1;
    do {
        s *= x[i];
        i++;
    } while (i < n);
    y[0] = s;
    y[1] = s * i;
}

ADGEN(vjp)
ADGEN(jvp)
void do_once(const double x[3], double y[2])
{
    int i = 2, n = x[0] > 5 ? 1 : 0;
    double s = 1;
    do {
        s *= x[i];
        i += 2;
    } while (i <= n);
    y[0] = s * x[1];
    y[1] = s * i;
}

ADGEN(vjp)
ADGEN(jvp)
void do_down(const double x[6], double y[2])
{
    int i = 5;
    double s = 1;
    do
        s *= x[i] + i;
    while (--i >= 0);
    y[0] = s;
    y[1] = s * i;
}

ADGEN(vjp)
ADGEN(jvp)
void int_below_size(const double x[6], double y[1])
{
    const size_t n = 6;
    double s = 1;
    for (int i = 0; (size_t)i < n; i++)
        s = s * x[i] + i;
    y[0] = s;
}

/* The condition converts -1 to the largest size: there is no round. */
ADGEN(vjp)
ADGEN(jvp)
void negative_below_size(const double x[3], double y[1])
{
    const size_t n = 3;
    double s = x[0];
    for (int i = -1; (size_t)i < n; i++)
        s *= x[i + 1];
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void short_counter(const double x[6], double y[1])
{
    double s = 1;
    for (short i = 0; i < 6; i++)
        s *= x[i];
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void pairs(const double x[6], double y[2])
{
    const size_t n = 6;
    size_t i;
    double s = 1;
    for (i = 0; i + 1 < n; i++)
        s += s * x[i] * x[i + 1];
    y[0] = s;
    y[1] = s * (double)i;
}

ADGEN(vjp)
ADGEN(jvp)
void not_equal(const double x[6], double y[2])
{
    double s = 1, t = 1;
    for (int i = 0; i != 6; i++)
        s *= x[i];
    for (int i = 5; i != -1; i--)
        t = t * x[i] + 1;
    y[0] = s;
    y[1] = t;
}

ADGEN(vjp)
ADGEN(jvp)
void not_equal_unsigned(const double x[6], double y[1])
{
    double s = 1;
    for (unsigned i = 0; i != 6; i++)
        s = s * x[i] + 1;
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void steps(const double x[7], double y[3])
{
    double s = 1;
    int i = 1, j = 6, k = 0;
    while (i < 6) {
        s += s * x[i] * x[j] * x[k];
        i += 2;
        j -= 3;
        k++;
    }
    y[0] = s;
    y[1] = s * i * j;
    y[2] = s * k;
}

ADGEN(vjp)
ADGEN(jvp)
void walk_to_end(const double x[6], double y[1])
{
    double s = 1;
    for (const double *p = x, *end = x + 6; p != end; p++)
        s = s * *p + 1;
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void flattened(const double x[6], double y[2])
{
    double A[2][3];
    double *p = &A[0][0];
    for (int k = 0; k < 6; k++)
        p[k] = x[k] * x[0];
    y[0] = A[1][0] * A[1][2];
    for (int k = 0; k < 6; k++)
        p[k] = p[k] * p[k];
    y[1] = A[1][0] * A[0][2];
}

ADGEN(vjp)
ADGEN(jvp)
void same_on_both_sides(const double x[2], double y[2])
{
    double z = x[0];
    const double t = x[1] * 2;
    if (x[0] > 1)
        z = t;
    else
        z = t;
    y[0] = z * x[0];
    y[1] = z;
}

/* Loops of a few rounds, which several directions write out: in steps, down, with numbers that change places. */
ADGEN(vjp)
ADGEN(jvp)
void few_rounds(const double x[6], double y[3])
{
    double a = x[0], b = x[1];
    for (int k = 5; k >= 1; k -= 2) {
        const double c = a * x[k];
        a = b;
        b = c + k * x[k - 1];
    }
    y[0] = a * b;
    double s = 1;
    for (int k = 2; k <= 5; k += 3)
        s = s * x[k] + x[k - 1] / s;
    y[1] = s;
    y[2] = 0;
    for (int i = 0; i < 6; i++) {
        double p = x[i];
        for (int k = 0; k < 3; k++)
            p = p * x[k] + x[5 - k];
        y[2] += p * p / x[i];
    }
}

/* Steps that are known at run time only: what such loops carry is computed again from their trips. */
ADGEN(vjp)
ADGEN(jvp)
void run_time_steps(const double x[8], double y[2])
{
    double a = 1, b = 0.5;
    for (int half = 1; half < 8; half *= 2)
        for (int i = 0; i < 8; i += 2 * half) {
            a = a * x[i] - 0.25 * x[i + half];
            if (a > 1e6)
                break;
        }
    for (int step = 1; step < 4; step++)
        for (long i = 7; i >= 0; i -= step)
            b = b * 0.5 + x[i] * b;
    y[0] = a;
    y[1] = b;
}

/* In unsigned types, and narrow ones, there and back over zero. */
ADGEN(vjp)
ADGEN(jvp)
void wrapped_steps(const double x[6], double y[2])
{
    double a = 1, b = 1;
    const int limit = x[0] > 0 ? 3 : 2;
    const unsigned back = (unsigned)-limit + 1;
    for (unsigned i = 5; i < 6; i += back)
        a = a * x[i] + x[5 - i];
    size_t k = (size_t)-limit;
    for (unsigned char c = 250; c < 250 + limit || c < 3; c += (unsigned char)(limit - 1)) {
        b = b * x[c % 6u] + 0.125 * x[(k + 4) % 6u];
        k += (size_t)limit;
    }
    y[0] = a;
    y[1] = b + (double)(k % 5);
}

/* A stride besides the counter, and one that is itself carried by the loop around. */
ADGEN(vjp)
ADGEN(jvp)
void several_at_once(const double x[8], double y[1])
{
    double s = 1;
    int first = 0, stride = 3;
    for (int round = 0; round < 3; round++) {
        int at = first, from = 60 - round;
        for (int i = 0; i < 4 + round && s < 50; i++) {
            s = s * 0.5 + x[at % 8] * x[from % 8] * s;
            at += stride + round;
            from = from - stride;
        }
        first = at - stride;
        stride++;
    }
    y[0] = s;
}
