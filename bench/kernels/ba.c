/* Bundle adjustment: how far a point seen by a camera is from where it was observed, in two coordinates.
 *
 * A camera is its rotation (axis times angle), its centre, focal length, principal point and two coefficients of
 * radial distortion. */
#include <adgen/adgen.h>
#include <math.h>

static void cross(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static void rotate(const double rotation[3], const double x[3], double out[3])
{
    double square = rotation[0] * rotation[0] + rotation[1] * rotation[1] + rotation[2] * rotation[2];
    double product[3];
    if (square > 0) {
        double angle = sqrt(square);
        double c = cos(angle), s = sin(angle);
        double axis[3];
        for (int i = 0; i < 3; i++)
            axis[i] = rotation[i] / angle;
        cross(axis, x, product);
        double along = (axis[0] * x[0] + axis[1] * x[1] + axis[2] * x[2]) * (1 - c);
        for (int i = 0; i < 3; i++)
            out[i] = x[i] * c + product[i] * s + axis[i] * along;
    } else {
        cross(rotation, x, product);
        for (int i = 0; i < 3; i++)
            out[i] = x[i] + product[i];
    }
}

static void project(const double camera[11], const double point[3], double out[2])
{
    double shifted[3], seen[3];
    for (int i = 0; i < 3; i++)
        shifted[i] = point[i] - camera[3 + i];
    rotate(camera, shifted, seen);
    double x = seen[0] / seen[2], y = seen[1] / seen[2];
    double square = x * x + y * y;
    double distortion = 1 + camera[9] * square + camera[10] * square * square;
    out[0] = x * distortion * camera[6] + camera[7];
    out[1] = y * distortion * camera[6] + camera[8];
}

ADGEN(jacobian, wrt(camera, point, weight), of(error))
void ba(const double camera[11], const double point[3], double weight, const double observed[2], double error[2])
{
    double seen[2];
    project(camera, point, seen);
    error[0] = weight * (seen[0] - observed[0]);
    error[1] = weight * (seen[1] - observed[1]);
}
