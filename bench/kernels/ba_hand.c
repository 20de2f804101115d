/* The 2 x 15 Jacobian of ba.c by hand. Both rows share all that does not depend on the row; the rotation is
 * differentiated in reverse: from the row g = d(error)/d(rotated point) to the rotation and the point. */
#include <math.h>

static void cross(const double a[restrict 3], const double b[restrict 3], double out[restrict 3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static double dot(const double a[restrict 3], const double b[restrict 3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

typedef struct Rotation {
    double axis[3], sine, cosine, inverse_angle, angle;
} Rotation;

/* By a tiny angle: x + rotation cross x. */
static void row_without_rotation(const double rotation[restrict 3], const double x[restrict 3],
                                 const double g[restrict 3], double rotation_bar[restrict 3], double x_bar[restrict 3])
{
    cross(x, g, rotation_bar);
    cross(g, rotation, x_bar);
    for (int i = 0; i < 3; i++)
        x_bar[i] += g[i];
}

static void row(const Rotation *restrict r, const double x[restrict 3], const double product[restrict 3], double along,
                const double g[restrict 3], double rotation_bar[restrict 3], double x_bar[restrict 3])
{
    double xg[3], gk[3], v[3];
    const double c1 = 1 - r->cosine;
    cross(x, g, xg);
    cross(g, r->axis, gk);
    const double g_axis = dot(g, r->axis), scaled = c1 * g_axis;
    const double angle_bar = r->sine * (g_axis * along - dot(g, x)) + r->cosine * dot(g, product);
    for (int i = 0; i < 3; i++) {
        v[i] = r->sine * xg[i] + c1 * along * g[i] + scaled * x[i];
        x_bar[i] = g[i] * r->cosine + r->sine * gk[i] + scaled * r->axis[i];
    }
    const double radial = angle_bar - dot(r->axis, v) * r->inverse_angle;
    for (int i = 0; i < 3; i++)
        rotation_bar[i] = v[i] * r->inverse_angle + radial * r->axis[i];
}

void ba_hand(const double camera[restrict 11], const double point[restrict 3], double weight,
             const double observed[restrict 2], double error[restrict 2], double jacobian[restrict 2][15])
{
    double x[3], seen[3], product[3], along = 0;
    Rotation r = {.angle = dot(camera, camera)};
    for (int i = 0; i < 3; i++)
        x[i] = point[i] - camera[3 + i];
    const int turned = r.angle > 0;
    if (turned) {
        r.angle = sqrt(r.angle);
        r.inverse_angle = 1 / r.angle;
        r.sine = sin(r.angle);
        r.cosine = cos(r.angle);
        for (int i = 0; i < 3; i++)
            r.axis[i] = camera[i] * r.inverse_angle;
        cross(r.axis, x, product);
        along = dot(r.axis, x);
        for (int i = 0; i < 3; i++)
            seen[i] = x[i] * r.cosine + product[i] * r.sine + r.axis[i] * along * (1 - r.cosine);
    } else {
        cross(camera, x, product);
        for (int i = 0; i < 3; i++)
            seen[i] = x[i] + product[i];
    }
    const double depth = 1 / seen[2], p[2] = {seen[0] * depth, seen[1] * depth};
    const double square = p[0] * p[0] + p[1] * p[1];
    const double distortion = 1 + square * (camera[9] + camera[10] * square);
    const double slope = 2 * (camera[9] + 2 * camera[10] * square);
    const double wf = weight * camera[6];
    for (int k = 0; k < 2; k++) {
        double *restrict out = jacobian[k];
        const double q = p[k] * distortion, difference = q * camera[6] + camera[7 + k] - observed[k];
        error[k] = weight * difference;
        double plane[2] = {wf * p[k] * slope * p[0], wf * p[k] * slope * p[1]};
        plane[k] += wf * distortion;
        const double g[3] = {plane[0] * depth, plane[1] * depth, -(plane[0] * p[0] + plane[1] * p[1]) * depth};
        if (turned)
            row(&r, x, product, along, g, out, out + 11);
        else
            row_without_rotation(camera, x, g, out, out + 11);
        for (int i = 0; i < 3; i++)
            out[3 + i] = -out[11 + i];
        out[6] = weight * q;
        out[7 + k] = weight;
        out[8 - k] = 0;
        out[9] = wf * p[k] * square;
        out[10] = out[9] * square;
        out[14] = difference;
    }
}
