/* The Jacobian of tracking.c by hand. The transforms are differentiated first, one tangent for each parameter of a
 * finger, already turned by the rotation of the whole; they concern that finger's bones only. Then each vertex applies
 * those of the bones that move it. */
#include <math.h>
#include <string.h>

enum { FINGERS = 5, BONES = 16, PARAMETERS = 26, PER_FINGER = 4 };

static void multiply(const double a[restrict 12], const double b[restrict 12], double out[restrict 12])
{
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 4; j++)
            out[4 * i + j] = a[4 * i] * b[j] + a[4 * i + 1] * b[4 + j] + a[4 * i + 2] * b[8 + j];
        out[4 * i + 3] += a[4 * i + 3];
    }
}

/* A bend and its derivatives in flexion and abduction. */
static void bend(double flexion, double abduction, double out[restrict 12], double by_flexion[restrict 12],
                 double by_abduction[restrict 12])
{
    const double cf = cos(flexion), sf = sin(flexion), ca = cos(abduction), sa = sin(abduction);
    const double r[12] = {ca, -sa, 0, 0, cf * sa, cf * ca, -sf, 0, sf * sa, sf * ca, cf, 0};
    const double f[12] = {0, 0, 0, 0, -sf * sa, -sf * ca, -cf, 0, cf * sa, cf * ca, -sf, 0};
    const double a[12] = {-sa, -ca, 0, 0, cf * ca, -cf * sa, 0, 0, sf * ca, -sf * sa, 0, 0};
    memcpy(out, r, sizeof r);
    memcpy(by_flexion, f, sizeof f);
    memcpy(by_abduction, a, sizeof a);
}

/* The rotation by |axis| about it, and its derivatives in the three numbers. */
static void rotation_matrix(const double axis[restrict 3], double out[restrict 3][3], double tangents[restrict 3][3][3])
{
    const double angle = sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]);
    const double u[3] = {axis[0] / angle, axis[1] / angle, axis[2] / angle};
    const double c = cos(angle), s = sin(angle), t = 1 - c;
    const double cross[3][3] = {{0, -u[2], u[1]}, {u[2], 0, -u[0]}, {-u[1], u[0], 0}};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            out[i][j] = t * u[i] * u[j] + s * cross[i][j] + (i == j ? c : 0);
    for (int p = 0; p < 3; p++) {
        double d[3];
        for (int i = 0; i < 3; i++)
            d[i] = ((i == p) - u[i] * u[p]) / angle;
        const double crossed[3][3] = {{0, -d[2], d[1]}, {d[2], 0, -d[0]}, {-d[1], d[0], 0}};
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                tangents[p][i][j] = t * (d[i] * u[j] + u[i] * d[j]) + s * crossed[i][j]
                                    + u[p] * (s * u[i] * u[j] + c * cross[i][j] - (i == j ? s : 0));
    }
}

/* The transforms of a finger's bones, and for each of its parameters their tangents, turned by `whole`. */
static void pose_finger(const double theta[restrict PER_FINGER], const double wrist[restrict 12],
                        const double whole[restrict 12], const double base[restrict 3][12],
                        const double inverse[restrict 3][12], double transforms[restrict 3][12],
                        double tangents[restrict PER_FINGER][3][12])
{
    double absolute[12], moved[12], rotation[12], by_flexion[12], by_abduction[12], t[12];
    double carried[PER_FINGER][12];
    memcpy(absolute, wrist, sizeof absolute);
    for (int j = 0, parameters = 0; j < 3; j++) {
        const int first = j == 0 ? 0 : j + 1;
        bend(theta[first], j == 0 ? theta[1] : 0, rotation, by_flexion, by_abduction);
        multiply(absolute, base[j], moved);
        for (int p = 0; p < parameters; p++) {
            multiply(carried[p], base[j], t);
            multiply(t, rotation, carried[p]);
        }
        multiply(moved, rotation, absolute);
        double turned[12] = {0}, origin[12];
        memcpy(origin, moved, sizeof origin);
        for (int i = 0; i < 3; i++)
            origin[4 * i + 3] = 0; /* a bend moves no origin */
        multiply(whole, origin, turned);
        multiply(turned, by_flexion, carried[parameters++]);
        if (j == 0)
            multiply(turned, by_abduction, carried[parameters++]);
        multiply(absolute, inverse[j], transforms[j]);
        for (int p = 0; p < parameters; p++)
            multiply(carried[p], inverse[j], tangents[p][j]);
    }
}

static void apply(const double transform[restrict 12], const double v[restrict 3], double weight,
                  double out[restrict 3])
{
    for (int i = 0; i < 3; i++)
        out[i] += weight * (transform[4 * i] * v[0] + transform[4 * i + 1] * v[1] + transform[4 * i + 2] * v[2]
                            + transform[4 * i + 3]);
}

void tracking_hand(int n, const double theta[restrict PARAMETERS], const double base[restrict BONES][12],
                   const double inverse[restrict BONES][12], const double vertices[restrict n][3],
                   const double weights[restrict n][BONES], const double observed[restrict n][3],
                   double error[restrict n][3], double jacobian[restrict n][3][PARAMETERS])
{
    double transforms[BONES][12], tangents[FINGERS][PER_FINGER][3][12], rotation[3][3], turns[3][3][3];
    double whole[12] = {0};
    rotation_matrix(theta, rotation, turns);
    for (int i = 0; i < 3; i++)
        memcpy(whole + 4 * i, rotation[i], sizeof rotation[i]);
    multiply(base[0], inverse[0], transforms[0]);
    for (int f = 0; f < FINGERS; f++)
        pose_finger(theta + 6 + PER_FINGER * f, base[0], whole, base + 1 + 3 * f, inverse + 1 + 3 * f,
                    transforms + 1 + 3 * f, tangents[f]);
    for (int v = 0; v < n; v++) {
        double p[3] = {0}, moved[PARAMETERS][3] = {{0}};
        for (int bone = 0; bone < BONES; bone++) {
            const double weight = weights[v][bone];
            if (weight == 0)
                continue;
            apply(transforms[bone], vertices[v], weight, p);
            const int f = (bone - 1) / 3, j = (bone - 1) % 3;
            for (int q = 0; bone > 0 && q < j + 2; q++)
                apply(tangents[f][q][j], vertices[v], weight, moved[6 + PER_FINGER * f + q]);
        }
        for (int i = 0; i < 3; i++) {
            double *restrict row = jacobian[v][i];
            error[v][i] = observed[v][i] - theta[3 + i]
                          - (rotation[i][0] * p[0] + rotation[i][1] * p[1] + rotation[i][2] * p[2]);
            for (int q = 0; q < 3; q++) {
                row[q] = -(turns[q][i][0] * p[0] + turns[q][i][1] * p[1] + turns[q][i][2] * p[2]);
                row[3 + q] = q == i ? -1 : 0;
            }
            for (int q = 6; q < PARAMETERS; q++)
                row[q] = -moved[q][i];
        }
    }
}
