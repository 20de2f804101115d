/* Every direction of three gives what it gives alone. */
#include "structs.h"
#include "struct_directions_grad.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { K = 3 };

extern Point center;
struct Hidden *hidden_new(double u, double w, int count);
double *hidden_numbers(struct Hidden *h);

static int failures;

static void expect(const char *what, int direction, double got, double want)
{
    if (got == want || fabs(got - want) <= 1e-12 * (1 + fabs(want)))
        return;
    printf("FAILED %s, direction %d: %.17g, expected %.17g\n", what, direction, got, want);
    failures++;
}

/* Numbers that are different every time. */
static double next(void)
{
    static unsigned state = 12345;
    state = state * 1103515245u + 12345u;
    return (double)(state >> 8 & 0xffff) / 65536 - 0.4;
}

static Point next_point(void)
{
    const double x = next();
    return (Point){x, next()};
}

static void expect_point(const char *what, int d, Point got, Point want)
{
    expect(what, d, got.x, want.x);
    expect(what, d, got.y, want.y);
}

static void turns(void)
{
    const Point p = {0.3, -1.2};
    Point p_dot[20], result_dot[20], many_dot[20], one;
    double angle_dot[20];
    for (int d = 0; d < 20; d++)
        p_dot[d] = next_point(), angle_dot[d] = next();
    const Point three = turned_three(p, p_dot, 0.7, angle_dot, 4, result_dot);
    turned_twenty(p, p_dot, 0.7, angle_dot, 4, many_dot);
    for (int d = 0; d < 20; d++) {
        const Point value = turned_one(p, p_dot[d], 0.7, angle_dot[d], 4, &one);
        expect_point("value of turned", d, three, value);
        expect_point("twenty of turned", d, many_dot[d], one);
        if (d < K)
            expect_point("turned", d, result_dot[d], one);
    }
}

static struct Spring next_spring(int kind)
{
    const Point a = next_point(), b = next_point();
    return (struct Spring){a, b, next(), kind};
}

static void expect_spring(int d, struct Spring got, struct Spring want)
{
    expect_point("a of pushed", d, got.a, want.a);
    expect_point("b of pushed", d, got.b, want.b);
    expect("stiffness of pushed", d, got.stiffness, want.stiffness);
}

static void pushes(void)
{
    enum { n = 4 };
    struct Spring s[n], three[n], s_dot[n][K], one_dot[n], three_dot[n][K];
    Point force = {1.5, -0.5}, force_dot[1][K];
    for (int i = 0; i < n; i++) {
        s[i] = next_spring(i % 2);
        for (int d = 0; d < K; d++)
            s_dot[i][d] = next_spring(0), force_dot[0][d] = next_point();
    }
    memcpy(three, s, sizeof s);
    memcpy(three_dot, s_dot, sizeof s_dot);
    pushed_three(n, three, three_dot, &force, (const Point (*)[K])force_dot);
    for (int d = 0; d < K; d++) {
        struct Spring one[n];
        memcpy(one, s, sizeof s);
        for (int i = 0; i < n; i++)
            one_dot[i] = s_dot[i][d];
        pushed_one(n, one, one_dot, &force, &force_dot[0][d]);
        for (int i = 0; i < n; i++) {
            expect_spring(d, three[i], one[i]);
            expect_spring(d, three_dot[i][d], one_dot[i]);
            expect("kind of pushed", d, three[i].kind, one[i].kind);
        }
    }
}

static struct Cell next_cell(void)
{
    struct Cell c = {.at = next_point()};
    for (int k = 0; k < 3; k++)
        c.v[k] = next();
    return c;
}

static void expect_cell(int d, struct Cell got, struct Cell want)
{
    expect_point("at of energy", d, got.at, want.at);
    for (int k = 0; k < 3; k++)
        expect("v of energy", d, got.v[k], want.v[k]);
}

static void energies(void)
{
    const struct Cell c = next_cell(), other = next_cell();
    struct Cell c_dot[K], other_dot[1][K], c_bar_dot[K], other_bar_dot[1][K];
    double g_dot[K], g_bar_dot[K];
    for (int d = 0; d < K; d++) {
        c_dot[d] = next_cell(), other_dot[0][d] = next_cell(), g_dot[d] = next();
        c_bar_dot[d] = other_bar_dot[0][d] = (struct Cell){.at = {1, 2}};
        g_bar_dot[d] = 7;
    }
    const double value = energy_three(c, c_dot, c_bar_dot, &other, (const struct Cell (*)[K])other_dot, other_bar_dot,
                                      0.5, g_dot, g_bar_dot);
    for (int d = 0; d < K; d++) {
        struct Cell c_one = {.at = {1, 2}}, other_one = {.at = {1, 2}};
        double g_one = 7;
        expect("energy", d, value, energy_one(c, c_dot[d], &c_one, &other, &other_dot[0][d], &other_one, 0.5, g_dot[d], &g_one));
        expect_cell(d, c_bar_dot[d], c_one);
        expect_cell(d, other_bar_dot[0][d], other_one);
        expect("g of energy", d, g_bar_dot[d], g_one);
    }
}

static void nets(void)
{
    double data[2][4], data_dot[K][2][4], x[2] = {0.2, -0.7}, x_dot[2][K], result_dot[K];
    struct Net net = {.layers = 2, .bias = {0.1, 0.3}}, net_dot[1][K];
    for (int l = 0; l < 2; l++) {
        net.w[l] = (struct Matrix){2, 2, data[l]};
        for (int i = 0; i < 4; i++)
            data[l][i] = next();
    }
    for (int d = 0; d < K; d++) {
        net_dot[0][d] = (struct Net){.bias = {next(), next()}};
        for (int l = 0; l < 2; l++) {
            net_dot[0][d].w[l].data = data_dot[d][l];
            for (int i = 0; i < 4; i++)
                data_dot[d][l][i] = next();
        }
        x_dot[0][d] = next(), x_dot[1][d] = next();
    }
    const double value = through_three(&net, (const struct Net (*)[K])net_dot, x, (const double (*)[K])x_dot, result_dot);
    for (int d = 0; d < K; d++) {
        const double one_dot[2] = {x_dot[0][d], x_dot[1][d]};
        double result;
        expect("value of through", d, value, through_one(&net, &net_dot[0][d], x, one_dot, &result));
        expect("through", d, result_dot[d], result);
    }
}

static void lists(void)
{
    enum { n = 4 };
    struct Node nodes[n], nodes_dot[n][K], one[n], one_dot[n], three[n], three_dot[n][K];
    const double scale_dot[K] = {1, -2, 0.5};
    for (int i = 0; i < n; i++) {
        nodes[i].value = next() + 1;
        for (int d = 0; d < K; d++)
            nodes_dot[i][d].value = next();
    }
    for (int i = 0; i < n; i++) {
        three[i] = (struct Node){nodes[i].value, i + 1 < n ? &three[i + 1] : NULL};
        for (int d = 0; d < K; d++)
            three_dot[i][d] = (struct Node){nodes_dot[i][d].value, i + 1 < n ? &three_dot[i + 1][d] : NULL};
    }
    scaled_three(three, three_dot, 1.5, scale_dot);
    for (int d = 0; d < K; d++) {
        for (int i = 0; i < n; i++) {
            one[i] = (struct Node){nodes[i].value, i + 1 < n ? &one[i + 1] : NULL};
            one_dot[i] = (struct Node){nodes_dot[i][d].value, i + 1 < n ? &one_dot[i + 1] : NULL};
        }
        scaled_one(one, one_dot, 1.5, scale_dot[d]);
        for (int i = 0; i < n; i++) {
            expect("value of scaled", d, three[i].value, one[i].value);
            expect("scaled", d, three_dot[i][d].value, one_dot[i].value);
        }
    }
}

static void links(void)
{
    const double x[3] = {0.3, 0.6, -1.5};
    double x_dot[3][K], one_dot[3], result_dot[K], result;
    for (int first = 0; first < 3; first++) {
        for (int i = 0; i < 3; i++)
            for (int d = 0; d < K; d++)
                x_dot[i][d] = next();
        linked_three(x, (const double (*)[K])x_dot, first, result_dot);
        for (int d = 0; d < K; d++) {
            for (int i = 0; i < 3; i++)
                one_dot[i] = x_dot[i][d];
            linked_one(x, one_dot, first, &result);
            expect("linked", d, result_dot[d], result);
        }
    }
}

/* Twenty directions have records of their own on the tape. */
static void long_records(const Point *start)
{
    Point start_dot[1][20], start_bar_dot[1][20];
    double rate_dot[20], rate_bar_dot[20] = {0};
    for (int d = 0; d < 20; d++) {
        start_dot[0][d] = next_point(), rate_dot[d] = next();
        start_bar_dot[0][d] = (Point){0, 0};
    }
    settled_twenty(start, (const Point (*)[20])start_dot, start_bar_dot, 0.3, rate_dot, rate_bar_dot);
    for (int d = 0; d < 20; d++) {
        Point one = {0, 0};
        double rate = 0;
        settled_one(start, &start_dot[0][d], &one, 0.3, rate_dot[d], &rate);
        expect_point("twenty of settled", d, start_bar_dot[0][d], one);
        expect("twenty of rate", d, rate_bar_dot[d], rate);
    }
}

static void loops(void)
{
    const Point start = {1.1, 0.8};
    Point start_dot[1][K], start_bar_dot[1][K] = {{{0, 0}, {0, 0}, {0, 0}}};
    double rate_dot[K], rate_bar_dot[K] = {0};
    for (int d = 0; d < K; d++)
        start_dot[0][d] = next_point(), rate_dot[d] = next();
    settled_three(&start, (const Point (*)[K])start_dot, start_bar_dot, 0.3, rate_dot, rate_bar_dot);
    for (int d = 0; d < K; d++) {
        Point one = {0, 0};
        double rate = 0;
        settled_one(&start, &start_dot[0][d], &one, 0.3, rate_dot[d], &rate);
        expect_point("settled", d, start_bar_dot[0][d], one);
        expect("rate of settled", d, rate_bar_dot[d], rate);
    }
    long_records(&start);
}

static void precisions(void)
{
    enum { n = 3 };
    struct Mixed m[n], m_dot[n][K], out[n], out_dot[n][K], one_dot[n], got[n];
    for (int i = 0; i < n; i++) {
        m[i] = (struct Mixed){(float)next(), i, next()};
        for (int d = 0; d < K; d++)
            m_dot[i][d] = (struct Mixed){(float)next(), 0, next()};
    }
    mixed_three(n, m, (const struct Mixed (*)[K])m_dot, out, out_dot);
    for (int d = 0; d < K; d++) {
        for (int i = 0; i < n; i++)
            one_dot[i] = m_dot[i][d];
        struct Mixed out_one[n];
        mixed_one(n, m, one_dot, out_one, got);
        for (int i = 0; i < n; i++) {
            expect("f of mixed", d, out_dot[i][d].f, got[i].f);
            expect("d of mixed", d, out_dot[i][d].d, got[i].d);
            expect("count of mixed", d, out[i].count, out_one[i].count);
        }
    }
}

static void globals(void)
{
    double x_dot[K], result_dot[K], result;
    for (int d = 0; d < K; d++) {
        x_dot[d] = next();
        center3_dot[d] = next_point();
        for (int i = 0; i < 2; i++)
            cells3_dot[i][d] = next_cell();
    }
    around_three(0.7, x_dot, result_dot);
    for (int d = 0; d < K; d++) {
        center_dot = center3_dot[d];
        for (int i = 0; i < 2; i++)
            cells_dot[i] = cells3_dot[i][d];
        around_one(0.7, x_dot[d], &result);
        expect("around", d, result_dot[d], result);
    }
}

/* Element i in direction d is number K * i + d. */
static void unknown_structs(void)
{
    enum { n = 2 };
    struct Hidden *h = hidden_new(0.5, 2, n), *h_dot = hidden_new(1, -3, n * K), *one = hidden_new(0, 0, n);
    double result_dot[K], result;
    weighed_three(n, h, h_dot, result_dot);
    for (int d = 0; d < K; d++) {
        for (int i = 0; i < n; i++)
            for (int k = 0; k < 2; k++)
                hidden_numbers(one)[2 * i + k] = hidden_numbers(h_dot)[2 * (K * i + d) + k];
        weighed_one(n, h, one, &result);
        expect("weighed", d, result_dot[d], result);
    }
}

int main(void)
{
    turns();
    pushes();
    energies();
    nets();
    lists();
    links();
    loops();
    precisions();
    globals();
    unknown_structs();
    return failures != 0;
}
