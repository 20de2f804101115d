/* H. Away from the origin the gradient is the closed form's. At the origin the generated code can only follow the branch
 * taken, and its zero is no derivative: the comparison with finite differences reports it. */
#include <adgen/check.h>

#include "check.h"
#include "h_origin_grad.h"

double ratio(double x, double y);

static double value(void *context, const double *p)
{
    (void)context;
    return ratio(p[0], p[1]);
}

static void gradient(void *context, const double *p, double *p_bar)
{
    (void)context;
    ratio_grad(p[0], &p_bar[0], p[1], &p_bar[1]);
}

/* Second derivatives of y^3 / r with r = x^2 + y^2. */
static void other_modes(double x, double y, const double bar[2])
{
    const double r3 = pow(x * x + y * y, 3);
    const double xx = (6 * x * x - 2 * y * y) * y * y * y / r3, xy = 2 * x * y * y * (y * y - 3 * x * x) / r3,
                 yy = 2 * x * x * y * (3 * x * x - y * y) / r3;
    double seeded[2] = {0}, tangent, J[2], product[2] = {0}, H[4];
    ratio_vjp(x, &seeded[0], y, &seeded[1], -2);
    ratio_jvp(x, 0.3, y, -0.7, &tangent);
    ratio_jacobian(x, y, J);
    ratio_hvp(x, 0.3, &product[0], y, -0.7, &product[1]);
    ratio_hessian(x, y, H);
    check("H tangent", tangent, 0.3 * bar[0] - 0.7 * bar[1]);
    for (int i = 0; i < 2; i++) {
        check("H vjp", seeded[i], -2 * bar[i]);
        check("H jacobian", J[i], bar[i]);
        check("H hvp", product[i], 0.3 * H[2 * i] - 0.7 * H[2 * i + 1]);
    }
    check("H d2f/dx2", H[0], xx);
    check("H d2f/dxdy", H[1], xy);
    check("H d2f/dydx", H[2], xy);
    check("H d2f/dy2", H[3], yy);
}

int main(void)
{
    const double points[][2] = {{1, 2}, {-0.5, 0.25}, {0, 3}, {2, 0}, {1e-3, -1e-3}};
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        const double x = points[i][0], y = points[i][1], r = x * x + y * y;
        double bar[2] = {0};
        gradient(NULL, points[i], bar);
        check("H df/dx", bar[0], -2 * x * y * y * y / (r * r));
        check("H df/dy", bar[1], y * y * (3 * x * x + y * y) / (r * r));
        other_modes(x, y, bar);
    }
    const double origin[2] = {0, 0};
    printf("At the origin:\n");
    const AdCheckOptions options = {.output = stdout};
    check("H components reported at the origin", ad_check_gradient("ratio", 2, origin, value, gradient, NULL, &options), 1);
    check("H components reported at (1, 2)", ad_check_gradient("ratio", 2, points[0], value, gradient, NULL, &options), 0);
    /* the limits of f(ta, tb) / t are not linear in (a, b) */
    const double t = 1e-8;
    check("H along (1, 0)", ratio(t, 0) / t, 0);
    check("H along (0, 1)", ratio(0, t) / t, 1);
    check("H along (1, 1)", ratio(t, t) / t, 0.5);
    return check_failures != 0;
}
