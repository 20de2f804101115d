/* Hand tracking: a skeleton of a wrist and five fingers of three bones moves a skin of vertices; the errors are how far each
 * vertex is from where it was observed.
 *
 * theta: rotation (axis times angle) and translation of the whole; of each finger flexion and abduction of its first bone
 * and the flexions of the two others. Transforms are 3 x 4 matrices, row by row. */
#include <adgen/adgen.h>
#include <math.h>

enum { FINGERS = 5, BONES = 16, PARAMETERS = 26 };

static void multiply(const double a[12], const double b[12], double out[12])
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 4; j++) {
            out[4 * i + j] = j == 3 ? a[4 * i + 3] : 0;
            for (int k = 0; k < 3; k++)
                out[4 * i + j] += a[4 * i + k] * b[4 * k + j];
        }
}

static void bend(double flexion, double abduction, double out[12])
{
    double cf = cos(flexion), sf = sin(flexion), ca = cos(abduction), sa = sin(abduction);
    out[0] = ca;
    out[1] = -sa;
    out[2] = 0;
    out[4] = cf * sa;
    out[5] = cf * ca;
    out[6] = -sf;
    out[8] = sf * sa;
    out[9] = sf * ca;
    out[10] = cf;
    for (int i = 0; i < 3; i++)
        out[4 * i + 3] = 0;
}

static void rotation_matrix(const double axis[3], double out[3][3])
{
    double square = axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2];
    double angle = sqrt(square);
    double x = axis[0] / angle, y = axis[1] / angle, z = axis[2] / angle;
    double c = cos(angle), s = sin(angle), t = 1 - c;
    out[0][0] = t * x * x + c;
    out[0][1] = t * x * y - s * z;
    out[0][2] = t * x * z + s * y;
    out[1][0] = t * x * y + s * z;
    out[1][1] = t * y * y + c;
    out[1][2] = t * y * z - s * x;
    out[2][0] = t * x * z - s * y;
    out[2][1] = t * y * z + s * x;
    out[2][2] = t * z * z + c;
}

static void pose(const double theta[PARAMETERS], const double base[BONES][12], const double inverse[BONES][12],
                 double transforms[BONES][12])
{
    double absolute[BONES][12], rotation[12], bent[12];
    for (int i = 0; i < 12; i++)
        absolute[0][i] = base[0][i];
    for (int f = 0; f < FINGERS; f++)
        for (int j = 0; j < 3; j++) {
            int bone = 1 + 3 * f + j;
            if (j == 0)
                bend(theta[6 + 4 * f], theta[7 + 4 * f], rotation);
            else
                bend(theta[7 + 4 * f + j], 0, rotation);
            multiply(base[bone], rotation, bent);
            multiply(absolute[j == 0 ? 0 : bone - 1], bent, absolute[bone]);
        }
    for (int bone = 0; bone < BONES; bone++)
        multiply(absolute[bone], inverse[bone], transforms[bone]);
}

ADGEN(jacobian, wrt(theta), of(error))
void tracking(int n, const double theta[PARAMETERS], const double base[BONES][12], const double inverse[BONES][12],
              const double vertices[n][3], const double weights[n][BONES], const double observed[n][3],
              double error[n][3])
{
    double transforms[BONES][12], whole[3][3];
    pose(theta, base, inverse, transforms);
    rotation_matrix(theta, whole);
    for (int v = 0; v < n; v++) {
        double p[3] = {0, 0, 0};
        for (int bone = 0; bone < BONES; bone++)
            for (int i = 0; i < 3; i++) {
                double moved = transforms[bone][4 * i + 3];
                for (int k = 0; k < 3; k++)
                    moved += transforms[bone][4 * i + k] * vertices[v][k];
                p[i] += weights[v][bone] * moved;
            }
        for (int i = 0; i < 3; i++)
            error[v][i] = observed[v][i] - theta[3 + i]
                          - (whole[i][0] * p[0] + whole[i][1] * p[1] + whole[i][2] * p[2]);
    }
}
