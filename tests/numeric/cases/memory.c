/* Memory: arrays overwritten, local arrays, gather and scatter, matrices.
 *
 * DIRECTIONS 3
 * SPARSE
 * CHECK prefix_product 5 5 0.5 1.5
 * CHECK suffix_update 5 5 0.5 1.5
 * CHECK downward_neighbour 5 5 0.5 1.5
 * CHECK overwritten_after_use 3 2 0.5 1.5
 * CHECK zeroed_afterwards 4 2 0.5 1.5
 * CHECK running_maximum 6 2 -1 1
 * CHECK local_arrays 4 4 -1 1
 * CHECK scratch_in_loop 4 1 -1 1
 * CHECK scratch_vla 4 1 -1 1
 * CHECK gather_scatter 5 3 -1 1
 * CHECK repeated_indices 4 4 -1 1
 * CHECK output_read_back 3 3 0.5 1.5
 * CHECK matrix_vector 12 3 -1 1
 * CHECK matrix_matrix 8 4 -1 1
 * CHECK cholesky 6 6 0.1 0.3
 * CHECK lu_solve 12 3 0.1 0.9
 * CHECK bubble_sort 5 5 -1 1
 * CHECK ping_pong 6 6 0 1
 * CHECK copies 6 6 0 1
 * CHECK walking_pointers 6 2 0 1
 * CHECK helper_updates 4 4 0.2 1
 * CHECK pointer_outputs 2 2 0.2 1
 * CHECK convolution 10 4 -1 1
 * CHECK two_loops_store 6 1 0.2 1
 * CHECK conditional_store 6 6 -1 1
 * CHECK global_table 3 1 -1 1
 * CHECK choice_read_late 4 3 -1 1
 * CHECK three_dimensions 12 2 -1 1
 * CHECK array_on_a_branch 6 1 0.2 0.9
 * CHECK weighted_bones 8 3 0.5 1.5
 * CHECK extents_that_are_narrowed 4 2 -1 1
 */
#include <adgen/adgen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

ADGEN(vjp)
ADGEN(jvp)
void prefix_product(const double x[5], double y[5])
{
    for (int i = 0; i < 5; i++)
        y[i] = x[i];
    for (int i = 1; i < 5; i++)
        y[i] = y[i - 1] * y[i];
}

ADGEN(vjp)
ADGEN(jvp)
void suffix_update(const double x[5], double y[5])
{
    for (int i = 0; i < 5; i++)
        y[i] = sin(x[i]);
    for (int i = 0; i < 4; i++)
        y[i] *= y[i + 1];
}

ADGEN(vjp)
ADGEN(jvp)
void downward_neighbour(const double x[5], double y[5])
{
    for (int i = 0; i < 5; i++)
        y[i] = x[i] * x[i];
    for (int i = 4; i > 0; i--)
        y[i] *= y[i - 1];
    for (int i = 4; i > 0; i--)
        y[i - 1] = y[i] * y[i - 1];
}

ADGEN(vjp)
ADGEN(jvp)
void overwritten_after_use(const double x[3], double y[2])
{
    double t[2];
    t[0] = x[0] * x[1];
    t[1] = t[0] * x[2];
    t[0] = exp(t[1]);
    t[1] = t[1] * t[0];
    y[0] = t[0];
    y[1] = t[1];
}

ADGEN(vjp)
ADGEN(jvp)
void zeroed_afterwards(const double x[4], double y[2])
{
    double t[4];
    double s = 0;
    for (int i = 0; i < 4; i++)
        t[i] = x[i] * x[i];
    for (int i = 0; i < 4; i++)
        s += t[i] * t[3 - i];
    for (int i = 0; i < 4; i++)
        t[i] = 0;
    y[0] = s;
    y[1] = t[1] + x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void running_maximum(const double x[6], double y[2])
{
    double m = x[0], s = 0;
    for (int i = 0; i < 6; i++) {
        if (x[i] > m)
            m = x[i];
        s += m * x[i];
    }
    y[0] = m;
    y[1] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void local_arrays(const double x[4], double y[4])
{
    double a[4] = {0}, b[2][2] = {{1, 2}, {3}};
    for (int i = 0; i < 4; i++)
        a[i] += x[i];
    b[1][1] = x[0];
    b[0][0] *= x[1];
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            y[2 * i + j] = a[2 * i + j] * b[j][i];
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_in_loop(const double x[4], double y[1])
{
    double s = 0;
    for (int k = 0; k < 3; k++) {
        double t[4];
        for (int i = 0; i < 4; i++)
            t[i] = x[i] * (k + 1) + s;
        for (int i = 0; i < 3; i++)
            t[i + 1] += sin(t[i]);
        s += t[3];
    }
    y[0] = s;
}

static double vla_helper(int n, const double *x)
{
    double t[n], u[2][n];
    for (int i = 0; i < n; i++) {
        t[i] = x[i] * x[i];
        u[0][i] = t[i];
        u[1][i] = t[i] * x[0];
    }
    double s = 0;
    for (int i = 0; i < n; i++)
        s += u[0][i] * u[1][n - 1 - i];
    return s;
}

ADGEN(vjp)
ADGEN(jvp)
void scratch_vla(const double x[4], double y[1])
{
    double s = 0;
    for (int n = 2; n <= 4; n++)
        s += vla_helper(n, x);
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void gather_scatter(const double x[5], double y[3])
{
    const int from[] = {4, 0, 2, 2, 1};
    int to[5] = {0, 1, 2, 0, 1};
    for (int j = 0; j < 3; j++)
        y[j] = 0;
    for (int i = 0; i < 5; i++)
        y[to[i]] += x[from[i]] * x[i];
}

ADGEN(vjp)
ADGEN(jvp)
void repeated_indices(const double x[4], double y[4])
{
    int idx[6] = {0, 1, 1, 2, 0, 3};
    for (int j = 0; j < 4; j++)
        y[j] = x[j];
    for (int k = 0; k < 6; k++)
        y[idx[k]] = y[idx[k]] * y[idx[5 - k]] + x[k % 4];
}

ADGEN(vjp)
ADGEN(jvp)
void output_read_back(const double x[3], double y[3])
{
    y[0] = x[0] * x[1];
    y[1] = y[0] * x[2];
    y[0] = y[0] + y[1];
    y[2] = y[0] * y[1];
    y[1] *= 3;
}

static void gemv(int m, int n, double A[m][n], const double x[n], double y[m])
{
    for (int i = 0; i < m; i++) {
        double s = 0;
        for (int j = 0; j < n; j++)
            s += A[i][j] * x[j];
        y[i] = s;
    }
}

ADGEN(vjp)
ADGEN(jvp)
void matrix_vector(const double x[12], double y[3])
{
    double A[3][3];
    for (int i = 0; i < 9; i++)
        A[i / 3][i % 3] = x[i];
    gemv(3, 3, A, x + 9, y);
}

static void gemm(int n, double A[n][n], double B[n][n], double C[n][n])
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            C[i][j] = 0;
            for (int k = 0; k < n; k++)
                C[i][j] += A[i][k] * B[k][j];
        }
}

ADGEN(vjp)
ADGEN(jvp)
void matrix_matrix(const double x[8], double y[4])
{
    double A[2][2], B[2][2], C[2][2], D[2][2];
    for (int i = 0; i < 4; i++) {
        A[i / 2][i % 2] = x[i];
        B[i / 2][i % 2] = x[4 + i];
    }
    gemm(2, A, B, C);
    gemm(2, C, A, D);
    for (int i = 0; i < 4; i++)
        y[i] = D[i / 2][i % 2];
}

ADGEN(vjp)
ADGEN(jvp)
void cholesky(const double x[6], double y[6])
{
    double A[3][3], L[3][3] = {{0}};
    int k = 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j <= i; j++)
            A[i][j] = x[k++] + (i == j ? 2 : 0);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j <= i; j++) {
            double s = A[i][j];
            for (int l = 0; l < j; l++)
                s -= L[i][l] * L[j][l];
            L[i][j] = i == j ? sqrt(s) : s / L[j][j];
        }
    k = 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j <= i; j++)
            y[k++] = L[i][j];
}

ADGEN(vjp)
ADGEN(jvp)
void lu_solve(const double x[12], double y[3])
{
    double A[3][3], b[3];
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++)
            A[i][j] = x[3 * i + j] + (i == j ? 3 : 0);
        b[i] = x[9 + i];
    }
    for (int k = 0; k < 3; k++)
        for (int i = k + 1; i < 3; i++) {
            A[i][k] /= A[k][k];
            for (int j = k + 1; j < 3; j++)
                A[i][j] -= A[i][k] * A[k][j];
            b[i] -= A[i][k] * b[k];
        }
    for (int i = 2; i >= 0; i--) {
        for (int j = i + 1; j < 3; j++)
            b[i] -= A[i][j] * b[j];
        b[i] /= A[i][i];
    }
    for (int i = 0; i < 3; i++)
        y[i] = b[i];
}

ADGEN(vjp)
ADGEN(jvp)
void bubble_sort(const double x[5], double y[5])
{
    for (int i = 0; i < 5; i++)
        y[i] = x[i] * x[i];
    for (int i = 0; i < 5; i++)
        for (int j = 0; j + 1 < 5 - i; j++)
            if (y[j] > y[j + 1]) {
                double t = y[j];
                y[j] = y[j + 1];
                y[j + 1] = t;
            }
}

ADGEN(vjp)
ADGEN(jvp)
void ping_pong(const double x[6], double y[6])
{
    double u[2][6];
    for (int i = 0; i < 6; i++)
        u[0][i] = x[i];
    for (int t = 0; t < 4; t++) {
        const int a = t % 2, b = 1 - a;
        for (int i = 1; i < 5; i++)
            u[b][i] = u[a][i] + 0.1 * (u[a][i - 1] - 2 * u[a][i] * u[a][i] + u[a][i + 1]);
        u[b][0] = u[a][0];
        u[b][5] = u[a][5] * u[b][4];
    }
    for (int i = 0; i < 6; i++)
        y[i] = u[0][i];
}

ADGEN(vjp)
ADGEN(jvp)
void copies(const double x[6], double y[6])
{
    double t[6];
    memcpy(t, x, sizeof t);
    for (int i = 0; i < 6; i++)
        t[i] *= t[i];
    memmove(t + 1, t, 4 * sizeof(double));
    memcpy(y, t, 6 * sizeof *y);
    memset(y + 4, 0, sizeof(double));
    y[4] += y[5] * y[3];
}

ADGEN(vjp)
ADGEN(jvp)
void walking_pointers(const double x[6], double y[2])
{
    const double *p = x, *end = x + 6;
    double s = 0, q = 1;
    while (p < end)
        s = s * 0.5 + *p++;
    for (const double *r = x; r != x + 6; r += 1)
        q *= 1 + *r;
    y[0] = s;
    y[1] = q;
}

static void scale(int n, double *v, double a)
{
    for (int i = 0; i < n; i++)
        v[i] = v[i] * a + v[n - 1 - i];
}

ADGEN(vjp)
ADGEN(jvp)
void helper_updates(const double x[4], double y[4])
{
    for (int i = 0; i < 4; i++)
        y[i] = x[i];
    scale(4, y, x[0]);
    scale(2, y + 1, y[3]);
}

static void polar(double r, double phi, double *a, double *b)
{
    *a = r * cos(phi);
    *b = r * sin(phi);
    *a *= *b;
}

ADGEN(vjp)
ADGEN(jvp)
void pointer_outputs(const double x[2], double y[2])
{
    double a, b;
    polar(x[0], x[1], &a, &b);
    y[0] = a;
    y[1] = b;
}

ADGEN(vjp)
ADGEN(jvp)
void convolution(const double x[10], double y[4])
{
    for (int i = 0; i < 4; i++) {
        y[i] = 0;
        for (int k = 0; k < 3; k++)
            y[i] += x[i + k] * x[7 + k];
    }
}

ADGEN(vjp)
ADGEN(jvp)
void two_loops_store(const double x[6], double y[1])
{
    double t[6], s = 0;
    for (int i = 0; i < 6; i++)
        t[i] = x[i] * x[i];
    for (int i = 0; i < 6; i++)
        s += t[i] * t[i];
    for (int i = 0; i < 6; i++)
        t[i] = s * t[i];
    for (int i = 0; i < 6; i++)
        s += t[i] * x[i];
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void conditional_store(const double x[6], double y[6])
{
    for (int i = 0; i < 6; i++) {
        y[i] = x[i];
        if (x[i] > 0)
            y[i] = y[i] * y[i] + x[5 - i];
    }
    for (int i = 1; i < 6; i++)
        if (y[i] > y[i - 1])
            y[i - 1] = y[i] * x[i];
}

static const double weights[3] = {0.25, 0.5, 0.25};
static const double offset = 1.5;

ADGEN(vjp)
ADGEN(jvp)
void global_table(const double x[3], double y[1])
{
    static const double power[] = {1, 2, 3};
    double s = offset;
    for (int i = 0; i < 3; i++)
        s += weights[i] * x[i] * x[i] * power[i];
    y[0] = s * offset;
}

ADGEN(vjp)
ADGEN(jvp)
void three_dimensions(const double x[12], double y[2])
{
    double t[2][3][2];
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 2; k++)
                t[i][j][k] = x[i * 6 + j * 2 + k];
    for (int i = 0; i < 2; i++) {
        y[i] = 1;
        for (int j = 0; j < 3; j++)
            y[i] *= 1 + t[i][j][0] * t[1 - i][2 - j][1];
    }
}

/* A choice that is printed behind the statement that follows it: it must not read a variable that has
 * been given its next value already. */
ADGEN(vjp, of(y))
ADGEN(jvp, of(y))
void choice_read_late(const double x[4], double y[3])
{
    double a = x[0], b = x[1] * x[2];
    for (int i = 0; i < 3; i++)
        y[i] = x[3 - i];
    for (int i = 5; i > 0; i--) {
        double t = y[2];
        y[2] = b;
        b = t;
        b = 0.9 * tanh(x[i % 4] > 0.1 ? a : exp(0.1 * sin(0.46)));
    }
    y[0] += a;
    y[1] += b * 0.3;
}

/* The heap array of a loop on one branch: where the derivative is differentiated again, a pointer that an if chooses. */
ADGEN(vjp)
ADGEN(jvp)
void array_on_a_branch(const double x[6], double y[1])
{
    const int rounds = (int)(2 + x[0]);
    double t[4] = {x[0], x[1], x[2], x[3]};
    if (x[4] < 2) {
        for (int i = 0; i < rounds; i++)
            for (int j = 1; j < 4; j++)
                t[j] = t[j - 1] * t[j] + x[5];
    }
    y[0] = t[3];
}

/* Weights, some of them zero: in several directions what they multiply is not computed. */
static const double bone_weights[5] = {0.5, 0, 1, -0.0, -2};

ADGEN(vjp)
ADGEN(jvp)
void weighted_bones(const double x[8], double y[3])
{
    double bones[5][4];
    for (int b = 0; b < 5; b++)
        for (int k = 0; k < 4; k++)
            bones[b][k] = x[k] * x[b] + x[k + 4];
    for (int v = 0; v < 3; v++) {
        y[v] = x[v];
        for (int b = 0; b < 5; b++) {
            double moved = bones[b][3];
            for (int k = 0; k < 3; k++)
                moved += bones[b][k] * (v + k + 1);
            y[v] += bone_weights[b] * moved;
        }
    }
}

/* 260 and 261 as an unsigned char are 4 and 5: so large the arrays are. */
ADGEN(vjp)
ADGEN(jvp)
void extents_that_are_narrowed(const double x[4], double y[2])
{
    int n = 260 + (x[0] > 5);
    double t[(unsigned char)n], s = 0, *u = malloc((size_t)(unsigned char)n * sizeof *u);
    for (int i = 0; i < 4; i++)
        t[i] = x[i] * x[0];
    memcpy(u, x, (unsigned char)n * sizeof *u);
    for (int k = 0; k < 3; k++) {
        for (int i = 0; i < (unsigned char)n; i++)
            s += t[i] * u[3 - i] * s + t[i];
        for (int i = 0; i < 4; i++)
            t[i] = sin(u[i] * t[i]) * s;
    }
    y[0] = s;
    y[1] = t[2] * u[1];
    free(u);
}
