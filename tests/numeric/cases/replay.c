/* Loops over data whose sums are used nonlinearly: the reverse loop runs each iteration again, or must not.
 *
 * CHECK may_overlap 6 1 -1 1
 * CHECK root_of_a_sum 6 1 -1 1
 * CHECK log_of_sums_of_sums 9 1 -1 1
 * CHECK mixture_of_centres 8 1 -1 1
 * CHECK scratch_in_the_body 8 1 -1 1
 * CHECK scratch_outside 8 2 -1 1
 * CHECK scratch_on_the_heap 8 1 -1 1
 * CHECK scratch_of_a_loop_around 6 1 -1 1
 * CHECK scratch_of_two_loops 6 2 -1 1
 * CHECK scratch_seen_later 6 2 -1 1
 * CHECK scratch_in_a_struct 6 1 -1 1
 * CHECK inner_break 9 1 -1 1
 * CHECK left_by_break 6 1 -1 1
 * CHECK left_by_return 6 1 -1 1
 * CHECK newton_inside 6 1 0.5 2
 * CHECK newton_for_some 6 1 0.5 2
 * CHECK overwritten_in_place 6 1 0.2 1
 * CHECK neighbours_overwritten 6 1 0.2 1
 * CHECK outputs_and_a_sum 6 7 -1 1
 * CHECK output_read_again 6 6 -1 1
 * CHECK two_parts_of_an_array 6 1 0.2 1
 * CHECK sum_in_a_time_loop 6 1 -0.5 0.5
 * CHECK sum_in_an_unknown_loop 6 1 0.2 1
 * CHECK state_carried 6 1 0.2 1
 * CHECK linear_recurrence 6 1 -1 1
 * CHECK in_a_branch 6 1 -1 1
 * CHECK on_one_branch 6 1 -1 1
 * CHECK steps_per_point 6 1 -1 1
 * CHECK fused_inside 9 1 -1 1
 * CHECK three_deep 8 1 -1 1
 * CHECK backward_in_steps 9 1 -1 1
 * CHECK of_no_data 3 1 -1 1
 */
#include <adgen/adgen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* n that is not known before */
static int size(const double *x, int n)
{
    return (int)(n + 0 * x[0]);
}

/* Not replayed: y may overlap x. */
ADGEN(vjp)
ADGEN(jvp)
void may_overlap(const double x[6], double y[1])
{
    const int n = size(x, 6);
    double s = 0;
    for (int i = 0; i < n; i++) {
        const double e = exp(x[i]);
        y[0] = e;
        s += e * sin(e);
    }
    y[0] += s * s;
}

ADGEN(vjp)
ADGEN(jvp)
void root_of_a_sum(const double x[6], double y[restrict 1])
{
    const int n = size(x, 5);
    double s = 1;
    for (int i = 0; i < n; i++) {
        double e = exp(x[i] * x[5]);
        s += e * sin(e);
    }
    y[0] = sqrt(s * s + 1);
}

ADGEN(vjp)
ADGEN(jvp)
void log_of_sums_of_sums(const double x[9], double y[restrict 1])
{
    const int n = size(x, 3);
    double total = 1;
    for (int i = 0; i < n; i++) {
        double row = 0;
        for (int j = 0; j < n; j++)
            row += exp(x[3 * i + j] * x[j]);
        total += row * log(row);
        for (int j = 0; j < n; j++)
            total += sin(row * x[j]) * row;
    }
    y[0] = log(total * total);
}

ADGEN(vjp)
ADGEN(jvp)
void mixture_of_centres(const double x[8], double y[restrict 1])
{
    const int n = size(x, 4), k = size(x, 3), d = 2;
    const double data[4][2] = {{1, 2}, {-0.5, 1}, {0.25, -1}, {2, 0.5}};
    double total = 0, lik[k];
    for (int i = 0; i < n; i++) {
        double most = -1e300;
        for (int a = 0; a < k; a++) {
            double q = x[6] * a;
            for (int j = 0; j < d; j++) {
                const double delta = data[i][j] - x[2 * a + j];
                q += delta * delta;
            }
            lik[a] = -0.5 * q;
            if (lik[a] > most)
                most = lik[a];
        }
        double s = 0;
        for (int a = 0; a < k; a++)
            s += exp(lik[a] - most);
        total += most + log(s);
    }
    y[0] = total * total * x[7];
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_in_the_body(const double x[8], double y[restrict 1])
{
    const int n = size(x, 4), d = size(x, 3);
    double s = 0;
    for (int i = 0; i < n; i++) {
        double t[d], u[3];
        for (int j = 0; j < d; j++)
            t[j] = sin(x[i] * x[j + 1]);
        for (int j = 0; j < 3; j++)
            u[j] = t[j] * t[(j + 1) % 3];
        for (int j = 0; j < d; j++)
            s += t[j] * exp(u[j]) * x[i + 4];
    }
    y[0] = s * s;
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_outside(const double x[8], double y[restrict 2])
{
    const int n = size(x, 4), d = size(x, 3);
    double t[d], s = 0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < d; j++)
            t[j] = sin(x[i] * x[j + 4]);
        for (int j = 0; j < d; j++)
            s += t[j] * t[d - 1 - j] * exp(t[0]);
    }
    y[0] = s * s;
    y[1] = t[0] * t[1];
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_on_the_heap(const double x[8], double y[restrict 1])
{
    const int n = size(x, 4), d = size(x, 3);
    double *t = malloc(d * sizeof *t), s = 0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < d; j++)
            t[j] = exp(x[i] * x[j + 4]);
        for (int j = 0; j < d; j++)
            s += t[j] / (1 + t[d - 1 - j]);
    }
    free(t);
    y[0] = sin(s) * s;
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_of_a_loop_around(const double x[6], double y[restrict 1])
{
    const int n = size(x, 3);
    double r = 1;
    for (int k = 0; k < n; k++) {
        double t[3], s = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < 3; j++)
                t[j] = sin(x[i] * x[j + 3] + k);
            for (int j = 0; j < n; j++)
                s += t[j] * exp(t[2 - j]);
        }
        r = sqrt(1 + s * s) * r;
    }
    y[0] = r;
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_of_two_loops(const double x[6], double y[restrict 2])
{
    const int n = size(x, 6);
    double t[2] = {0}, s = 0, u = 0;
    for (int i = 0; i < n; i++) {
        t[0] = exp(x[i]);
        t[1] = sin(t[0]);
        s += t[0] * t[1];
    }
    const double between = t[1];
    for (int i = 0; i < n; i++) {
        t[0] = cos(x[i]) * between;
        t[1] = exp(t[0]) * s;
        u += t[1] * t[0];
    }
    y[0] = s * u;
    y[1] = u * u;
}

/* The loop over k is fused: what is run again in a round must leave the scratch as the next round, and what follows, find it. */
ADGEN(vjp)
ADGEN(jvp)
void scratch_seen_later(const double x[6], double y[restrict 2])
{
    const int n = size(x, 3), d = size(x, 2);
    double t[d], total = 0;
    for (int j = 0; j < d; j++)
        t[j] = 1;
    for (int k = 0; k < n; k++) {
        total += t[d - 1] * x[k];
        double r = 1;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++)
                t[j] = i + 0.5 * k + j;
            for (int j = 0; j < d; j++)
                r += exp(x[i + 3] * t[j]) * cos(exp(x[i + 3]) * t[d - 1 - j]) / 9;
        }
        total += sqrt(1 + r * r);
    }
    y[0] = total;
    y[1] = t[0];
}

typedef struct Pair {
    double a, b[2];
} Pair;

ADGEN(vjp)
ADGEN(jvp)
void scratch_in_a_struct(const double x[6], double y[restrict 1])
{
    const int n = size(x, 6);
    Pair p[2];
    double s = 0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < 2; j++) {
            p[j].a = exp(x[i]);
            p[j].b[0] = sin(x[i]);
            p[j].b[1] = p[j].a * x[0];
        }
        s += p[i % 2].a * p[1].b[i % 2] * p[0].b[1];
    }
    y[0] = s * s;
}

ADGEN(vjp)
ADGEN(jvp)
void inner_break(const double x[9], double y[restrict 1])
{
    const int n = size(x, 3);
    double s = 0;
    for (int i = 0; i < n; i++) {
        double p = 1;
        for (int j = 0; j < n; j++) {
            if (x[3 * i + j] < -0.3)
                break;
            p *= exp(x[3 * i + j]);
            s += p;
        }
        s += p * p;
    }
    y[0] = sqrt(1 + s * s);
}

ADGEN(vjp)
ADGEN(jvp)
void left_by_break(const double x[6], double y[restrict 1])
{
    const int n = size(x, 6);
    double s = 0;
    for (int i = 0; i < n; i++) {
        if (x[i] < -0.6)
            break;
        const double e = exp(x[i]);
        s += e * sin(e);
    }
    y[0] = s * s;
}

static double until_negative(int n, const double *x)
{
    double s = 0;
    for (int i = 0; i < n; i++) {
        const double e = exp(x[i]);
        if (x[i] < -0.6)
            return s * e;
        s += e * sin(e);
    }
    return s * s;
}

ADGEN(vjp)
ADGEN(jvp)
void left_by_return(const double x[6], double y[restrict 1])
{
    y[0] = until_negative(size(x, 6), x);
}

ADGEN(vjp)
ADGEN(jvp)
void newton_inside(const double x[6], double y[restrict 1])
{
    const int n = size(x, 6);
    double s = 0;
    for (int i = 0; i < n; i++) {
        double r = 1;
        while (fabs(r * r - x[i]) > 1e-10)
            r = 0.5 * (r + x[i] / r);
        s += r * exp(r);
    }
    y[0] = log(s);
}

ADGEN(vjp)
ADGEN(jvp)
void newton_for_some(const double x[6], double y[restrict 1])
{
    const int n = size(x, 3);
    double product = 1;
    for (int k = 0; k < n; k++) {
        double s = 0;
        for (int i = 0; i < n; i++) {
            double r = 1;
            if (x[i] > 1) {
                while (fabs(r * r - x[i + k]) > 1e-10) {
                    double inner = r;
                    while (inner > 1)
                        inner *= 0.6 + 0.1 * sin(inner * x[k]);
                    r = 0.5 * (r + x[i + k] / r) + 1e-12 * inner;
                }
            }
            s += r * exp(r);
        }
        product *= log(s);
    }
    y[0] = product * product;
}

ADGEN(vjp)
ADGEN(jvp)
void overwritten_in_place(const double x[6], double y[restrict 1])
{
    const int n = size(x, 6);
    double z[6], s = 0;
    for (int i = 0; i < 6; i++)
        z[i] = x[i];
    for (int i = 0; i < n; i++) {
        const double e = exp(z[i]);
        s += e * sin(e);
        z[i] = e * z[i];
    }
    for (int i = 0; i < n; i++)
        s += z[i] * z[i];
    y[0] = s * s;
}

ADGEN(vjp)
ADGEN(jvp)
void neighbours_overwritten(const double x[6], double y[restrict 1])
{
    const int n = size(x, 5);
    double z[6], s = 0;
    memcpy(z, x, sizeof z);
    for (int i = 0; i < n; i++) {
        const double e = exp(z[i] / (1 + z[i] * z[i]));
        s += e * sin(e);
        z[i + 1] = e * z[i + 1];
    }
    y[0] = s * s;
}

ADGEN(vjp)
ADGEN(jvp)
void outputs_and_a_sum(const double x[6], double y[restrict 7])
{
    const int n = size(x, 6);
    double s = 0;
    for (int i = 0; i < n; i++) {
        const double e = exp(x[i] * x[1]);
        const double f = sin(e) * cos(e);
        y[i] = f * e;
        s += e * f * f;
    }
    y[6] = s * s;
}

ADGEN(vjp)
ADGEN(jvp)
void output_read_again(const double x[6], double y[restrict 6])
{
    const int n = size(x, 6);
    double s = 0;
    for (int i = 0; i < n; i++) {
        y[i] = exp(x[i]);
        s += y[i] * sin(y[i]) * y[i / 2];
    }
    y[0] = s * s * y[0];
}

ADGEN(vjp)
ADGEN(jvp)
void two_parts_of_an_array(const double x[6], double y[restrict 1])
{
    const int n = size(x, 3);
    double z[6], s = 0;
    memcpy(z, x, sizeof z);
    double *left = z, *right = z + (int)(2 + 0 * x[1]);
    for (int i = 0; i < n; i++) {
        const double e = sin(left[i]);
        right[i] = e * e;
        s += e * exp(e);
    }
    y[0] = s * s * z[3];
}

ADGEN(vjp)
ADGEN(jvp)
void sum_in_a_time_loop(const double x[6], double y[restrict 1])
{
    const int n = size(x, 6);
    double state = 1;
    for (int t = 0; t < n; t++) {
        double s = 0;
        for (int i = 0; i < n; i++) {
            const double e = exp(-x[i] * state);
            s += e * sin(e);
        }
        state = sqrt(1 + s * s) / n;
    }
    y[0] = state;
}

ADGEN(vjp)
ADGEN(jvp)
void sum_in_an_unknown_loop(const double x[6], double y[restrict 1])
{
    const int n = size(x, 6);
    double state = 1;
    while (state < 40) {
        double s = 1;
        for (int i = 0; i < n; i++) {
            double r = state;
            while (r > 1)
                r *= 0.5 * x[i];
            const double e = exp(-x[i] * r);
            s += e * sin(e);
        }
        state = state * sqrt(1 + s * s);
    }
    y[0] = state;
}

ADGEN(vjp)
ADGEN(jvp)
void state_carried(const double x[6], double y[restrict 1])
{
    const int n = size(x, 6);
    double s = 0, v = 1;
    for (int i = 0; i < n; i++) {
        v = sin(v * x[i]) + 1;
        const double e = exp(v);
        s += e * sin(e);
    }
    y[0] = s * s;
}

ADGEN(vjp)
ADGEN(jvp)
void linear_recurrence(const double x[6], double y[restrict 1])
{
    const int n = size(x, 6);
    double s = 1;
    for (int i = 0; i < n; i++) {
        const double e = exp(x[i]);
        s = 0.5 * s + e * sin(e) * cos(x[0] * e);
    }
    y[0] = s * s;
}

ADGEN(vjp)
ADGEN(jvp)
void in_a_branch(const double x[6], double y[restrict 1])
{
    const int n = size(x, 6);
    double s = 0;
    if (x[0] > 0) {
        const double scale = exp(x[1]);
        for (int i = 0; i < n; i++) {
            const double e = exp(x[i] * scale);
            s += e * sin(e);
        }
        s = s * s;
    } else {
        for (int i = n - 1; i > 0; i--) {
            const double e = exp(x[i] * x[i - 1]);
            s += e * cos(e);
        }
        s = s * s * s;
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void on_one_branch(const double x[6], double y[restrict 1])
{
    const int n = size(x, 6), d = size(x, 2);
    double s = 0;
    for (int i = 0; i < n; i++) {
        double e = x[i];
        if (x[i] > 0) {
            double t[d];
            for (int j = 0; j < d; j++)
                t[j] = exp(x[i] * x[j]);
            for (int j = 0; j < d; j++)
                e += t[j] * sin(t[d - 1 - j]);
        }
        s += e * exp(e);
    }
    y[0] = s * s;
}

ADGEN(vjp)
ADGEN(jvp)
void steps_per_point(const double x[6], double y[restrict 1])
{
    const int n = size(x, 4), m = size(x, 3);
    double total = 0;
    for (int i = 0; i < n; i++) {
        double u[4], f[4];
        for (int j = 0; j < 4; j++)
            u[j] = x[j % 3] + 0.1 * i;
        for (int t = 0; t < m; t++) {
            for (int j = 0; j < 4; j++)
                f[j] = sin(u[j]) * u[(j + 1) % 4] * x[5];
            for (int j = 0; j < 4; j++)
                u[j] += 0.1 * f[j];
        }
        for (int j = 0; j < 4; j++)
            total += u[j] * u[j];
    }
    y[0] = sqrt(total);
}

ADGEN(vjp)
ADGEN(jvp)
void fused_inside(const double x[9], double y[restrict 1])
{
    const int n = size(x, 3);
    double s = 0;
    for (int i = 0; i < n; i++) {
        const double a = exp(x[i]);
        for (int j = 0; j < n; j++) {
            double q = 0;
            for (int k = 0; k < n; k++)
                q += sin(x[3 * j + k] * a);
            s += exp(q) * q;
        }
    }
    y[0] = s * s;
}

ADGEN(vjp)
ADGEN(jvp)
void three_deep(const double x[8], double y[restrict 1])
{
    const int n = size(x, 2);
    double a = 0;
    for (int i = 0; i < n; i++) {
        double b = 0;
        const double xi = exp(x[i]);
        for (int j = 0; j < n; j++) {
            double c = 0;
            const double xj = sin(x[2 + j] * xi);
            for (int k = 0; k < n; k++) {
                const double e = exp(x[4 + k] * xj);
                c += e * sin(e * x[6]);
            }
            b += sqrt(1 + c * c) * xj;
        }
        a += b * b * xi;
    }
    y[0] = a * a;
}

ADGEN(vjp)
ADGEN(jvp)
void backward_in_steps(const double x[9], double y[restrict 1])
{
    const int n = size(x, 8);
    double s = 0;
    for (int i = n; i > 0; i -= 3) {
        double t[2];
        for (int j = 0; j < 2; j++)
            t[j] = exp(x[i - j]);
        for (int j = 1; j >= 0; j--)
            s += t[j] * sin(t[1 - j]);
    }
    y[0] = s * s;
}

ADGEN(vjp)
ADGEN(jvp)
void of_no_data(const double x[3], double y[restrict 1])
{
    const int n = size(x, 0);
    double s = 0;
    for (int i = 0; i < n; i++) {
        const double e = exp(x[i]);
        s += e * sin(e);
    }
    y[0] = s * s + x[0];
}
