/* Jacobians most of whose entries are zero: loops over directions leave out what is (transform/narrow_directions.c), and must not leave
 * out more. Compared with jvp in one direction at a time. */
#include <adgen/adgen.h>
#include <math.h>
#include <stddef.h>

/* a scratch for all groups, read behind the loop: what it held of earlier groups is gone */
ADGEN(jacobian, wrt(x), of(y))
ADGEN(jvp, wrt(x), of(y))
void scratch_left_behind(const double x[12], double y[24])
{
    double scratch[3];
    for (int g = 0; g < 4; g++) {
        for (int i = 0; i < 3; i++)
            scratch[i] = x[3 * g + i] * x[3 * g];
        for (int i = 0; i < 3; i++)
            y[3 * g + i] = scratch[i];
    }
    for (int i = 0; i < 12; i++)
        y[12 + i] = scratch[i % 3] + scratch[0];
}

/* the same, but one element is overwritten only where the data say so, and one never after the first round */
ADGEN(jacobian, wrt(x), of(y))
ADGEN(jvp, wrt(x), of(y))
void overwritten_sometimes(const double x[12], const double limit[1], double y[24])
{
    double scratch[3] = {0, 0, 0};
    for (int g = 0; g < 4; g++) {
        scratch[0] = sin(x[3 * g]);
        if (x[3 * g + 1] > limit[0])
            scratch[1] = x[3 * g + 1] * scratch[0];
        if (g == 0)
            scratch[2] = x[2] * x[2];
        for (int i = 0; i < 6; i++)
            y[6 * g + i] = scratch[i / 2] * (i + 1);
    }
}

/* places that are known at run time only, read and written */
ADGEN(jacobian, wrt(x), of(y))
ADGEN(jvp, wrt(x), of(y))
void looked_up(const double x[12], const int pick[6], double y[24])
{
    double table[6] = {0}, copy[6];
    for (int g = 0; g < 6; g++)
        table[pick[g]] = x[2 * g] * x[2 * g + 1];
    for (int g = 0; g < 6; g++)
        copy[g] = table[g] + x[2 * g];
    for (int g = 0; g < 6; g++) {
        y[4 * g] = copy[pick[5 - g]];
        y[4 * g + 1] = table[g];
        table[g] = x[g];
        y[4 * g + 2] = table[pick[g]];
        y[4 * g + 3] = copy[g] * copy[g];
    }
}

/* downward, from the last group to the first, each group with a part of the one before */
ADGEN(jacobian, wrt(x), of(y))
ADGEN(jvp, wrt(x), of(y))
void chained(const double x[16], double y[40])
{
    double carried[2] = {0, 0}, own[8][2];
    for (int g = 7; g >= 0; g--) {
        for (int i = 0; i < 2; i++)
            own[g][i] = x[2 * g + i] + carried[i] * x[15 - 2 * g];
        carried[0] = own[g][1];
        carried[1] = 0;
    }
    for (int g = 0; g < 8; g++)
        for (int i = 0; i < 5; i++)
            y[5 * g + i] = own[g][i % 2] * own[7 - g][i / 3];
}

/* groups in an order that no formula has; counters without sign; triangles */
ADGEN(jacobian, wrt(x), of(y))
ADGEN(jvp, wrt(x), of(y))
void out_of_order(const double x[15], double y[30])
{
    double level[5], sums[5][5];
    for (size_t g = 0; g < 5; g++)
        level[g] = x[g * g % 5] + x[14 - g];
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j <= i; j++)
            sums[i][j] = level[i - j] * x[5 + j];
    size_t k = 0;
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j <= i; j++) {
            y[k] = sums[i][j];
            y[k + 15] = sums[i][0] * level[j];
            k++;
        }
}

/* what each group leaves in the scratch, and what the one before left, behind a test of the counter; a row that is set to zero again; beginnings
 * that no formula reaches but for the ends */
ADGEN(jacobian, wrt(x), of(y))
ADGEN(jvp, wrt(x), of(y))
void left_by_others(const double x[20], const double w[4], double y[40])
{
    double row[5][3], kept[2], one[5];
    for (int g = 0; g < 5; g++) {
        for (int i = 0; i < 3; i++)
            row[g][i] = x[4 * g + i] * w[i];
        if (g % 2 == 0)
            kept[g / 2 % 2] = row[g][1] * x[4 * g + 3];
        one[g] = kept[0] * w[0];
    }
    for (int g = 0; g < 5; g++)
        for (int i = 0; i < 3; i++)
            y[8 * g + i] = sin(row[g][i]);
    for (int i = 0; i < 3; i++)
        row[2][i] = 0;
    for (int g = 4; g >= 0; g--) {
        y[8 * g + 3] = row[g][0] + row[g][2];
        y[8 * g + 4] = one[g];
        y[8 * g + 5] = x[g] * w[3];
        y[8 * g + 6] = kept[g % 2];
        y[8 * g + 7] = row[4 - g][2] * row[4 - g][2];
    }
}

/* steps, as many as there are: what each step adds grows, or is set back */
ADGEN(jacobian, wrt(x), of(y))
ADGEN(jvp, wrt(x), of(y))
void over_time(int steps, const double x[10], double y[20])
{
    double state[10], next[10], held[10];
    for (int i = 0; i < 10; i++) {
        state[i] = x[i];
        held[i] = x[i] * x[i];
    }
    for (int t = 0; t < steps; t++) {
        for (int i = 0; i < 10; i++)
            next[i] = state[i] + (i > 0 ? 0.1 * state[i - 1] : 0) * x[i];
        for (int i = 0; i < 10; i++) {
            state[i] = next[i];
            held[i] += 0.5 * x[i];
        }
        if (t == 1)
            state[4] = 0;
    }
    for (int i = 0; i < 10; i++) {
        y[i] = state[i];
        y[10 + i] = held[i];
    }
}

/* in and out; a while loop; the last of the directions */
ADGEN(jacobian, wrt(x), of(x, y))
ADGEN(jvp, wrt(x), of(x, y))
void in_and_out(double x[9], int rounds, double y[9])
{
    double pair[2] = {0, 0}, last[3];
    for (int i = 0; i < 9; i++) {
        pair[i % 2] = x[i] * 2;
        y[i] = pair[0] * pair[1];
    }
    for (int i = 0; i < 3; i++)
        last[i] = x[8] * x[7] * (i + 1);
    while (rounds > 0) {
        last[rounds % 3] = x[rounds % 9] + last[0];
        rounds -= 2;
    }
    for (int i = 0; i < 9; i++)
        x[i] = last[i / 3] + x[i];
}

/* bones on chains, moved by a skin of any number of points: the whole, with tests of weights */
static void turn(const double by[2], const double from[3], double to[3])
{
    for (int i = 0; i < 3; i++) {
        to[i] = i == 2 ? from[2] : 0;
        for (int k = 0; k < 2; k++)
            to[i] += from[(i + k) % 3] * by[k];
    }
}

ADGEN(jacobian, wrt(x), of(error))
ADGEN(jvp, wrt(x), of(error))
void skin(int n, const double x[23], const double weights[n][11], double error[n][3])
{
    double place[11][3], moved[11][3], bend[2];
    for (int i = 0; i < 3; i++)
        place[0][i] = i + 1;
    for (int f = 0; f < 5; f++)
        for (int j = 0; j < 2; j++) {
            const int bone = 1 + 2 * f + j;
            bend[0] = j == 0 ? cos(x[3 + 4 * f]) : 1;
            bend[1] = sin(x[4 + 4 * f + j]) * x[6 + 4 * f];
            turn(bend, place[j == 0 ? 0 : bone - 1], place[bone]);
        }
    for (int bone = 0; bone < 11; bone++)
        turn(place[bone], place[bone], moved[bone]);
    for (int v = 0; v < n; v++) {
        double p[3] = {0, 0, 0};
        for (int bone = 0; bone < 11; bone++)
            for (int i = 0; i < 3; i++)
                p[i] += weights[v][bone] * moved[bone][i];
        for (int i = 0; i < 3; i++)
            error[v][i] = x[i] - p[i] * x[0];
    }
}

/* terms that depend on columns of their own: the loop over the directions is cut; differences, products, quotients and choices of what is zero in a
 * part; sets that begin inside others */
ADGEN(jacobian, wrt(x), of(y))
ADGEN(jvp, wrt(x), of(y))
void cut(int n, const double x[28], const double w[n], double y[n])
{
    double low[2], middle[4], high[8], rare = x[13] * x[27];
    for (int i = 0; i < 2; i++)
        low[i] = x[i] * x[2 - i] + 2;
    for (int i = 0; i < 4; i++)
        middle[i] = exp(x[8 + i]) * x[6 + i / 2];
    for (int i = 0; i < 8; i++)
        high[i] = x[20 + i] - x[12 + i] * x[12];
    for (int v = 0; v < n; v++) {
        const double a = w[v] > 0 ? low[0] : high[v % 8];
        const double b = middle[v % 4] / low[1] - high[7 - v % 8] * a;
        switch (v % 5) {
        case 0: y[v] = a - b; break;
        case 1: y[v] = w[v] * low[1] - middle[3]; break;
        case 2: y[v] = -high[v % 8] + low[v % 2] / w[0]; break;
        case 3: y[v] = fabs(middle[0]) - fmax(low[0], middle[1]); break;
        default: y[v] = rare - low[0] + (w[v] < 0.5 ? high[3] : 2);
        }
    }
}

/* floats, more columns than are computed at once */
ADGEN(jacobian, wrt(x), of(y))
ADGEN(jvp, wrt(x), of(y))
void many_columns(const float x[60], float y[120])
{
    float group[3], all = 0;
    for (int g = 0; g < 20; g++) {
        for (int i = 0; i < 3; i++)
            group[i] = x[3 * g + i] * x[3 * g];
        all += group[1];
        for (int i = 0; i < 6; i++)
            y[6 * g + i] = group[i / 2] * group[2] + (i == 5 ? all : 0);
    }
}
