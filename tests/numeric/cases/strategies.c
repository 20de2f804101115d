/* Sums over data: loops that can be fused with their reverse, and loops that only look like it.
 *
 * CHECK plain_sum 6 1 -2 2
 * CHECK mean_of_squares 6 1 -2 2
 * CHECK stored_behind_a_sum 3 2 -1 1
 * CHECK two_sums 6 2 -2 2
 * CHECK sum_used_twice 6 1 -2 2
 * CHECK product_of_sums 6 1 -2 2
 * CHECK sum_in_branches 6 1 -2 2
 * CHECK sum_lost_in_a_branch 6 1 -2 2
 * CHECK subtracted 6 1 -2 2
 * CHECK scratch_vector 12 1 -1 1
 * CHECK scratch_read_behind 8 2 -1 1
 * CHECK scratch_covered_behind 8 2 -1 1
 * CHECK scratch_half_covered 8 1 -1 1
 * CHECK scratch_carried_over 8 1 -1 1
 * CHECK scratch_matrix 9 1 -1 1
 * CHECK log_sum_exp_over_data 9 1 -1 1
 * CHECK written_behind 6 1 -1 1
 * CHECK written_in_front 6 1 -1 1
 * CHECK read_behind 6 2 -1 1
 * CHECK result_read_again 6 2 -1 1
 * CHECK result_in_a_loop_behind 6 1 -1 1
 * CHECK nested_sums 9 1 -1 1
 * CHECK triangle 6 1 -1 1
 * CHECK neighbours_in_place 6 1 -1 1
 * CHECK running_maximum 6 1 -1 1
 * CHECK sum_of_sums 6 1 -1 1
 * CHECK one_after_the_other 6 2 -1 1
 * CHECK scaled_behind 6 1 -1 1
 * CHECK inner_while 6 1 0.5 2
 * CHECK cut_off 6 1 -1 1
 * CHECK weights_and_data 8 1 -1 1
 * CHECK heap_scratch 8 1 -1 1
 * CHECK read_of_state 6 1 -1 1
 * CHECK elimination 9 1 0.2 1
 * CHECK row_read_while_written 5 1 0.2 1
 * CHECK start_that_moves 5 1 0.2 1
 * CHECK same_row_in_all 6 2 0.2 1
 * CHECK triangle_downward 5 1 0.2 1
 * CHECK index_below_the_start 6 1 0.2 1
 * CHECK stencil_over_time 9 1 0.2 1
 * CHECK nearest 8 1 -1 1
 * CHECK rectified 9 2 -1 1
 * CHECK zero_on_one_side_only 6 1 0.2 1
 * CHECK neighbours_on_a_ring 6 1 0.2 1
 * CHECK scatter_to_one 6 2 0.2 1
 * CHECK rows_of_a_sparse_matrix 6 1 0.2 1
 * CHECK locals_between_sums 6 1 0.2 1
 * CHECK bound_that_is_narrowed 3 1 -1 1
 */
#include <adgen/adgen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

ADGEN(vjp)
ADGEN(jvp)
void plain_sum(const double x[6], double y[1])
{
    double s = 0;
    for (int i = 0; i < 6; i++)
        s += x[i] * x[i] * x[i];
    y[0] = s;
}

static double mean(int n, const double *x)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += x[i] * x[i];
    return s / n;
}

ADGEN(vjp)
ADGEN(jvp)
void mean_of_squares(const double x[6], double y[1])
{
    *y = 3 * mean(6, x);
}

ADGEN(vjp)
ADGEN(jvp)
void two_sums(const double x[6], double y[2])
{
    int n = (int)(6 + 0 * x[0]);
    double s = 0, t = 1;
    for (int i = 0; i < n; i++) {
        s += sin(x[i]);
        t -= x[i] * x[5 - i];
    }
    y[0] = s;
    y[1] = 2 * t;
}

ADGEN(vjp)
ADGEN(jvp)
void sum_used_twice(const double x[6], double y[1])
{
    double s = 0;
    for (int i = 0; i < 6; i++)
        s += exp(x[i]);
    y[0] = s + 3 * s;
}

ADGEN(vjp)
ADGEN(jvp)
void product_of_sums(const double x[6], double y[1])
{
    double s = 0, t = 0;
    for (int i = 0; i < 6; i++) {
        s += exp(x[i]);
        t += x[i] * x[i];
    }
    y[0] = s * t;
}

ADGEN(vjp)
ADGEN(jvp)
void sum_in_branches(const double x[6], double y[1])
{
    double s = 0;
    for (int i = 0; i < 6; i++) {
        if (x[i] > 0)
            s += x[i] * x[i];
        else if (x[i] > -1)
            s -= exp(x[i]);
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void sum_lost_in_a_branch(const double x[6], double y[1])
{
    double s = 0;
    for (int i = 0; i < 6; i++) {
        if (x[i] > 1.5)
            s = x[i];
        s += x[i] * x[i];
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void subtracted(const double x[6], double y[1])
{
    double s = 0;
    for (int i = 0; i < 6; i++)
        s = x[i] * x[i] - s;
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_vector(const double x[12], double y[1])
{
    int n = 4, d = 3;
    double h[d], s = 0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < d; j++)
            h[j] = tanh(x[3 * i + j] * x[j]);
        for (int j = 0; j < d; j++)
            s += h[j] * h[(j + 1) % 3];
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_read_behind(const double x[8], double y[2])
{
    double h[2], s = 0;
    for (int i = 0; i < 4; i++) {
        h[0] = sin(x[2 * i]);
        h[1] = h[0] * x[2 * i + 1];
        s += h[0] * h[1];
    }
    y[0] = s;
    y[1] = h[1];
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_covered_behind(const double x[8], double y[2])
{
    int d = 2;
    double h[d], s = 0;
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < d; j++)
            h[j] = sin(x[2 * i + j]);
        for (int j = 0; j < d; j++)
            s += h[j] * h[1 - j];
    }
    y[0] = s;
    for (int j = 0; j < d; j++)
        h[j] = x[j] * x[j];
    y[1] = h[0] * h[1];
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_half_covered(const double x[8], double y[1])
{
    int d = 2;
    double h[d], s = 0;
    h[0] = x[0];
    h[1] = x[1];
    for (int i = 0; i < 4; i++) {
        for (int j = 1; j < d; j++)
            h[j] = sin(x[2 * i + j]) * h[0];
        for (int j = 0; j < d; j++)
            s += h[j] * h[1 - j];
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_carried_over(const double x[8], double y[1])
{
    int d = 2;
    double h[d], s = 0;
    memset(h, 0, sizeof h);
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < d; j++)
            h[j] += sin(x[2 * i + j]);
        for (int j = 0; j < d; j++)
            s += h[j] * h[j];
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_matrix(const double x[9], double y[1])
{
    int d = 3;
    double a[d][d], s = 0;
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < d; j++)
            for (int k = 0; k < d; k++)
                a[j][k] = x[3 * i + j] * x[3 * j + k];
        for (int j = 0; j < d; j++)
            s += a[j][i] * a[i][j];
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void log_sum_exp_over_data(const double x[9], double y[1])
{
    int n = 3, k = 3;
    double term[k], s = 0;
    for (int i = 0; i < n; i++) {
        for (int c = 0; c < k; c++)
            term[c] = x[3 * i + c] * x[c];
        double max = term[0];
        for (int c = 1; c < k; c++)
            if (term[c] > max)
                max = term[c];
        double sum = 0;
        for (int c = 0; c < k; c++)
            sum += exp(term[c] - max);
        s += max + log(sum);
    }
    *y = s - 2;
}

ADGEN(vjp)
ADGEN(jvp)
void written_behind(const double x[6], double y[1])
{
    double v[6], s = 0;
    for (int i = 0; i < 6; i++)
        v[i] = x[i] * x[i];
    for (int i = 0; i < 6; i++)
        s += v[i] * x[5 - i];
    for (int i = 1; i < 6; i++)
        v[i] = v[i - 1] * x[i];
    y[0] = s + v[5];
}

ADGEN(vjp)
ADGEN(jvp)
void written_in_front(const double x[6], double y[1])
{
    double v[6], s = 0;
    for (int i = 0; i < 6; i++)
        v[i] = x[i] * x[i];
    v[2] = v[3] * x[0];
    for (int i = 0; i < 6; i++)
        s += v[i] * x[5 - i];
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void read_behind(const double x[6], double y[2])
{
    double v[6], s = 0;
    for (int i = 0; i < 6; i++)
        v[i] = x[i] * x[i];
    for (int i = 0; i < 6; i++)
        s += v[i] * v[5 - i];
    y[0] = s;
    y[1] = v[1] * v[2];
}

ADGEN(vjp)
ADGEN(jvp)
void result_read_again(const double x[6], double y[2])
{
    double s = 0;
    for (int i = 0; i < 6; i++)
        s += x[i] * x[i];
    y[0] = s;
    y[1] = y[0] * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void result_in_a_loop_behind(const double x[6], double y[1])
{
    double s = 0;
    for (int i = 0; i < 6; i++)
        s += x[i] * x[i];
    double t = 0;
    for (int i = 0; i < 6; i++)
        t += s * x[i];
    y[0] = t;
}

ADGEN(vjp)
ADGEN(jvp)
void nested_sums(const double x[9], double y[1])
{
    int n = 3;
    double s = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double t = 0;
            for (int k = 0; k < n; k++)
                t += x[3 * i + k] * x[3 * k + j];
            s += (t - x[j]) * (t - x[j]);
        }
    y[0] = 0.5 * s;
}

ADGEN(vjp)
ADGEN(jvp)
void triangle(const double x[6], double y[1])
{
    double e = 0;
    for (int i = 0; i < 6; i++)
        for (int j = i + 1; j < 6; j++) {
            double r = x[i] - x[j];
            if (r * r < 1)
                e += 1 / (0.1 + r * r);
        }
    y[0] = e;
}

ADGEN(vjp)
ADGEN(jvp)
void neighbours_in_place(const double x[6], double y[1])
{
    double v[6], s = 0;
    for (int i = 0; i < 6; i++)
        v[i] = x[i];
    for (int i = 1; i < 6; i++) {
        v[i] = v[i] * v[i - 1];
        s += v[i] * v[i];
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void running_maximum(const double x[6], double y[1])
{
    double s = 0, m = x[0];
    for (int i = 0; i < 6; i++) {
        if (x[i] > m)
            m = x[i];
        s += m * x[i];
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void sum_of_sums(const double x[6], double y[1])
{
    double s = 0, t = 0;
    for (int i = 0; i < 6; i++) {
        s += x[i] * x[i];
        t += s;
    }
    y[0] = t;
}

ADGEN(vjp)
ADGEN(jvp)
void one_after_the_other(const double x[6], double y[2])
{
    double s = x[0], t = 0;
    for (int i = 0; i < 6; i++)
        s += x[i] * x[i];
    for (int i = 0; i < 6; i++)
        s -= sin(x[i]) * x[5 - i];
    for (int i = 0; i < 6; i++)
        t += exp(x[i]);
    y[0] = s - t;
    y[1] = t;
}

ADGEN(vjp)
ADGEN(jvp)
void scaled_behind(const double x[6], double y[1])
{
    double s = 0;
    for (int i = 0; i < 6; i++)
        s += x[i] * x[i];
    y[0] = s * x[2] + exp(x[1]);
}

ADGEN(vjp)
ADGEN(jvp)
void inner_while(const double x[6], double y[1])
{
    double s = 0;
    for (int i = 0; i < 6; i++) {
        double r = 1;
        while (fabs(r * r - x[i]) > 1e-13 * x[i])
            r = 0.5 * (r + x[i] / r) * (1 + 1e-17 * x[0]);
        s += r;
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void cut_off(const double x[6], double y[1])
{
    double s = 0;
    for (int i = 0; i < 6; i++) {
        if (i % 3 == 1)
            continue;
        if (s > 1e6)
            break;
        s += x[i] * x[i];
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void weights_and_data(const double x[8], double y[1])
{
    int n = 3, d = 2;
    double loss = 0;
    for (int i = 0; i < n; i++) {
        double z = x[7];
        for (int j = 0; j < d; j++)
            z += x[2 * i + j] * x[5 + j];
        loss += log1p(exp(-z));
    }
    double decay = 0;
    for (int j = 0; j < d; j++)
        decay += x[5 + j] * x[5 + j];
    y[0] = loss / n + 0.1 * decay;
}

ADGEN(vjp)
ADGEN(jvp)
void heap_scratch(const double x[8], double y[1])
{
    int n = 4, d = 2;
    double *h = malloc(sizeof(double) * d), s = 0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < d; j++)
            h[j] = exp(x[2 * i + j]);
        for (int j = 0; j < d; j++)
            s += h[j] * h[d - 1 - j];
    }
    free(h);
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void read_of_state(const double x[6], double y[1])
{
    double state[2] = {0, 1}, s = 0;
    for (int i = 0; i < 6; i++) {
        state[i % 2] = state[(i + 1) % 2] * x[i] + 0.5;
        s += state[0] * state[1];
    }
    y[0] = s;
}

/* Rows above the one at work stay; an exchange of rows comes before. */
ADGEN(vjp)
ADGEN(jvp)
void elimination(const double x[9], double y[1])
{
    int n = 3;
    double U[n][n], result = 1;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            U[i][j] = x[3 * i + j] + (i == j);
    for (int k = 0; k < n; k++) {
        int pivot = k;
        for (int i = k + 1; i < n; i++)
            if (fabs(U[i][k]) > fabs(U[pivot][k]))
                pivot = i;
        if (pivot != k) {
            for (int j = k; j < n; j++) {
                double t = U[k][j];
                U[k][j] = U[pivot][j];
                U[pivot][j] = t;
            }
            result = -result;
        }
        result *= U[k][k];
        for (int i = k + 1; i < n; i++) {
            double factor = U[i][k] / U[k][k];
            for (int j = k + 1; j < n; j++)
                U[i][j] -= factor * U[k][j];
        }
    }
    y[0] = result;
}

/* v[k] is written in the loop over i that reads it. */
ADGEN(vjp)
ADGEN(jvp)
void row_read_while_written(const double x[5], double y[1])
{
    int n = 5;
    double v[n];
    for (int i = 0; i < n; i++)
        v[i] = x[i];
    for (int k = 0; k < n; k++)
        for (int i = k; i < n; i++)
            v[i] = 0.5 * v[i] * v[k] + 0.1 * x[i];
    y[0] = v[n - 1] * v[0];
}

/* The first iteration of the inner loop is another one each time. */
ADGEN(vjp)
ADGEN(jvp)
void start_that_moves(const double x[5], double y[1])
{
    int n = 5;
    double v[n], s = 0;
    for (int i = 0; i < n; i++)
        v[i] = x[i] * x[i];
    for (int r = 0; r < 2; r++) {
        for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++)
                s = s * 0.9 + sin(v[j] * s + x[i]);
        for (int i = 0; i < n; i++)
            v[i] = v[i] * v[i];
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void same_row_in_all(const double x[6], double y[2])
{
    int n = 3;
    double a[2][n], s = 0;
    for (int i = 0; i < n; i++) {
        a[0][i] = x[i];
        a[1][i] = x[i + n];
    }
    for (int t = 0; t < 3; t++) {
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                s = sin(s + a[0][j] * a[1][i]);
        for (int i = 0; i < n; i++) {
            a[0][i] = a[0][i] * s + a[1][i];
            a[1][i] = cos(a[1][i]);
        }
    }
    y[0] = s;
    y[1] = a[0][2];
}

ADGEN(vjp)
ADGEN(jvp)
void triangle_downward(const double x[5], double y[1])
{
    int n = 5;
    double v[n];
    for (int i = 0; i < n; i++)
        v[i] = x[i] + 1;
    for (int k = n - 1; k >= 0; k--)
        for (int i = k - 1; i >= 0; i--)
            v[i] = v[i] * v[k] * 0.5;
    y[0] = v[0];
}

/* Not above the start: what is read at k is written later. */
ADGEN(vjp)
ADGEN(jvp)
void index_below_the_start(const double x[6], double y[1])
{
    int n = 6;
    double v[n];
    for (int i = 0; i < n; i++)
        v[i] = x[i];
    for (int k = 2; k < n; k++) {
        int low = k;
        for (int i = k; i < n; i++)
            low = x[i] > 0.6 ? i - 2 : low;
        double t = v[k - 1] * v[k];
        v[low] += t * t;
        v[k] = v[k] * t;
    }
    y[0] = v[n - 1] + v[2];
}

ADGEN(vjp)
ADGEN(jvp)
void stencil_over_time(const double x[9], double y[1])
{
    int m = 3, n = 3, steps = 4;
    double *u = malloc(sizeof(double) * m * n), *next = malloc(sizeof(double) * m * n);
    for (int i = 0; i < m * n; i++)
        u[i] = next[i] = x[i];
    for (int s = 0; s < steps; s++) {
        for (int i = 1; i < m - 1; i++)
            for (int j = 0; j < n - 1; j++)
                next[i * n + j] = u[i * n + j] * u[(i - 1) * n + j] + x[j] * sin(u[(i + 1) * n + j + 1]);
        double *swap = u;
        u = next;
        next = swap;
    }
    double sum = 0;
    for (int i = 0; i < m * n; i++)
        sum += u[i] * u[i];
    free(u);
    free(next);
    y[0] = sum;
}

/* A minimum: what was not taken has no adjoint. */
ADGEN(vjp)
ADGEN(jvp)
void nearest(const double x[8], double y[1])
{
    int n = 2, k = 2, d = 2;
    double total = 0;
    for (int i = 0; i < n; i++) {
        double least = 0;
        for (int c = 0; c < k; c++) {
            double distance = 0;
            for (int j = 0; j < d; j++)
                distance += (x[d * i + j] - x[4 + d * c + j]) * (x[d * i + j] - x[4 + d * c + j]);
            if (c == 0 || distance < least)
                least = distance;
        }
        total += least;
    }
    y[0] = total;
}

ADGEN(vjp)
ADGEN(jvp)
void rectified(const double x[9], double y[2])
{
    int n = 3;
    double out[2] = {0, 0};
    for (int i = 0; i < n; i++) {
        double z = x[6 + i];
        for (int j = 0; j < n; j++)
            z += x[j] * x[3 + j] * x[i];
        double h = z > 0 ? z : 0, g = z > 0 ? 0.1 * z : z;
        for (int r = 0; r < 2; r++)
            out[r] += h * x[r] + g;
    }
    y[0] = out[0];
    y[1] = out[1] * out[0];
}

/* The other result is not zero where the first is. */
ADGEN(vjp)
ADGEN(jvp)
void zero_on_one_side_only(const double x[6], double y[1])
{
    double s = 0;
    for (int i = 0; i < 5; i++) {
        double a = 0, b = 0;
        for (int j = 0; j <= i; j++) {
            a += x[j] * x[j];
            b += sin(x[j]);
        }
        s += a > b ? a * x[5] : b * b;
    }
    y[0] = s;
}

/* Whole numbers chosen by an if. */
ADGEN(vjp)
ADGEN(jvp)
void neighbours_on_a_ring(const double x[6], double y[1])
{
    int n = 6;
    double u[n], v[n];
    for (int i = 0; i < n; i++)
        u[i] = x[i];
    for (int s = 0; s < 3; s++) {
        for (int i = 0; i < n; i++) {
            int left = i == 0 ? n - 1 : i - 1, right;
            if (i == n - 1)
                right = 0;
            else
                right = i + 1;
            v[i] = u[left] * u[right] - 0.5 * u[i] * u[i];
        }
        for (int i = 0; i < n; i++)
            u[i] += 0.1 * v[i];
    }
    y[0] = 0;
    for (int i = 0; i < n; i++)
        y[0] += u[i] * u[i];
}

/* The same element in several iterations: their order counts. */
ADGEN(vjp)
ADGEN(jvp)
void scatter_to_one(const double x[6], double y[2])
{
    int n = 6;
    double v[2] = {1, 2};
    for (int i = 0; i < n; i++)
        v[i / 3] = v[i / 3] * x[i] + x[5 - i];
    for (int i = 0; i < n; i++)
        v[1] = sin(v[1] * x[i]) + v[0];
    y[0] = v[0];
    y[1] = v[1];
}

static const int first_entries[4] = {0, 2, 3, 6}, columns[6] = {0, 2, 1, 0, 1, 2};

static double quadratic(int n, const int first[n + 1], const int column[], const double value[first[n]])
{
    double u[n], v[n], s = 0;
    for (int i = 0; i < n; i++)
        u[i] = 1 + 0.1 * i;
    for (int t = 0; t < 3; t++) {
        for (int i = 0; i < n; i++) {
            v[i] = 0;
            for (int k = first[i]; k < first[i + 1]; k++)
                v[i] += value[k] * u[column[k]];
        }
        for (int i = 0; i < n; i++)
            u[i] = sin(v[i]);
    }
    for (int i = 0; i < n; i++)
        s += u[i];
    return s;
}

/* Extents that are elements; loops whose bounds are. */
ADGEN(vjp)
ADGEN(jvp)
void rows_of_a_sparse_matrix(const double x[6], double y[1])
{
    y[0] = quadratic(3, first_entries, columns, x);
}

/* Only the declaration of its parameter has the extent. */
ADGEN(vjp, wrt(value))
double sum_of_entries(int n, const int first[n + 1], const double value[first[n]])
{
    return n > 0 ? value[0] * value[0] : 0;
}

/* What is stored behind the sum has an adjoint from there and from the store, whose reverse stands in front. */
ADGEN(vjp)
ADGEN(jvp)
void stored_behind_a_sum(const double x[3], double y[2])
{
    double a = x[0];
    double v = a > 0.1 ? 0.5 : x[1] * a;
    for (int i = 0; i < 3; i++)
        v += 0.125;
    y[1] = a;
    y[0] = v * a;
}

/* What is declared behind one fused loop is read in the next one, and again behind that: it has one adjoint. */
ADGEN(vjp)
ADGEN(jvp)
void locals_between_sums(const double x[6], double y[1])
{
    double s = 0, r = 0;
    for (int i = 0; i < 6; i++)
        s += x[i] * x[i];
    double t[3];
    t[0] = x[0] * x[1];
    t[1] = sin(x[1]);
    t[2] = x[2] * x[0];
    const int k = s > 0 ? 2 : 1;
    for (int i = 0; i < 3; i++)
        r += t[i] * t[(i + k) % 3];
    r += t[k] * t[0];
    double u[3];
    for (int i = 0; i < 3; i++)
        u[i] = t[i] * x[3 + i];
    for (int i = 0; i < 3; i++)
        r += u[i] * t[i] * u[(i + k) % 3];
    y[0] = s + r + u[k] * t[k];
}

/* The inner loop goes through two elements of t, not through n. */
ADGEN(vjp)
ADGEN(jvp)
void bound_that_is_narrowed(const double x[3], double y[1])
{
    int n = 258 + (x[0] > 5);
    double t[n], s = 0;
    memset(t, 0, n * sizeof *t);
    t[200] = x[2];
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < (unsigned char)n; j++)
            t[j] = x[j] * x[i];
        s += t[0] * t[1] * t[200];
        t[200] *= t[1];
    }
    y[0] = s;
}
