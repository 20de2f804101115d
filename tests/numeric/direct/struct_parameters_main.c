/* Derivatives with respect to structs: closed forms, differences, and forward against reverse. */
#include "struct_parameters_grad.h"

#include <math.h>
#include <stdio.h>

#include "structs.h"

double by_value_changed(Point p, int n);
double spring_energy(int n, const struct Spring *springs);
void forward(const struct Net *net, const double x[2], double y[2]);
double smoothed(int n, const double x[]);

static int failures;

static void near(const char *what, double got, double want, double tolerance)
{
    if (fabs(got - want) <= tolerance * (1 + fabs(want)))
        return;
    printf("FAILED %s: %.17g, expected %.17g\n", what, got, want);
    failures++;
}

static void same(const char *what, double got, double want)
{
    near(what, got, want, 1e-12);
}

static void by_values(void)
{
    const Point p = {0.7, 1.3};
    Point p_bar = {10, 20};
    double s_bar = 1;
    same("by_value", by_value_grad(p, &p_bar, 2, &s_bar), 2 * sin(0.7) * 1.3);
    same("by_value_grad x", p_bar.x, 10 + 2 * cos(0.7) * 1.3);
    same("by_value_grad y", p_bar.y, 20 + 2 * sin(0.7));
    same("by_value_grad s", s_bar, 1 + sin(0.7) * 1.3);
    Point p_back = {0, 0};
    double s_back = 0, dot;
    by_value_vjp(p, &p_back, 2, &s_back, 3);
    same("by_value_vjp", p_back.y, 6 * sin(0.7));
    by_value_jvp(p, (Point){1, 2}, 2, 3, &dot);
    same("by_value_jvp", 3 * dot, p_back.x + 2 * p_back.y + 3 * s_back);

    Point q_bar = {0, 0};
    const double value = by_value_changed_grad(p, &q_bar, 4), h = 1e-6;
    same("by_value_changed", value, by_value_changed(p, 4));
    near("by_value_changed x", q_bar.x,
         (by_value_changed((Point){p.x + h, p.y}, 4) - by_value_changed((Point){p.x - h, p.y}, 4)) / (2 * h), 1e-8);
    by_value_changed_jvp(p, (Point){0.5, -2}, 4, &dot);
    same("by_value_changed_jvp", dot, 0.5 * q_bar.x - 2 * q_bar.y);

    Point r_bar = {0, 0}, r_dot;
    double angle_bar = 0;
    const Point r = rotated_vjp(p, &r_bar, 0.4, &angle_bar, (Point){1, 10});
    same("rotated", r.x, cos(0.4) * 0.7 - sin(0.4) * 1.3);
    same("rotated_vjp x", r_bar.x, cos(0.4) + 10 * sin(0.4));
    same("rotated_vjp angle", angle_bar, -r.y + 10 * r.x);
    rotated_jvp(p, (Point){2, 3}, 0.4, 5, &r_dot);
    same("rotated_jvp", r_dot.x + 10 * r_dot.y, 2 * r_bar.x + 3 * r_bar.y + 5 * angle_bar);
}

static void springs(void)
{
    struct Spring s[2] = {{{0, 1}, {2, 4}, 3, 1}, {{1, 0.5}, {3, 0}, 0.2, 0}}, s_bar[2] = {{{0, 0}, {0, 0}, 0, 7}};
    struct Spring s_dot[2] = {{{1, 2}, {3, 4}, 5, 0}, {{-1, 2}, {0.5, 1}, -3, 0}};
    double dot, expected = 0;
    same("spring_energy", spring_energy_grad(2, s, s_bar), spring_energy(2, s));
    same("stiffness", s_bar[0].stiffness, 0.5 * (4 + 9));
    same("b.y", s_bar[0].b.y, 3 * 3);
    same("a.y", s_bar[0].a.y, -9);
    same("the integer is not touched", s_bar[0].kind, 7);
    spring_energy_jvp(2, s, s_dot, &dot);
    for (int i = 0; i < 2; i++)
        expected += s_bar[i].a.x * s_dot[i].a.x + s_bar[i].a.y * s_dot[i].a.y + s_bar[i].b.x * s_dot[i].b.x +
                    s_bar[i].b.y * s_dot[i].b.y + s_bar[i].stiffness * s_dot[i].stiffness;
    same("spring_energy_jvp", dot, expected);

    struct Spring t = {{1, 2}, {9, 9}, 3, 0}, t_bar = {{1, 10}, {100, 1000}, 0, 5};
    Point force = {4, 7}, force_bar = {0, 0};
    pushed_vjp(&t, &t_bar, &force, &force_bar);
    /* a.x = 1 + 4 * 3; b = (a.x, 2 * 7) */
    same("pushed a.x", t.a.x, 13);
    same("pushed b.y", t.b.y, 14);
    same("pushed kind", t.kind, 1);
    same("pushed_vjp a.x", t_bar.a.x, 101);
    same("pushed_vjp a.y", t_bar.a.y, 10 + 7 * 1000);
    same("pushed_vjp b.x", t_bar.b.x, 0);
    same("pushed_vjp b.y", t_bar.b.y, 0);
    same("pushed_vjp stiffness", t_bar.stiffness, 101 * 4);
    same("pushed_vjp force.x", force_bar.x, 101 * 3);
    same("pushed_vjp force.y", force_bar.y, 2 * 1000);
    same("pushed_vjp kind", t_bar.kind, 5);
    struct Spring u = {{1, 2}, {9, 9}, 3, 0}, u_dot = {{1, 2}, {3, 4}, 5, 0};
    pushed_jvp(&u, &u_dot, &force, &(Point){6, 8});
    same("pushed_jvp a.x", u_dot.a.x, 1 + 6 * 3 + 4 * 5);
    same("pushed_jvp b.y", u_dot.b.y, 2 * 7 + 2 * 8);
}

static void members_that_point(void)
{
    double data[4] = {1, 2, 3, 4}, data_bar[4] = {0}, data_dot[4] = {1, 0, -1, 2};
    double v[2] = {5, 7}, v_bar[2] = {0}, v_dot[2] = {1, 1}, dot;
    struct Matrix m = {2, 2, data}, m_bar = {2, 2, data_bar}, m_dot = {2, 2, data_dot};
    same("quadratic_form", quadratic_form_grad(&m, &m_bar, v, v_bar), 25 + 5 * 35 + 4 * 49);
    same("quadratic_form m12", data_bar[1], 35);
    same("quadratic_form m22", data_bar[3], 49);
    same("quadratic_form v1", v_bar[0], 2 * 5 + 5 * 7);
    quadratic_form_jvp(&m, &m_dot, v, v_dot, &dot);
    same("quadratic_form_jvp", dot, 25 - 35 + 2 * 49 + v_bar[0] + v_bar[1]);

    double grown[4] = {1, 2, 3, 4}, grown_bar[4] = {1, 1, 1, 10}, by_bar = 0;
    struct Matrix g = {2, 2, grown}, g_bar = {2, 2, grown_bar};
    scaled_vjp(&g, &g_bar, 2, &by_bar);
    same("scaled", grown[3], 32);
    same("scaled_vjp data", grown_bar[3], 10 * 2 * 2 * 4);
    same("scaled_vjp by", by_bar, 1 + 4 + 9 + 160);
    double again[4] = {1, 2, 3, 4}, again_dot[4] = {0, 0, 0, 1};
    struct Matrix a = {2, 2, again}, a_dot = {2, 2, again_dot};
    scaled_jvp(&a, &a_dot, 2, 1);
    same("scaled_jvp", again_dot[3], 16 + 2 * 2 * 4);

    double t_data[4] = {3, 0, 0, 5}, t_data_bar[4] = {0}, t_data_dot[4] = {1, 0, 0, 1};
    struct Matrix t_bar = {2, 2, t_data_bar};
    same("trace", trace_grad((struct Matrix){2, 2, t_data}, &t_bar), 15);
    same("trace_grad", t_data_bar[3], 3);
    trace_jvp((struct Matrix){2, 2, t_data}, (struct Matrix){2, 2, t_data_dot}, &dot);
    same("trace_jvp", dot, 8);

    struct Node list[3] = {{2, &list[1]}, {3, &list[2]}, {5, NULL}}, bar[3] = {{0, &bar[1]}, {0, &bar[2]}, {0, NULL}};
    struct Node tan[3] = {{1, &tan[1]}, {2, &tan[2]}, {3, NULL}};
    const double norm = sqrt(4 * 3 + 9 * 5 + 25);
    same("list_norm", list_norm_grad(list, bar), norm);
    same("list_norm 0", bar[0].value, 12 / (2 * norm));
    same("list_norm 1", bar[1].value, (4 + 30) / (2 * norm));
    same("list_norm 2", bar[2].value, (9 + 10) / (2 * norm));
    list_norm_jvp(list, tan, &dot);
    same("list_norm_jvp", dot, bar[0].value + 2 * bar[1].value + 3 * bar[2].value);

    double r0[2] = {1, 2}, r1[2] = {3, 4}, *rows[2] = {r0, r1}, b0[2] = {0}, b1[2] = {0}, *rows_bar[2] = {b0, b1};
    same("determinant", determinant_grad(rows, rows_bar), -2);
    same("determinant 01", b0[1], -3);
    same("determinant 10", b1[0], -2);
    double d0[2] = {1, 0}, d1[2] = {1, 0}, *rows_dot[2] = {d0, d1};
    determinant_jvp(rows, rows_dot, &dot);
    same("determinant_jvp", dot, 4 - 2);
}

static void networks(void)
{
    double w0[4] = {0.3, -0.2, 0.5, 0.7}, w1[4] = {-0.4, 0.6, 0.1, 0.9}, x[2] = {0.8, -1.1}, y[2];
    double w0_bar[4] = {0}, w1_bar[4] = {0}, x_bar[2] = {0}, y_bar[2] = {1, -2}, y_dot[2];
    double w0_dot[4] = {1, 2, 3, 4}, w1_dot[4] = {-1, 1, 0, 2}, x_dot[2] = {0.5, 0.25};
    struct Net net = {2, {{2, 2, w0}, {2, 2, w1}}, {0.1, -0.3}};
    struct Net net_bar = {2, {{2, 2, w0_bar}, {2, 2, w1_bar}}, {0, 0}};
    struct Net net_dot = {2, {{2, 2, w0_dot}, {2, 2, w1_dot}}, {1, -1}};
    forward_vjp(&net, &net_bar, x, x_bar, y, y_bar);
    forward_jvp(&net, &net_dot, x, x_dot, y, y_dot);
    double back = net_bar.bias[0] - net_bar.bias[1] + x_bar[0] * x_dot[0] + x_bar[1] * x_dot[1];
    for (int i = 0; i < 4; i++)
        back += w0_bar[i] * w0_dot[i] + w1_bar[i] * w1_dot[i];
    same("network: forward against reverse", y_dot[0] - 2 * y_dot[1], back);
    const double h = 1e-6;
    double up[2], down[2];
    w0[2] += h;
    forward(&net, x, up);
    w0[2] -= 2 * h;
    forward(&net, x, down);
    near("network: differences", w0_bar[2], (up[0] - down[0] - 2 * (up[1] - down[1])) / (2 * h), 1e-8);
    same("network: seeds", y_bar[0], 0);
}

static void overwritten(void)
{
    Point p[2] = {{2, 3}, {5, 7}}, p_bar[2] = {{100, 1000}, {0, 0}};
    same("consumed", consumed_grad(2, p, p_bar), 36 + 35 * 35);
    same("consumed x", p_bar[0].x, 100 + 2 * 6 * 3);
    same("consumed y", p_bar[0].y, 1000 + 2 * 6 * 2);
    same("consumed leaves", p[1].y, 0);
    double x[3] = {1.5, 2, -0.5}, x_bar[3] = {0}, h = 1e-6;
    same("smoothed", smoothed_grad(3, x, x_bar), smoothed(3, x));
    for (int i = 0; i < 3; i++) {
        double up[3] = {x[0], x[1], x[2]}, down[3] = {x[0], x[1], x[2]};
        up[i] += h;
        down[i] -= h;
        near("smoothed_grad", x_bar[i], (smoothed(3, up) - smoothed(3, down)) / (2 * h), 1e-8);
    }
}

int main(void)
{
    by_values();
    springs();
    members_that_point();
    networks();
    overwritten();
    return failures != 0;
}
