/* Reverse loops that stride through memory change places with the loop around them. And some that must not.
 *
 * CHECK product 9 1 -1 1
 * CHECK product_of_all_sizes 8 1 -1 1
 * CHECK transposed_times_vector 9 2 -1 1
 * CHECK scaled_in_front 8 1 0.5 1.5
 * CHECK two_inner_loops 8 1 -1 1
 * CHECK steps_and_bounds 8 1 -1 1
 * CHECK in_time 8 1 -0.3 0.3
 * CHECK next_column_needs_it 8 1 -0.5 0.5
 * CHECK triangle 8 1 -1 1
 * CHECK onto_itself 8 1 -0.5 0.5
 * CHECK shifted_within_one_array 8 1 -0.5 0.5
 * CHECK columns_looked_up 8 1 -1 1
 * CHECK in_single_precision 8 1 -1 1 single
 */
#include <adgen/adgen.h>
#include <math.h>

#define BOTH ADGEN(vjp) ADGEN(jvp)

/* Many numbers from few. */
static void spread(int n, const double *x, int k, double *field)
{
    for (int i = 0; i < n; i++)
        field[i] = x[i % k] * (1 + 0.01 * i) + 0.1 * (i % 5);
}

static double weigh(int n, const double *field)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += (1 + 0.1 * (i % 7)) * field[i] * field[i];
    return sum;
}

BOTH
void product(const double x[9], double y[1])
{
    double A[5][9], B[9][11], C[5][11];
    spread(5 * 9, x, 4, &A[0][0]);
    spread(9 * 11, x + 4, 5, &B[0][0]);
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 11; j++) {
            double sum = 0;
            for (int k = 0; k < 9; k++)
                sum += A[i][k] * B[k][j];
            C[i][j] = sum;
        }
    y[0] = weigh(5 * 11, &C[0][0]) / 50;
}

/* Bounds that are not known before: also loops that do not run. */
BOTH
void product_of_all_sizes(const double x[8], double y[1])
{
    double A[9][9], B[9][9], C[9][9], total = 0;
    spread(9 * 9, x, 4, &A[0][0]);
    spread(9 * 9, x + 4, 4, &B[0][0]);
    for (int s = 0; s < 6; s++) {
        const int rows = s == 0 ? 0 : 3, columns = s == 1 ? -1 : 1 + s, inner = s == 2 ? 0 : 9 - s;
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) {
                C[i][j] = 0.1 * s;
                for (int k = 0; k < inner; k++)
                    C[i][j] += A[i][k] * B[k][j];
            }
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                total += C[i][j] * C[i][j];
    }
    y[0] = total / 50;
}

BOTH
void transposed_times_vector(const double x[9], double y[2])
{
    double A[10][12], v[10], w[12];
    spread(10 * 12, x, 5, &A[0][0]);
    spread(10, x + 5, 4, v);
    for (int j = 0; j < 12; j++) {
        w[j] = 0;
        for (int k = 0; k < 10; k++)
            w[j] += A[k][j] * v[k];
    }
    y[0] = weigh(12, w) / 50;
    y[1] = w[3];
}

/* The inner loop needs what is computed in front of it. */
BOTH
void scaled_in_front(const double x[8], double y[1])
{
    double A[9][9], B[9][9], C[9][9], scale[9];
    spread(81, x, 4, &A[0][0]);
    spread(81, x + 4, 4, &B[0][0]);
    spread(9, x, 8, scale);
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 9; j++) {
            double sum = 0;
            for (int k = 0; k < 9; k++)
                sum += A[i][k] * B[k][j];
            C[i][j] = 0.5 * sum * scale[j];
        }
    y[0] = weigh(81, &C[0][0]) / 50;
}

BOTH
void two_inner_loops(const double x[8], double y[1])
{
    double A[9][9], B[9][9], C[9][9], D[9][9];
    spread(81, x, 4, &A[0][0]);
    spread(81, x + 4, 4, &B[0][0]);
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 9; j++) {
            C[i][j] = 0;
            for (int k = 0; k < 9; k++)
                C[i][j] += A[i][k] * B[k][j];
            D[i][j] = A[i][j];
            for (int k = 0; k < 8; k++)
                D[i][j] += C[i][j] * B[k][j] * A[k][j];
        }
    y[0] = (weigh(81, &C[0][0]) + weigh(81, &D[0][0])) / 500;
}

BOTH
void steps_and_bounds(const double x[8], double y[1])
{
    double A[20][20], B[20][20], C[20][20];
    spread(400, x, 4, &A[0][0]);
    spread(400, x + 4, 4, &B[0][0]);
    for (int i = 19; i >= 0; i -= 3)
        for (int j = 18; j > 1; j--) {
            double sum = 0;
            for (int k = 2; k <= 18; k += 2)
                sum += A[i][k] * B[k][j + 1];
            C[i][j] = sum;
        }
    double total = 0;
    for (int i = 1; i < 20; i += 3)
        for (int j = 2; j < 19; j++)
            total += C[i][j] * C[i][j];
    y[0] = total / 500;
}

/* What the products are made of is overwritten. */
BOTH
void in_time(const double x[8], double y[1])
{
    double A[9][9], P[9][9], Q[9][9];
    spread(81, x, 8, &A[0][0]);
    for (int i = 0; i < 81; i++)
        P[i / 9][i % 9] = i % 10 == 0;
    for (int t = 0; t < 4; t++) {
        for (int i = 0; i < 9; i++)
            for (int j = 0; j < 9; j++) {
                Q[i][j] = 0;
                for (int k = 0; k < 9; k++)
                    Q[i][j] += A[i][k] * P[k][j];
            }
        for (int i = 0; i < 81; i++)
            P[i / 9][i % 9] = tanh(Q[i / 9][i % 9]);
    }
    y[0] = weigh(81, &P[0][0]) / 10;
}

/* The adjoint of a column is complete only when the next one is through. */
BOTH
void next_column_needs_it(const double x[8], double y[1])
{
    double A[9][9], B[9][9], C[9][10];
    spread(81, x, 4, &A[0][0]);
    spread(81, x + 4, 4, &B[0][0]);
    for (int i = 0; i < 9; i++) {
        C[i][0] = x[0];
        for (int j = 0; j < 9; j++) {
            double sum = 0.5 * C[i][j];
            for (int k = 0; k < 9; k++)
                sum += A[i][k] * B[k][j];
            C[i][j + 1] = sum;
        }
    }
    y[0] = weigh(90, &C[0][0]) / 500;
}

BOTH
void triangle(const double x[8], double y[1])
{
    double A[12][12], B[12][12], C[12][12];
    spread(144, x, 4, &A[0][0]);
    spread(144, x + 4, 4, &B[0][0]);
    double total = 0;
    for (int i = 0; i < 12; i++)
        for (int j = 0; j < 12; j++) {
            double sum = 0;
            for (int k = 0; k <= j; k++)
                sum += A[i][k] * B[k][j];
            C[i][j] = sum;
            total += C[i][j] * C[i][j];
        }
    y[0] = total / 500;
}

/* What is read is what is added to. */
BOTH
void onto_itself(const double x[8], double y[1])
{
    double A[10][10];
    spread(100, x, 8, &A[0][0]);
    for (int j = 1; j < 10; j++)
        for (int k = 0; k < 9; k++)
            A[k][j] += 0.3 * A[k + 1][j - 1] * A[0][j - 1];
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < 10; j++)
            for (int k = 0; k < 10; k++)
                A[i][j] -= 0.01 * A[i][k] * A[k][j];
    y[0] = weigh(100, &A[0][0]) / 100;
}

static void multiply(int n, double (*A)[9], double (*B)[9], double (*C)[9])
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int k = 0; k < n; k++)
                sum += A[i][k] * B[k][j];
            C[i][j] = sum;
        }
}

/* The product overwrites rows of its factors. */
BOTH
void shifted_within_one_array(const double x[8], double y[1])
{
    double all[22][9];
    spread(198, x, 8, &all[0][0]);
    multiply(9, all, all + 4, all + 13);
    multiply(8, all + 13, all + 2, all + 11);
    y[0] = weigh(198, &all[0][0]) / 5000;
}

BOTH
void columns_looked_up(const double x[8], double y[1])
{
    double A[9][9], B[9][9], C[9][9];
    int column[9];
    spread(81, x, 4, &A[0][0]);
    spread(81, x + 4, 4, &B[0][0]);
    for (int j = 0; j < 9; j++)
        column[j] = (4 * j + 2) % 9;
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 9; j++) {
            C[i][j] = 0;
            for (int k = 0; k < 9; k++)
                C[i][j] += A[i][column[k]] * B[k][column[j]] + A[i][column[j]] * B[column[k]][j];
        }
    y[0] = weigh(81, &C[0][0]) / 500;
}

BOTH
void in_single_precision(const double x[8], double y[1])
{
    float A[9][9], B[9][9], C[9][9], total = 0;
    for (int i = 0; i < 81; i++) {
        A[i / 9][i % 9] = (float)x[i % 8] * (1 + 0.01F * (float)i);
        B[i % 9][i / 9] = (float)x[i % 5] - 0.1F * (float)(i % 4);
    }
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 9; j++) {
            float sum = 0;
            for (int k = 0; k < 9; k++)
                sum += A[i][k] * B[k][j];
            C[i][j] = sum;
        }
    for (int i = 0; i < 81; i++)
        total += C[i / 9][i % 9] * C[i / 9][i % 9];
    y[0] = total / 50;
}
