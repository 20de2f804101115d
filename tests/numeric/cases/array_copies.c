/* Arrays that are overwritten while their old elements are still needed: a state that is carried over time, work arrays that are
 * used again. What a copy of the whole array can give back, and what only looks like it.
 *
 * CHECK explicit_steps 6 6 -1 1
 * CHECK steps_on_a_ring 6 6 -1 1
 * CHECK steps_of_unknown_number 6 1 -1 1
 * CHECK no_steps 6 2 -1 1
 * CHECK layers 8 2 -1 1
 * CHECK layers_in_one_array 9 3 -1 1
 * CHECK layers_by_helper 8 2 -1 1
 * CHECK gathered 6 3 -1 1
 * CHECK gathered_by_moving_indices 6 6 -1 1
 * CHECK result_in_place 4 4 -1 1
 * CHECK result_may_overlap 4 4 -1 1
 * CHECK two_states 4 4 -1 1
 * CHECK matrix_powers 9 9 -0.5 0.5
 * CHECK rows_over_time 8 8 -1 1
 * CHECK work_array_used_twice 6 2 -1 1
 * CHECK work_array_of_a_branch 6 2 -1 1
 * CHECK written_between 5 5 -1 1
 * CHECK written_in_the_same_loop 5 5 -1 1
 * CHECK stored_and_read_elsewhere 5 2 0.2 1
 * CHECK stored_twice 5 2 0.2 1
 * CHECK stored_in_a_branch 5 2 0.2 1
 * CHECK overwritten_by_copying 5 5 -1 1
 * CHECK until_small 5 1 0.2 1
 * CHECK runge_kutta 3 3 -1 1
 * CHECK normalised 5 1 0.2 1
 * CHECK inner_copies 6 1 -1 1
 * CHECK numbers_of_two_precisions 5 5 -1 1
 * CHECK triangle_over_time 6 6 -1 1
 * CHECK left_early 5 1 0.2 1
 * CHECK fused_around 6 1 -1 1
 */
#include <adgen/adgen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A number that is not known when the program is compiled. */
#define UNKNOWN(n) (x[0] < 100 ? (n) : (n)-1)

ADGEN(vjp)
ADGEN(jvp)
void explicit_steps(const double x[6], double y[6])
{
    double next[6];
    for (int i = 0; i < 6; i++)
        y[i] = x[i];
    for (int s = 0; s < 5; s++) {
        for (int i = 1; i < 5; i++)
            next[i] = y[i] + 0.1 * (y[i - 1] - 2 * y[i] + y[i + 1]) * y[i];
        for (int i = 1; i < 5; i++)
            y[i] = next[i];
    }
}

ADGEN(vjp)
ADGEN(jvp)
void steps_on_a_ring(const double x[6], double y[6])
{
    const int n = UNKNOWN(6), steps = UNKNOWN(4);
    double u[n], change[n];
    for (int i = 0; i < n; i++)
        u[i] = x[i];
    for (int s = 0; s < steps; s++) {
        for (int i = 0; i < n; i++) {
            const int left = i == 0 ? n - 1 : i - 1, right = i == n - 1 ? 0 : i + 1;
            change[i] = u[i] * (u[left] - u[right]) + sin(u[i]);
        }
        for (int i = 0; i < n; i++)
            u[i] += 0.1 * change[i];
    }
    for (int i = 0; i < n; i++)
        y[i] = u[i];
}

ADGEN(vjp)
ADGEN(jvp)
void steps_of_unknown_number(const double x[6], double y[1])
{
    const size_t n = UNKNOWN(6);
    double *u = malloc(n * sizeof *u);
    if (!u) {
        y[0] = 0;
        return;
    }
    for (size_t i = 0; i < n; i++)
        u[i] = x[i];
    for (int s = 0; s < UNKNOWN(3); s++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += u[i] * u[n - 1 - i];
        for (size_t i = 0; i < n; i++)
            u[i] = sum * 0.1 + cos(u[i]);
    }
    y[0] = u[0] * u[n - 1];
    free(u);
}

ADGEN(vjp)
ADGEN(jvp)
void no_steps(const double x[6], double y[2])
{
    const int steps = UNKNOWN(1) - 1, n = UNKNOWN(1) - 1;
    double u[6], v[n + 1];
    for (int i = 0; i < 6; i++)
        u[i] = x[i];
    v[0] = x[1];
    for (int s = 0; s < steps; s++)
        for (int i = 0; i < 6; i++)
            u[i] = u[i] * u[5 - i];
    for (int s = 0; s < 3; s++) {
        double sum = 0;
        for (int i = 0; i < n; i++)
            sum += v[i] * v[i];
        for (int i = 0; i < n; i++)
            v[i] = sum * v[i];
    }
    y[0] = u[0] * u[1];
    y[1] = v[0] * v[0];
}

/* What one layer wrote the next reads, in the loop that writes it. */
ADGEN(vjp)
ADGEN(jvp)
void layers(const double x[8], double y[2])
{
    double hidden[4][2];
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < 2; i++)
            hidden[k][i] = x[2 * k + i];
    for (int t = 0; t < 3; t++) {
        for (int i = 0; i < 2; i++)
            hidden[0][i] = tanh(hidden[0][i] + t);
        for (int k = 1; k < 4; k++)
            for (int i = 0; i < 2; i++)
                hidden[k][i] = tanh(hidden[k][i] * hidden[k - 1][i]);
    }
    y[0] = hidden[3][0];
    y[1] = hidden[3][1];
}

ADGEN(vjp)
ADGEN(jvp)
void layers_in_one_array(const double x[9], double y[3])
{
    const int n = UNKNOWN(3);
    double u[9];
    for (int i = 0; i < 9; i++)
        u[i] = x[i];
    for (int t = 0; t < 2; t++)
        for (int k = 0; k < n; k++)
            for (int i = 0; i < n; i++)
                u[3 * k + i] = sin(u[3 * k + i] * u[3 * ((k + 1) % n) + i]);
    for (int i = 0; i < 3; i++)
        y[i] = u[i] * u[i + 3] + u[i + 6];
}

static void cell(int d, double hidden[d], const double input[d])
{
    for (int i = 0; i < d; i++)
        hidden[i] = tanh(hidden[i] * input[i] + input[d - 1 - i]);
}

ADGEN(vjp)
ADGEN(jvp)
void layers_by_helper(const double x[8], double y[2])
{
    const int l = UNKNOWN(3), d = UNKNOWN(2);
    double hidden[l][d], in[d];
    for (int k = 0; k < l; k++)
        for (int i = 0; i < d; i++)
            hidden[k][i] = x[2 * k + i];
    for (int t = 0; t < 3; t++) {
        for (int i = 0; i < d; i++)
            in[i] = x[6 + i] * t;
        cell(d, hidden[0], in);
        for (int k = 1; k < l; k++)
            cell(d, hidden[k], hidden[k - 1]);
    }
    y[0] = hidden[l - 1][0];
    y[1] = hidden[l - 1][1];
}

ADGEN(vjp)
ADGEN(jvp)
void gathered(const double x[6], double y[3])
{
    static const int first[] = {0, 2, 5, 7}, column[] = {0, 2, 1, 0, 2, 1, 2};
    const int n = UNKNOWN(3);
    double u[n], v[n];
    for (int i = 0; i < n; i++)
        u[i] = x[i];
    for (int s = 0; s < 4; s++) {
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int k = first[i]; k < first[i + 1]; k++)
                sum += x[3 + k % 3] * u[column[k]];
            v[i] = sum;
        }
        for (int i = 0; i < n; i++)
            u[i] = v[i] / (1 + v[i] * v[i]);
    }
    for (int i = 0; i < n; i++)
        y[i] = u[i];
}

/* The indices are overwritten as well. */
ADGEN(vjp)
ADGEN(jvp)
void gathered_by_moving_indices(const double x[6], double y[6])
{
    int order[6] = {3, 1, 5, 0, 2, 4}, turned[6];
    double u[6];
    memcpy(u, x, sizeof u);
    for (int s = 0; s < 3; s++) {
        for (int i = 0; i < 6; i++)
            y[i] = u[order[i]] * u[i];
        for (int i = 0; i < 6; i++)
            u[i] = y[i] + 0.5;
        for (int i = 0; i < 6; i++)
            turned[i] = order[(i + 1) % 6];
        for (int i = 0; i < 6; i++)
            order[i] = turned[i];
    }
}

ADGEN(vjp)
ADGEN(jvp)
void result_in_place(const double x[4], double y[4])
{
    for (int i = 0; i < 4; i++)
        y[i] = x[i];
    for (int s = 0; s < 3; s++) {
        double length = 0;
        for (int i = 0; i < 4; i++)
            length += y[i] * y[i];
        length = sqrt(length + 1);
        for (int i = 0; i < 4; i++)
            y[i] = y[i] / length + x[i] * y[3 - i];
    }
}

/* y may be x: what is read of x after the first store to y may be new. */
ADGEN(vjp)
ADGEN(jvp)
void result_may_overlap(const double x[4], double y[4])
{
    for (int s = 0; s < 3; s++) {
        double sum = 0;
        for (int i = 0; i < 4; i++)
            sum += x[i] * sin(x[i]);
        for (int i = 0; i < 4; i++)
            y[i] = sum * x[i];
    }
}

ADGEN(vjp)
ADGEN(jvp)
void two_states(const double x[4], double y[4])
{
    double p[2] = {x[0], x[1]}, q[2] = {x[2], x[3]};
    for (int s = 0; s < UNKNOWN(4); s++) {
        for (int i = 0; i < 2; i++)
            p[i] -= 0.1 * sin(q[i]) * q[1 - i];
        for (int i = 0; i < 2; i++)
            q[i] += 0.1 * p[i] * p[1 - i];
    }
    memcpy(y, p, sizeof p);
    memcpy(y + 2, q, sizeof q);
}

ADGEN(vjp)
ADGEN(jvp)
void matrix_powers(const double x[9], double y[9])
{
    double a[3][3], b[3][3];
    memcpy(a, x, sizeof a);
    for (int s = 0; s < 3; s++) {
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) {
                b[i][j] = 0;
                for (int k = 0; k < 3; k++)
                    b[i][j] += a[i][k] * a[k][j];
            }
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                a[i][j] = b[i][j] + 0.1 * a[j][i];
    }
    memcpy(y, a, sizeof a);
}

/* Only one row of the array is the state of a step. */
ADGEN(vjp)
ADGEN(jvp)
void rows_over_time(const double x[8], double y[8])
{
    double u[2][4];
    for (int i = 0; i < 4; i++)
        u[0][i] = x[i];
    for (int s = 0; s < 5; s++)
        for (int i = 0; i < 4; i++)
            u[(s + 1) % 2][i] = u[s % 2][i] * u[s % 2][3 - i] + x[4 + i];
    for (int i = 0; i < 4; i++) {
        y[i] = u[0][i];
        y[4 + i] = u[1][i];
    }
}

ADGEN(vjp)
ADGEN(jvp)
void work_array_used_twice(const double x[6], double y[2])
{
    double work[6];
    for (int i = 0; i < 6; i++)
        work[i] = exp(x[i]);
    double sum = 0;
    for (int i = 0; i < 6; i++)
        sum += work[i] * work[5 - i];
    for (int i = 0; i < 6; i++)
        work[i] = sum * x[i];
    y[0] = sum;
    y[1] = 0;
    for (int i = 0; i < 6; i++)
        y[1] += work[i] * work[i];
}

ADGEN(vjp)
ADGEN(jvp)
void work_array_of_a_branch(const double x[6], double y[2])
{
    y[0] = y[1] = 0;
    for (int s = 0; s < 4; s++) {
        if (s % 2 == 0 || x[s] > 50) {
            double work[UNKNOWN(6)];
            for (int i = 0; i < 6; i++)
                work[i] = exp(x[i] * s);
            for (int i = 0; i < 6; i++)
                y[0] += work[i] * work[5 - i];
            for (int i = 0; i < 6; i++)
                work[i] = work[i] * x[i];
            for (int i = 0; i < 6; i++)
                y[1] += work[i] * work[i];
        }
    }
}

/* Between the loop that reads and the copy that could serve it, one element changes. */
ADGEN(vjp)
ADGEN(jvp)
void written_between(const double x[5], double y[5])
{
    double u[5];
    memcpy(u, x, sizeof u);
    for (int s = 0; s < 3; s++) {
        double product = 1;
        for (int i = 0; i < 5; i++)
            product *= u[i] + 2;
        u[s] = product * 0.01;
        for (int i = 0; i < 5; i++)
            y[i] = u[i] * u[4 - i];
        u[4 - s] = sin(u[s]);
        for (int i = 0; i < 5; i++)
            u[i] = y[i] * u[i];
    }
}

ADGEN(vjp)
ADGEN(jvp)
void written_in_the_same_loop(const double x[5], double y[5])
{
    memcpy(y, x, 5 * sizeof *y);
    for (int s = 0; s < 3; s++)
        for (int i = 0; i < 4; i++) {
            y[i] = y[i] * y[i + 1];
            y[i + 1] = sin(y[i + 1]) + y[i];
        }
}

/* The reverse of the square needs what was stored; it is read from where it was. */
ADGEN(vjp)
ADGEN(jvp)
void stored_and_read_elsewhere(const double x[5], double y[2])
{
    double e[5], sum = 0;
    for (int i = 0; i < 5; i++) {
        e[i] = exp(-x[i]);
        sum += e[i] * e[i];
    }
    y[0] = sum;
    y[1] = e[0] / sum;
}

ADGEN(vjp)
ADGEN(jvp)
void stored_twice(const double x[5], double y[2])
{
    double e[5], f[5], sum = 0;
    for (int i = 0; i < 5; i++) {
        const double value = exp(-x[i]);
        e[i] = value;
        f[4 - i] = value;
        e[i / 2] += 1;
        sum += value * value;
    }
    y[0] = sum;
    y[1] = e[0] * f[0] * e[4];
}

ADGEN(vjp)
ADGEN(jvp)
void stored_in_a_branch(const double x[5], double y[2])
{
    double e[5] = {1, 1, 1, 1, 1}, sum = 0;
    for (int i = 0; i < 5; i++) {
        const double value = exp(-x[i]);
        if (x[i] > i - 2)
            e[i] = value;
        sum += value * value;
    }
    y[0] = sum;
    y[1] = e[0] + e[1] * e[2] + e[3] * e[4];
}

ADGEN(vjp)
ADGEN(jvp)
void overwritten_by_copying(const double x[5], double y[5])
{
    double u[5], v[5];
    memcpy(u, x, sizeof u);
    for (int s = 0; s < 3; s++) {
        for (int i = 0; i < 5; i++)
            v[i] = u[i] * u[(i + 1) % 5] + x[i];
        memcpy(u, v, sizeof u);
        memset(v, 0, sizeof v);
    }
    memcpy(y, u, sizeof u);
}

ADGEN(vjp)
ADGEN(jvp)
void until_small(const double x[5], double y[1])
{
    double u[5], size = 10;
    memcpy(u, x, sizeof u);
    while (size > 0.5) {
        size = 0;
        for (int i = 0; i < 5; i++)
            size += u[i] * u[i];
        for (int i = 0; i < 5; i++)
            u[i] = u[i] * 0.8 * cos(u[4 - i]);
    }
    y[0] = size + u[2];
}

static void slope(const double u[3], double change[3])
{
    change[0] = 10 * (u[1] - u[0]);
    change[1] = u[0] * (28 - u[2]) - u[1];
    change[2] = u[0] * u[1] - 2.6 * u[2];
}

ADGEN(vjp)
ADGEN(jvp)
void runge_kutta(const double x[3], double y[3])
{
    double u[3], k1[3], k2[3], at[3];
    memcpy(u, x, sizeof u);
    for (int s = 0; s < UNKNOWN(4); s++) {
        slope(u, k1);
        for (int i = 0; i < 3; i++)
            at[i] = u[i] + 0.01 * k1[i];
        slope(at, k2);
        for (int i = 0; i < 3; i++)
            u[i] += 0.005 * (k1[i] + k2[i]);
    }
    memcpy(y, u, sizeof u);
}

ADGEN(vjp)
ADGEN(jvp)
void normalised(const double x[5], double y[1])
{
    const int n = UNKNOWN(5);
    double *u = malloc(sizeof(double) * n), *v = malloc(sizeof(double) * n), length = 0;
    for (int i = 0; i < n; i++)
        u[i] = 1;
    for (int s = 0; s < 3; s++) {
        double square = 0;
        for (int i = 0; i < n; i++) {
            v[i] = x[i] * u[i] + 0.1 * u[(i + 1) % n];
            square += v[i] * v[i];
        }
        length = sqrt(square);
        for (int i = 0; i < n; i++)
            u[i] = v[i] / length;
    }
    free(u);
    free(v);
    y[0] = length;
}

/* Arrays of inner loops: a copy for each iteration of the outer ones. */
ADGEN(vjp)
ADGEN(jvp)
void inner_copies(const double x[6], double y[1])
{
    double total = 0, state = x[0];
    for (int a = 0; a < UNKNOWN(2); a++)
        for (int b = 0; b <= a; b++) {
            double u[3];
            for (int i = 0; i < 3; i++)
                u[i] = x[i] * state + b;
            for (int s = 0; s < 2; s++) {
                double sum = 0;
                for (int i = 0; i < 3; i++)
                    sum += u[i] * u[2 - i];
                for (int i = 0; i < 3; i++)
                    u[i] = sin(sum * u[i]) + x[3 + i];
            }
            state = u[0] * u[1] * u[2];
            total += state;
        }
    y[0] = total;
}

ADGEN(vjp)
ADGEN(jvp)
void numbers_of_two_precisions(const double x[5], double y[5])
{
    long double u[5];
    for (int i = 0; i < 5; i++)
        u[i] = x[i];
    for (int s = 0; s < 3; s++) {
        for (int i = 0; i < 5; i++)
            y[i] = (double)(u[i] * u[4 - i]);
        for (int i = 0; i < 5; i++)
            u[i] = y[i] + sin(y[4 - i]);
    }
    for (int i = 0; i < 5; i++)
        y[i] *= (double)u[i];
}

ADGEN(vjp)
ADGEN(jvp)
void triangle_over_time(const double x[6], double y[6])
{
    const int n = UNKNOWN(6);
    double u[6];
    memcpy(u, x, sizeof u);
    for (int s = 0; s < n; s++) {
        for (int i = s; i < n; i++)
            y[i] = u[i] * u[n - 1 - i + s];
        for (int i = s; i < n; i++)
            u[i] = y[i] + x[i];
    }
    memcpy(y, u, sizeof u);
}

ADGEN(vjp)
ADGEN(jvp)
void left_early(const double x[5], double y[1])
{
    double u[5], sum = 0;
    memcpy(u, x, sizeof u);
    for (int s = 0; s < 10; s++) {
        sum = 0;
        for (int i = 0; i < 5; i++)
            sum += u[i] * u[i] * u[4 - i];
        if (sum > 20)
            break;
        for (int i = 0; i < 5; i++)
            u[i] *= 1.2;
    }
    y[0] = sum;
}

/* The data are independent of each other, each has a state over time of its own. */
ADGEN(vjp)
ADGEN(jvp)
void fused_around(const double x[6], double y[1])
{
    const int n = UNKNOWN(3);
    double total = 0;
    for (int k = 0; k < n; k++) {
        double u[n];
        for (int i = 0; i < n; i++)
            u[i] = x[i] + 0.1 * k;
        for (int s = 0; s < 3; s++) {
            double sum = 0;
            for (int i = 0; i < n; i++)
                sum += u[i] * u[n - 1 - i];
            for (int i = 0; i < n; i++)
                u[i] = sin(sum) * u[i] * x[3 + i];
        }
        total += u[0] + u[1] * u[2];
    }
    y[0] = total;
}
