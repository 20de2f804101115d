/* Loops over a grid: what iterations do to their neighbours, and at the two ends. And some that only look as if their ends could run apart.
 *
 * CHECK inside 6 1 -1 1
 * CHECK ring 6 1 -1 1
 * CHECK ring_by_remainders 6 1 -1 1
 * CHECK ring_without_sign 6 1 -1 1
 * CHECK ring_of_64_bits 6 1 -1 1
 * CHECK ring_up_to_the_last 6 1 -1 1
 * CHECK ring_from_the_third 6 1 -1 1
 * CHECK reflecting 6 1 -1 1
 * CHECK open_ends 6 1 -1 1
 * CHECK open_ends_added_to 6 1 -1 1
 * CHECK wider 6 1 -1 1
 * CHECK torus 5 1 -1 1
 * CHECK two_rows 6 1 -1 1
 * CHECK where_it_reads_what_it_added_to 6 1 -1 1
 * CHECK in_place 6 1 -1 1
 * CHECK energy_of_a_ring 6 1 -1 1
 * CHECK passed_fields 6 1 -1 1
 * CHECK unsigned_that_wrap 5 1 -1 1
 * CHECK other_ends 5 1 -1 1
 * CHECK known_length 6 1 -1 1
 * CHECK in_single_precision 6 1 -1 1 single
 */
#include <adgen/adgen.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define BOTH ADGEN(vjp) ADGEN(jvp)

/* On a small grid, or on one longer than a block. */
#define GRIDS(name, small)                                \
    BOTH                                                  \
    void name(const double x[6], double y[1])             \
    {                                                     \
        y[0] = name##_of(x[0] < 0 ? small : 81, x) * 0.1; \
    }

static void spread(int n, const double *x, int k, double *field)
{
    for (int i = 0; i < n; i++)
        field[i] = x[i % k] * (1 + 0.01 * i) + 0.1 * (i % 5);
}

static double weigh(int n, const double *field)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += field[i] * field[i] * (1 + 0.1 * (i % 3));
    return sum;
}

static double inside_of(int n, const double *x)
{
    double u[90], d[90];
    spread(n, x, 5, u);
    spread(n, x, 4, d);
    for (int s = 0; s < 2; s++) {
        double change[90];
        for (int i = 1; i < n - 1; i++)
            change[i] = d[i] * (u[i - 1] - 2 * u[i] + u[i + 1]) + x[5] * u[i] * (1 - u[i]);
        for (int i = 1; i < n - 1; i++)
            u[i] += 0.1 * change[i];
    }
    return weigh(n, u);
}
GRIDS(inside, 3)

static double ring_of(int n, const double *x)
{
    double u[90], d[90];
    spread(n, x, 5, u);
    spread(n, x, 4, d);
    for (int s = 0; s < 2; s++) {
        double change[90];
        for (int i = 0; i < n; i++) {
            int left = i == 0 ? n - 1 : i - 1, right = i == n - 1 ? 0 : i + 1;
            change[i] = d[i] * (u[left] - 2 * u[i] + u[right]) + x[5] * u[i] * (1 - u[i]);
        }
        for (int i = 0; i < n; i++)
            u[i] += 0.1 * change[i];
    }
    return weigh(n, u);
}
GRIDS(ring, 2)

static double ring_by_remainders_of(int n, const double *x)
{
    double u[90], v[90];
    spread(n, x, 6, u);
    for (int i = 0; i < n; i++)
        v[i] = u[(i + 1) % n] * u[(i + n - 1) % n] - sin(u[(n - 1 + i) % n]) * u[i];
    for (int i = 0; i < n; i++)
        u[i] = v[i] * v[(i - 1 + n) % n] * v[(1 + i) % n] + u[(i + n) % n];
    return weigh(n, u);
}
GRIDS(ring_by_remainders, 1)

static double ring_without_sign_of(int m, const double *x)
{
    double u[90], v[90];
    spread(m, x, 6, u);
    unsigned n = (unsigned)m - 1;
    for (unsigned i = 0; i < n; i++) {
        double left = i > 0 ? u[i - 1] : u[n - 1], right = i + 1 < n ? u[i + 1] : u[0];
        v[i] = left * right - u[i] * u[i == n - 1 ? 0 : i + 1];
    }
    for (unsigned i = 0; i < n; i++)
        u[i] += v[(i + n - 1) % n] * v[(i + 1) % n] * 0.5;
    return weigh(m, u);
}
GRIDS(ring_without_sign, 2)

static double ring_of_64_bits_of(int m, const double *x)
{
    double u[90], v[90];
    spread(m, x, 6, u);
    size_t n = (size_t)(m - 1);
    for (size_t i = 0; i < n; i++) {
        double left = i >= 1 ? u[i - 1] : u[n - 1], right = i < n - 1 ? u[i + 1] : u[0];
        v[i] = left * right - u[i] * u[i == n - 1 ? 0 : i + 1];
    }
    for (size_t i = 0; i < n; i++)
        u[i] += v[(i + n - 1) % n] * v[(i + 1) % n] * 0.5;
    return weigh(m, u);
}
GRIDS(ring_of_64_bits, 4)

static double ring_up_to_the_last_of(int n, const double *x)
{
    double u[90], v[90];
    spread(n + 1, x, 6, u);
    for (int i = 0; i <= n; i++)
        v[i] = u[i == 0 ? n : i - 1] * u[i >= n ? 0 : i + 1] - u[(i + 1) % (n + 1)] * u[i];
    for (size_t i = 0; i <= (size_t)n; i++)
        u[i] = v[i > 0 ? i - 1 : (size_t)n] * x[5] + v[i != (size_t)n ? i + 1 : 0];
    return weigh(n + 1, u);
}
GRIDS(ring_up_to_the_last, 1)

static double ring_from_the_third_of(int n, const double *x)
{
    double u[90], v[90];
    spread(n, x, 6, u);
    spread(n, x, 6, v);
    for (int i = 2; i < n; i++)
        v[i] = u[i == 2 ? n - 1 : i - 1] * u[i < n - 1 ? i + 1 : 2] - u[(i + 1) % n] * u[i];
    return weigh(n, v);
}
GRIDS(ring_from_the_third, 3)

static double reflecting_of(int n, const double *x)
{
    double u[90], v[90];
    spread(n, x, 6, u);
    for (int i = 0; i < n; i++) {
        int left = i - 1 < 0 ? 0 : i - 1, right = i + 1 >= n ? n - 1 : i + 1;
        v[i] = u[left] * u[left] + u[right] * x[5] - 2 * u[i];
    }
    return weigh(n, v);
}
GRIDS(reflecting, 2)

static double open_ends_of(int n, const double *x)
{
    double u[90], v[90];
    spread(n, x, 6, u);
    for (int i = 0; i < n; i++) {
        double left = i > 0 ? u[i - 1] : 0, right = i + 1 < n ? u[i + 1] : 1;
        v[i] = left * right - u[i] * u[i] + (i == 0 || i == n - 1 ? 0.5 : 1) * u[i];
    }
    return weigh(n, v);
}
GRIDS(open_ends, 3)

static double open_ends_added_to_of(int n, const double *x)
{
    double u[90], v[90];
    spread(n, x, 6, u);
    for (int i = 0; i < n; i++) {
        double flux = 2 * u[i];
        if (i > 0)
            flux -= u[i - 1] * x[5];
        if (i < n - 1)
            flux -= u[i + 1] * u[i + 1];
        v[i] = flux * flux;
    }
    return weigh(n, v);
}
GRIDS(open_ends_added_to, 2)

/* The second iteration is different, too. */
static double wider_of(int n, const double *x)
{
    double u[90], v[90];
    spread(n, x, 6, u);
    for (int i = 0; i < n; i++)
        v[i] = (i > 1 ? u[i - 2] : x[0]) + (i < n - 2 ? u[i + 2] * u[i] : x[1]) + u[(i + 2) % n] * u[i == 0 ? n - 1 : i - 1];
    return weigh(n, v);
}
GRIDS(wider, 3)

BOTH
void torus(const double x[5], double y[1])
{
    y[0] = 0;
    for (int m = 1; m < 4; m++)
        for (int n = 1; n < 30; n += 1 + n) {
            double u[3][30], v[3][30];
            for (int i = 0; i < m; i++)
                spread(n, x + i, 2, u[i]);
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++)
                    v[i][j] = u[(i + 1) % m][j] * u[(i + m - 1) % m][j] + u[i][(j + 1) % n] * u[i][(j + n - 1) % n] - 4 * u[i][j];
            for (int i = 0; i < m; i++)
                y[0] += weigh(n, v[i]);
        }
}

/* Not beside each other, though the last index is the same. */
static double two_rows_of(int n, const double *x)
{
    double sum = 0;
    double u[2][90], v[90];
    spread(n, x, 6, u[0]);
    spread(n, x + 2, 4, u[1]);
    for (int i = 1; i < n; i++) {
        double a = u[0][i] * u[1][i];
        v[i] = a * a + u[0][i - 1] * u[1][i - 1];
    }
    for (int i = 1; i < n; i++)
        sum += v[i];
    return sum;
}
GRIDS(two_rows, 4)

static double where_it_reads_what_it_added_to_of(int n, const double *x)
{
    double u[2][90], s[90];
    spread(n, x, 6, u[0]);
    spread(n, x + 1, 5, u[1]);
    for (int i = 0; i < n; i++) {
        u[1][i] = u[1][i] * u[0][i] * x[5];
        s[i] = u[1][i] * u[1][i] + u[0][i];
    }
    return weigh(n, s);
}
GRIDS(where_it_reads_what_it_added_to, 2)

/* The iterations depend on each other. */
static double in_place_of(int n, const double *x)
{
    double u[90];
    spread(n, x, 5, u);
    for (int i = 0; i < n; i++)
        u[i] = 0.4 * (u[i == 0 ? n - 1 : i - 1] + u[i] * u[i] - 0.5 * u[i == n - 1 ? 0 : i + 1]);
    return weigh(n, u);
}
GRIDS(in_place, 1)

static double energy_of_a_ring_of(int n, const double *x)
{
    double u[90], energy = 0;
    spread(n, x, 6, u);
    for (int i = 0; i < n; i++) {
        double stretch = u[i == n - 1 ? 0 : i + 1] - u[i];
        energy += stretch * stretch * (1 + u[i]);
    }
    return energy;
}
GRIDS(energy_of_a_ring, 3)

static void step(int n, const double *u, double *next, double rate)
{
    for (int i = 0; i < n; i++)
        next[i] = u[i] + rate * (u[(i + 1) % n] - u[(i + n - 1) % n]) * u[i];
}

/* Of a function that is called, and its fields change places. */
static double passed_fields_of(int n, const double *x)
{
    double first[90], second[90], *u = first, *next = second;
    spread(n, x, 5, u);
    for (int s = 0; s < 3; s++) {
        step(n, u, next, x[5]);
        double *t = u;
        u = next;
        next = t;
    }
    return weigh(n, u);
}
GRIDS(passed_fields, 2)

/* What is true of the numbers is not of what is left of them. */
BOTH
void unsigned_that_wrap(const double x[5], double y[1])
{
    double u[40], v[40], w[40];
    spread(40, x, 5, u);
    for (unsigned i = 0; i < 40; i++) {
        double a = i > 0 ? u[i] * u[i - 1] : u[i];
        if (i + 4294967295u < 30) /* not for 0, and not from 31 on */
            a += u[i] * u[i - 1];
        if (i - 1 < 5)
            a += u[i + 1] * u[i + 2];
        v[i] = a;
    }
    for (unsigned i = 0; i < 40; i++)
        w[i] = v[(i + 4294967256u) % 40] * u[(i + 1) % 40] + v[(i + 39) % 40];
    y[0] = weigh(40, v) + weigh(40, w);
}

/* Of another loop, or not of this one only. */
BOTH
void other_ends(const double x[5], double y[1])
{
    y[0] = 0;
    for (int m = 1; m < 4; m++)
        for (int n = 1; n < 80; n = 3 * n - 1 + (n == 1)) {
            double u[80], v[80];
            spread(n, x, 5, u);
            for (int i = 0; i < n; i++)
                v[i] = (i == m ? x[0] : u[i]) * u[i < m ? 0 : i - m] + u[(i + 1) % (n + m) >= n ? 0 : i + 1] + (i == n ? 1 : u[i % m < n ? i % m : 0]);
            y[0] += weigh(n, v) / n;
        }
}

BOTH
void known_length(const double x[6], double y[1])
{
    double u[80], v[80], small[4], w[4];
    spread(80, x, 6, u);
    spread(4, x, 4, small);
    for (int i = 0; i < 80; i++)
        v[i] = u[i == 0 ? 79 : i - 1] * u[(i + 1) % 80] - u[i] * (i < 79 ? u[i + 1] : x[2]);
    for (int i = 0; i < 4; i++)
        w[i] = small[(i + 1) % 4] * small[(i + 3) % 4];
    y[0] = weigh(80, v) + weigh(4, w);
}

static double in_single_precision_of(int n, const double *x)
{
    double sum = 0;
    float u[90], v[90];
    for (int i = 0; i < n; i++)
        u[i] = (float)x[i % 6] * (1 + 0.01f * (float)i);
    for (int i = 0; i < n; i++)
        v[i] = u[(i + 1) % n] * u[i] - u[(i + n - 1) % n];
    for (int i = 0; i < n; i++)
        sum += v[i] * v[i] / (float)n;
    return sum;
}
GRIDS(in_single_precision, 1)
