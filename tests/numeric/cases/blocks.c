/* Loops whose iterations run side by side, in blocks. And some that only look as if they could.
 *
 * CHECK moving_average 9 1 -1 1
 * CHECK all_lengths 7 1 -1 1
 * CHECK convolution 9 1 -1 1
 * CHECK convolution_with_output 6 3 -1 1
 * CHECK root_of_a_convolution 6 1 0.2 1.2
 * CHECK polynomial 6 1 -1 1
 * CHECK two_recurrences 4 1 -0.9 0.9
 * CHECK spline 10 1 -1 1
 * CHECK looked_up_on_both_sides 9 2 -1 1
 * CHECK below_zero 8 1 -1 1
 * CHECK private_scratch 6 1 -1 1
 * CHECK private_scratch_of_many 5 1 -1 1
 * CHECK a_private_number 5 1 -1 1
 * CHECK bounds_in_the_source 7 1 -1 1
 * CHECK counter_without_sign 6 1 -1 1
 * CHECK sum_goes_on 6 1 -1 1
 * CHECK row_of_the_outer_loop 6 1 -1 1
 * CHECK reads_what_it_adds_to 6 2 -1 1
 * CHECK shifted_by_one 6 2 -1 1
 * CHECK in_single_precision 8 1 -1 1 single
 * CHECK cut_off 7 1 -1 1
 * CHECK rows_of_all_lengths 8 1 -1 1
 * CHECK rows_in_place 8 1 -1 1
 * CHECK rows_of_two_sums 8 2 -1 1
 * CHECK rows_that_wait 8 1 -1 1
 * CHECK row_that_changes 8 1 -1 1
 * CHECK rows_eliminated 8 1 -0.2 0.2
 * CHECK row_that_is_eliminated 8 1 -1 1
 * CHECK few_rows 8 1 -0.5 0.5
 */
#include <adgen/adgen.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define BOTH ADGEN(vjp) ADGEN(jvp)

/* Many numbers from few. */
static void spread(int n, const double *x, int k, double *field)
{
    for (int i = 0; i < n; i++)
        field[i] = x[i % k] * (1 + 0.01 * i) + 0.1 * (i % 5);
}

BOTH
void moving_average(const double x[9], double y[1])
{
    double field[150];
    spread(150, x, 4, field);
    double misfit = 0;
    for (int i = 0; i < 146; i++) {
        double sum = 0;
        for (int q = 0; q < 5; q++)
            sum += x[4 + q] * field[i + q];
        misfit += (sum - 0.3) * (sum - 0.3);
    }
    y[0] = 0.5 * misfit;
}

/* Empty, shorter than a block, as long, longer: n is known at run time. */
BOTH
void all_lengths(const double x[7], double y[1])
{
    double field[140];
    spread(140, x, 3, field);
    double misfit = 0;
    for (int s = 0; s < 7; s++) {
        int n = s == 0 ? -3 : s == 1 ? 0 : s == 2 ? 1 : s == 3 ? 63 : s == 4 ? 64 : s == 5 ? 65 : 129;
        for (int i = 0; i < n; i++) {
            double sum = x[6];
            for (int q = 0; q < 3; q++)
                sum += x[3 + q] * field[i + q];
            misfit += sum * sum / 100 + sum * field[i];
        }
    }
    y[0] = misfit;
}

BOTH
void convolution(const double x[9], double y[1])
{
    double image[12][90];
    spread(12 * 90, x, 5, &image[0][0]);
    double misfit = 0;
    for (int i = 0; i <= 12 - 2; i++)
        for (int j = 0; j <= 90 - 2; j++) {
            double sum = 0;
            for (int p = 0; p < 2; p++)
                for (int q = 0; q < 2; q++)
                    sum += x[5 + 2 * p + q] * image[i + p][j + q];
            misfit += (sum - 0.1 * j) * (sum - 0.1 * j) * 1e-3;
        }
    y[0] = 0.5 * misfit;
}

/* What it writes besides nobody reads in the loop. */
BOTH
void convolution_with_output(const double x[6], double y[3])
{
    double field[100], out[100];
    spread(100, x, 3, field);
    double total = 0;
    for (int i = 1; i <= 97; i++) {
        double sum = 0;
        for (int q = 0; q < 3; q++)
            sum += x[3 + q] * field[i + q];
        out[i] = sum;
        total += tanh(sum);
    }
    y[0] = total;
    y[1] = out[5] * out[97];
    y[2] = out[64];
}

BOTH
void root_of_a_convolution(const double x[6], double y[1])
{
    double field[100];
    spread(100, x, 3, field);
    double total = 0;
    for (int i = 0; i < 98; i++) {
        double sum = 0;
        for (int q = 0; q < 3; q++)
            sum += x[3 + q] * field[i + q];
        total += sum * sum;
    }
    y[0] = sqrt(total);
}

BOTH
void polynomial(const double x[6], double y[1])
{
    double at[130];
    spread(130, x, 2, at);
    double total = 0;
    for (int i = 0; i < 130; i++) {
        double p = 0;
        for (int k = 0; k < 4; k++)
            p += x[2 + k] * at[i];
        total += p * at[i];
    }
    y[0] = total;
}

/* Both are carried, and each is made of the other. */
BOTH
void two_recurrences(const double x[4], double y[1])
{
    double at[100];
    spread(100, x, 2, at);
    double total = 0;
    for (int i = 0; i < 100; i++) {
        double a = at[i], b = 1, c = 0;
        for (int k = 0; k < 7; k++) {
            double t = 0.1 * k + 0.5 * b;
            b = 0.3 * a + 0.1;
            a = t;
            c += x[2] * at[i];
        }
        total += (c + x[3]) * c * (a + b);
    }
    y[0] = total * 0.01;
}

BOTH
void spline(const double x[10], double y[1])
{
    double misfit = 0;
    for (int i = 0; i < 150; i++) {
        double at = 0.013 * i * i / 40 / (1.1 + x[9]);
        int k = (int)floor(at);
        if (k > 5)
            k = 5;
        double t = at - k, weight[4];
        weight[0] = (1 - t) * (1 - t) * (1 - t) / 6;
        weight[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
        weight[2] = (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6;
        weight[3] = t * t * t / 6;
        double value = 0;
        for (int j = 0; j < 4; j++)
            value += weight[j] * x[k + j];
        misfit += (value - 0.01 * i) * (value - 0.01 * i);
    }
    y[0] = 0.01 * misfit;
}

/* Taken from one place of a table and added, in reverse, to two. */
BOTH
void looked_up_on_both_sides(const double x[9], double y[2])
{
    double total = 0, other = 0;
    for (int i = 0; i < 100; i++) {
        int k = (i * 7 + 3) % 4, l = (i * i) % 5;
        double a = x[k], b = x[4 + l];
        double r = a * a + b * b + 1, u = a * b / r, v = (a - b) * (a + b) / (r * r);
        double w = u * v + u * u * 0.5 - v * v * v;
        total += w * w * u + a * v;
        other += w - u * v * b;
    }
    y[0] = total;
    y[1] = other * 0.1;
}

/* floor and a conversion differ for negative numbers. */
BOTH
void below_zero(const double x[8], double y[1])
{
    double total = 0;
    for (int i = 0; i < 140; i++) {
        double at = 0.05 * i - 3.5;
        int k = (int)floor(at);
        double t = at - k, u = 1 - t;
        double a = x[k + 4], b = x[k < 3 ? k + 5 : 0];
        double s = a * u * u * (1 + 2 * t) + b * t * t * (3 - 2 * t) + a * b * t * u;
        total += s * s * (1 + a * t) + u * b;
    }
    y[0] = 0.1 * total;
}

/* Each iteration has scratch of its own; the loops over it are too long to be written out. */
BOTH
void private_scratch(const double x[6], double y[1])
{
    double at[90];
    spread(90, x, 3, at);
    double total = 0;
    for (int i = 0; i < 90; i++) {
        double basis[8];
        basis[0] = 1;
        basis[1] = at[i];
        for (int k = 2; k < 8; k++)
            basis[k] = 0.5 * at[i] * basis[k - 1] - 0.2 * basis[k - 2];
        double sum = 0;
        for (int k = 0; k < 8; k++)
            sum += basis[k] * x[3 + k % 3];
        total += sum * 0.1;
    }
    y[0] = total;
}

BOTH
void private_scratch_of_many(const double x[5], double y[1])
{
    double at[90];
    spread(90, x, 2, at);
    double total = 0;
    for (int i = 0; i < 90; i++) {
        double table[7][2];
        for (int k = 0; k < 7; k++) {
            table[k][0] = at[i] + x[2] * k;
            table[k][1] = at[i] * x[3] - k;
        }
        double sum = x[4];
        for (int k = 0; k < 7; k++)
            sum += table[k][0] * table[6 - k][1];
        total += sum * sum * 1e-3;
    }
    y[0] = total;
}

static void add_to(double *sum, double term)
{
    *sum += term;
}

BOTH
void a_private_number(const double x[5], double y[1])
{
    double at[90];
    spread(90, x, 2, at);
    double total = 0;
    for (int i = 0; i < 88; i++) {
        double sum = 0;
        for (int q = 0; q < 3; q++)
            add_to(&sum, at[i + q] * x[2 + q]);
        total += sum * sum;
    }
    y[0] = 0.1 * total;
}

BOTH
void bounds_in_the_source(const double x[7], double y[1])
{
    double field[120];
    spread(120, x, 3, field);
    int n = 100 + (x[0] > 5), m = 3 + (x[1] > 5);
    double first = 0, second = 0;
    for (int i = 2; i <= n; i++) {
        double sum = 0;
        for (int q = 1; q <= m; q++)
            sum += x[3 + q - 1] * field[i + q];
        first += sum * sum * 0.1;
    }
    for (long i = 5; i < n; ++i) {
        double sum = 0;
        for (long q = m - 1; q >= 0; q--)
            sum += x[3 + q] * field[i - q];
        second += sum * (1 - sum);
    }
    y[0] = first + 0.1 * second;
}

BOTH
void counter_without_sign(const double x[6], double y[1])
{
    double field[120];
    spread(120, x, 3, field);
    size_t n = 110;
    n += x[0] > 5;
    double total = 0;
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (unsigned q = 0; q < 3; q++)
            sum += x[3 + q] * field[i + q];
        total += sum * sum * (double)i;
    }
    y[0] = total * 1e-3;
}

/* The sum of the outer loop grows in the inner one: its order is that of the iterations. */
BOTH
void sum_goes_on(const double x[6], double y[1])
{
    double field[120];
    spread(120, x, 3, field);
    double total = 0;
    for (int i = 0; i < 110; i++)
        for (int q = 0; q < 3; q++)
            total += x[3 + q] * field[i + q] * field[i];
    y[0] = total;
}

/* What is beside each other is so for the outer loop's next iteration, too far for the inner one's. */
BOTH
void row_of_the_outer_loop(const double x[6], double y[1])
{
    double table[3][100], total = 0;
    spread(300, x, 3, &table[0][0]);
    for (int j = 0; j < 100; j++) {
        double sum = 0;
        for (int i = 0; i < 3; i++)
            sum += table[i][j] * x[3 + i];
        total += sum * sum;
    }
    y[0] = 1e-3 * total;
}

BOTH
void reads_what_it_adds_to(const double x[6], double y[2])
{
    double field[100], bins[4] = {0, 0, 0, 0};
    spread(100, x, 6, field);
    double total = 0;
    for (int i = 0; i < 90; i++) {
        double sum = 0;
        for (int q = 0; q < 3; q++)
            sum += x[q] * field[i + q];
        bins[i % 4] += sum;
        total += bins[(i + 1) % 4] * 0.01;
    }
    y[0] = total;
    y[1] = bins[2] * bins[1] * 1e-2;
}

BOTH
void shifted_by_one(const double x[6], double y[2])
{
    double field[100];
    spread(100, x, 3, field);
    double total = 0;
    for (int i = 0; i < 96; i++) {
        double sum = 0;
        for (int q = 0; q < 3; q++)
            sum += x[3 + q] * field[i + q];
        field[i + 1] = 0.3 * sum;
        total += sum;
    }
    y[0] = total;
    y[1] = field[96];
}

BOTH
void in_single_precision(const double x[8], double y[1])
{
    float field[100], total = 0;
    for (int i = 0; i < 100; i++)
        field[i] = (float)x[i % 5] * (1 + 0.01f * (float)i);
    for (int i = 0; i < 97; i++) {
        float sum = 0;
        for (int q = 0; q < 3; q++)
            sum += (float)x[5 + q] * field[i + q];
        total += sum * sum;
    }
    y[0] = 0.01f * total;
}

/* A choice in an iteration stays one. */
BOTH
void cut_off(const double x[7], double y[1])
{
    double field[100];
    spread(100, x, 3, field);
    double total = 0;
    for (int i = 0; i < 97; i++) {
        double sum = 0;
        for (int q = 0; q < 4; q++)
            sum += x[3 + q] * field[i + q];
        double r = sum > 0 ? sum : 0.01 * sum;
        total += r * r;
    }
    y[0] = 0.1 * total;
}

/* A few rows at once, and what is left: from no row to more than two blocks. */
BOTH
void rows_of_all_lengths(const double x[8], double y[1])
{
    double A[64][8], bias[64], out[64], total = 0;
    spread(19 * 8, x, 5, &A[0][0]);
    spread(19, x + 5, 3, bias);
    for (int s = 0; s < 7; s++) {
        const int n = s == 0 ? -2 : s == 1 ? 0 : s == 2 ? 1 : s == 3 ? 7 : s == 4 ? 8 : s == 5 ? 9 : 19;
        for (int i = 0; i < n; i++) {
            double sum = bias[i];
            for (int k = 0; k < 8; k++)
                sum += A[i][k] * x[k];
            out[i] = tanh(sum);
        }
        for (int i = 0; i < n; i++)
            total += out[i] * out[i] * (1 + 0.1 * i);
    }
    y[0] = total;
}

/* Elimination in place: the rows below row j, each for itself. */
BOTH
void rows_in_place(const double x[8], double y[1])
{
    double L[65][14], total = 0;
    const int n = x[0] > 100 ? 3 : 14;
    spread(14 * 14, x, 8, &L[0][0]);
    for (int j = 0; j < n; j++) {
        double sum = 30 + L[j][j];
        for (int k = 0; k < j; k++)
            sum -= 0.1 * L[j][k] * L[j][k];
        L[j][j] = sqrt(sum);
        for (int i = j + 1; i < n; i++) {
            sum = L[i][j];
            for (int k = 0; k < j; k++)
                sum -= L[i][k] * L[j][k];
            L[i][j] = sum / L[j][j];
        }
    }
    for (int i = 0; i < n; i++)
        total += L[i][i] + L[i][0];
    y[0] = total;
}

/* Two sums for each, with an unsigned counter that does not begin at 0. */
BOTH
void rows_of_two_sums(const double x[8], double y[2])
{
    double A[67][8], B[8][8], out[67];
    const size_t n = x[0] > 100 ? 2 : 15;
    spread(15 * 8, x, 4, &A[0][0]);
    spread(8 * 8, x + 4, 4, &B[0][0]);
    out[0] = out[1] = out[2] = x[7];
    for (size_t i = 3; i < n; i++) {
        double sum = 0.1 * x[1], squares = 0;
        for (int k = 0; k < 8; k++) {
            sum += A[i][k] * B[k][3];
            squares += A[i][k] * A[i - 1][k];
        }
        out[i] = sum / (5 + squares);
    }
    y[0] = y[1] = 0;
    for (size_t i = 0; i < n; i++) {
        y[0] += out[i] * out[i];
        y[1] += out[i] * (double)i;
    }
}

/* Each row needs the one before it. */
BOTH
void rows_that_wait(const double x[8], double y[1])
{
    double A[65][8], total = 0;
    const int n = x[0] > 100 ? 3 : 12;
    spread(13 * 8, x, 8, &A[0][0]);
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = 0; k < 8; k++)
            sum += A[i][k] * x[k];
        A[i + 1][2] = 0.1 * sum;
        total += sum * sum;
    }
    y[0] = total;
}

/* Row j is among the rows that change. */
BOTH
void row_that_changes(const double x[8], double y[1])
{
    double A[64][13], total = 0;
    const int n = x[0] > 100 ? 3 : 13;
    spread(13 * 13, x, 8, &A[0][0]);
    for (int j = 1; j < n; j++)
        for (int i = j; i < n; i++) {
            double sum = A[i][j];
            for (int k = 0; k < j; k++)
                sum -= 0.02 * A[i][k] * A[j][k] + 0.001 * A[j][j];
            A[i][j] = sum;
        }
    for (int i = 0; i < n; i++)
        total += A[i][n - 1] * A[n - 1][i];
    y[0] = total;
}

/* Backwards, rows below row k add to row k. */
BOTH
void rows_eliminated(const double x[8], double y[1])
{
    double U[65][14], result = 1;
    const int n = x[0] > 100 ? 3 : 14;
    spread(14 * 14, x, 8, &U[0][0]);
    for (int i = 0; i < n; i++)
        U[i][i] += 8;
    for (int k = 0; k < n; k++) {
        result *= U[k][k] / 8;
        for (int i = k + 1; i < n; i++) {
            const double factor = U[i][k] / U[k][k];
            for (int j = k + 1; j < n; j++)
                U[i][j] -= factor * U[k][j];
        }
    }
    y[0] = result;
}

/* Row k is one of those that it is subtracted from. */
BOTH
void row_that_is_eliminated(const double x[8], double y[1])
{
    double U[64][14], total = 0;
    const int n = x[0] > 100 ? 3 : 14;
    spread(14 * 14, x, 8, &U[0][0]);
    for (int k = 0; k < n; k++)
        for (int i = k; i < n; i++) {
            const double factor = 0.02 * U[i][k];
            for (int j = k + 1; j < n; j++)
                U[i][j] -= factor * U[k][j];
        }
    for (int i = 0; i < n; i++)
        total += U[i][n - 1] * U[n - 1][i];
    y[0] = total;
}

/* No block fits into the array. */
BOTH
void few_rows(const double x[8], double y[1])
{
    double U[4][4], result = 1;
    const int n = x[0] > 100 ? 2 : 4;
    spread(16, x, 8, &U[0][0]);
    for (int k = 0; k < n; k++) {
        U[k][k] += 4;
        result *= U[k][k];
        for (int i = k + 1; i < n; i++) {
            const double factor = U[i][k] / U[k][k];
            for (int j = k + 1; j < n; j++)
                U[i][j] -= factor * U[k][j];
        }
    }
    y[0] = result / 100;
}
