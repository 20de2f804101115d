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

int main(void)
{
    const double points[][2] = {{1, 2}, {-0.5, 0.25}, {0, 3}, {2, 0}, {1e-3, -1e-3}};
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        const double x = points[i][0], y = points[i][1], r = x * x + y * y;
        double bar[2] = {0};
        gradient(NULL, points[i], bar);
        check("H df/dx", bar[0], -2 * x * y * y * y / (r * r));
        check("H df/dy", bar[1], y * y * (3 * x * x + y * y) / (r * r));
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
