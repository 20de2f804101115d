/* Minima and maxima that loops find: only what won has a derivative. And what only looks like one.
 *
 * DIRECTIONS 3
 *
 * CHECK largest 7 1 -1 1
 * CHECK largest_of_two 8 2 -1 1
 * CHECK least_from_a_bound 6 1 -1 1
 * CHECK nobody_wins 5 1 0.1 0.9
 * CHECK first_wins 6 1 -1 1
 * CHECK nearest_centre 14 2 -1 1
 * CHECK with_its_place 8 2 -1 1
 * CHECK choice_between_expressions 7 1 0.2 1.5
 * CHECK other_way_round 7 1 -1 1
 * CHECK two_at_once 8 2 -1 1
 * CHECK of_a_matrix 12 1 -1 1
 * CHECK row_by_row 12 4 -1 1
 * CHECK kept_along_the_way 6 6 -1 1
 * CHECK array_changes_in_the_loop 6 1 -1 1
 * CHECK array_changes_behind 6 2 -1 1
 * CHECK candidate_of_the_last_one 6 1 -1 1
 * CHECK candidate_is_carried 6 1 -1 1
 * CHECK threshold_moves 6 1 -1 1
 * CHECK scratch_in_between 8 1 -1 1
 * CHECK initial_changes_before 5 1 -1 1
 * CHECK with_steps_of_two 9 1 -1 1
 * CHECK downward 7 1 -1 1
 * CHECK in_single_precision 6 1 -1 1 single
 * CHECK left_early 7 1 -1 1
 * CHECK of_the_same_scalar 6 1 0.2 0.9
 * CHECK in_a_loop_over_time 5 2 -1 1
 * CHECK stored_and_used_again 7 2 -1 1
 * CHECK stored_and_overwritten 7 1 -1 1
 * CHECK stored_in_one_place 6 2 -1 1
 */
#include <adgen/adgen.h>
#include <math.h>

#define BOTH ADGEN(vjp) ADGEN(jvp)

BOTH
void largest(const double x[7], double y[1])
{
    double max = x[0];
    for (int i = 1; i < 7; i++)
        if (x[i] > max)
            max = x[i];
    double sum = 0;
    for (int i = 0; i < 7; i++)
        sum += exp(x[i] - max);
    y[0] = max * max + log(sum);
}

static double most(int n, const double *x)
{
    double max = x[0];
    for (int i = 1; i < n; i++)
        max = x[i] >= max ? x[i] : max;
    return max;
}

BOTH
void largest_of_two(const double x[8], double y[2])
{
    y[0] = sin(most(4, x)) * most(4, x + 4);
    y[1] = most(8, x);
}

BOTH
void least_from_a_bound(const double x[6], double y[1])
{
    double least = 0.4 * x[5];
    for (int i = 0; i < 5; i++)
        if (x[i] * (1 + x[i]) < least)
            least = x[i] * (1 + x[i]);
    y[0] = least * x[5];
}

BOTH
void nobody_wins(const double x[5], double y[1])
{
    double best = 2 * x[0];
    for (int i = 1; i < 5; i++)
        if (x[i] > 7)
            best = x[i] * x[1];
    for (int i = 5; i < 5; i++)
        if (x[0] < best)
            best = x[0];
    y[0] = best * best;
}

BOTH
void first_wins(const double x[6], double y[1])
{
    double best = 3;
    for (int i = 0; i < 6; i++)
        if (i == 0 || fabs(x[i]) < 0.2 * best)
            best = fabs(x[i]);
    y[0] = exp(best);
}

BOTH
void nearest_centre(const double x[14], double y[2])
{
    const double *centres = x + 4;
    for (int p = 0; p < 2; p++) {
        double least = 0;
        for (int c = 0; c < 5; c++) {
            double distance = 0;
            for (int j = 0; j < 2; j++) {
                double delta = x[2 * p + j] - centres[2 * c + j];
                distance += delta * delta;
            }
            if (c == 0 || distance < least)
                least = distance;
        }
        y[p] = sqrt(least + 0.1) * x[0];
    }
}

BOTH
void with_its_place(const double x[8], double y[2])
{
    int place = 0;
    double best = -10;
    for (int i = 0; i < 8; i++) {
        const double value = sin(3 * x[i]) + 0.1 * x[i];
        if (value > best) {
            best = value;
            place = i;
        }
    }
    y[0] = best * x[place];
    y[1] = x[(place + 1) % 8];
}

BOTH
void choice_between_expressions(const double x[7], double y[1])
{
    double best = x[6];
    for (int i = 0; i < 6; i++)
        best = best < x[i] / x[6] ? x[i] / x[6] + 0.3 * x[i] * x[0] : best;
    y[0] = best;
}

BOTH
void other_way_round(const double x[7], double y[1])
{
    double max = x[0];
    for (int i = 1; i < 7; i++) {
        if (max >= x[i])
            continue;
        max = x[i];
    }
    y[0] = tanh(max);
}

BOTH
void two_at_once(const double x[8], double y[2])
{
    double low = x[0], high = x[0];
    for (int i = 1; i < 8; i++) {
        if (x[i] < low)
            low = x[i];
        if (x[i] > high)
            high = x[i];
    }
    y[0] = high - low;
    y[1] = high * low;
}

BOTH
void of_a_matrix(const double x[12], double y[1])
{
    double max = -5;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 4; j++)
            if (x[4 * i + j] * x[j] > max)
                max = x[4 * i + j] * x[j];
    y[0] = max * max;
}

BOTH
void row_by_row(const double x[12], double y[4])
{
    for (int i = 0; i < 4; i++) {
        double max = x[3 * i];
        for (int j = 1; j < 3; j++)
            if (x[3 * i + j] > max)
                max = x[3 * i + j];
        y[i] = max * (i > 0 ? y[i - 1] : 1);
    }
}

BOTH
void kept_along_the_way(const double x[6], double y[6])
{
    double max = x[0];
    for (int i = 0; i < 6; i++) {
        if (x[i] > max)
            max = x[i];
        y[i] = max * x[i];
    }
    y[0] += sin(max);
}

BOTH
void array_changes_in_the_loop(const double x[6], double y[1])
{
    double t[6], max = -3;
    for (int i = 0; i < 6; i++)
        t[i] = x[i];
    for (int i = 0; i < 6; i++) {
        if (t[i] > max)
            max = t[i];
        t[i] *= 0.5 * x[0];
        t[(i + 1) % 6] += 0.1 * t[i];
    }
    y[0] = max + t[2] * t[3];
}

BOTH
void array_changes_behind(const double x[6], double y[2])
{
    double t[6], max = -3;
    for (int i = 0; i < 6; i++)
        t[i] = x[i] * x[i];
    for (int i = 0; i < 6; i++)
        if (t[i] * t[0] > max)
            max = t[i] * t[0];
    for (int i = 0; i < 6; i++)
        t[i] = cos(t[i]) * max;
    y[0] = max * max;
    y[1] = t[1] * t[4];
}

BOTH
void candidate_of_the_last_one(const double x[6], double y[1])
{
    double max = x[0];
    for (int i = 1; i < 6; i++)
        if (x[i] > 0.5 * max)
            max = x[i];
    y[0] = max * x[0];
}

BOTH
void candidate_is_carried(const double x[6], double y[1])
{
    double best = 0, sum = 0;
    for (int i = 0; i < 6; i++) {
        sum += x[i] * x[i];
        if (sum * x[i] > best)
            best = sum * x[i];
    }
    y[0] = best + sum;
}

BOTH
void threshold_moves(const double x[6], double y[1])
{
    double best = x[0];
    for (int i = 1; i < 6; i++)
        best = x[i] > best ? 0.5 * (best + x[i]) : best;
    y[0] = best * best;
}

BOTH
void scratch_in_between(const double x[8], double y[1])
{
    double t[3], best = -9;
    for (int i = 0; i < 5; i++) {
        for (int j = 0; j < 3; j++)
            t[j] = x[i + j] * x[7];
        if (t[0] * t[2] > best)
            best = t[0] * t[2];
    }
    y[0] = best;
}

BOTH
void initial_changes_before(const double x[5], double y[1])
{
    double t[5];
    for (int i = 0; i < 5; i++)
        t[i] = x[i];
    double max = t[0];
    t[0] = 5 * x[1];
    for (int i = 1; i < 5; i++)
        if (t[i] > max)
            max = t[i];
    y[0] = max * t[0];
}

BOTH
void with_steps_of_two(const double x[9], double y[1])
{
    double max = x[2];
    for (int i = 3; i < 9; i += 2)
        if (x[i] > max)
            max = x[i];
    y[0] = max * max * max;
}

BOTH
void downward(const double x[7], double y[1])
{
    double max = x[6];
    for (int i = 5; i >= 0; i--)
        if (x[i] > max)
            max = x[i];
    y[0] = max * max;
}

BOTH
void in_single_precision(const double x[6], double y[1])
{
    float max = (float)x[0];
    for (unsigned i = 1; i < 6; i++)
        if ((float)x[i] > max)
            max = (float)x[i];
    for (int i = 1; i < 6; i++)
        if ((float)x[i] * 0.5f > max)
            max = (float)x[i];
    y[0] = max * x[3];
}

BOTH
void left_early(const double x[7], double y[1])
{
    double max = x[0];
    for (int i = 1; i < 7; i++) {
        if (x[i] > max)
            max = x[i];
        if (max > 0.6)
            break;
    }
    y[0] = exp(max);
}

BOTH
void of_the_same_scalar(const double x[6], double y[1])
{
    const double scale = x[0] * x[5];
    double best = scale;
    for (int i = 0; i < 6; i++)
        if (x[i] < 0.5)
            best = scale;
        else if (x[i] * 2 < best)
            best = x[i];
    y[0] = best * best;
}

BOTH
void in_a_loop_over_time(const double x[5], double y[2])
{
    double t[5];
    for (int i = 0; i < 5; i++)
        t[i] = x[i];
    for (int s = 0; s < 4; s++) {
        double max = t[0];
        for (int i = 1; i < 5; i++)
            if (t[i] * t[i] > max * max)
                max = t[i];
        for (int i = 0; i < 5; i++)
            t[i] = 0.7 * t[i] + 0.2 * max * t[(i + 1) % 5];
    }
    y[0] = t[0] + t[1];
    y[1] = t[3] * t[4];
}

BOTH
void stored_and_used_again(const double x[7], double y[2])
{
    double t[5], max = -4;
    for (int i = 0; i < 5; i++) {
        double sum = 0;
        for (int j = 0; j < 3; j++)
            sum += sin(x[i + j]);
        t[i] = exp(sum);
        if (t[i] > max)
            max = t[i];
    }
    y[0] = log(max);
    y[1] = t[0] * t[4] * max;
}

BOTH
void stored_and_overwritten(const double x[7], double y[1])
{
    double t[7], max = -4;
    for (int i = 0; i < 6; i++) {
        const double value = x[i] * x[i + 1];
        t[i] = value;
        if (value > max)
            max = value;
        t[i > 0 ? i - 1 : 5] = 0.3 * x[0];
    }
    y[0] = max * t[2] * x[3];
}

BOTH
void stored_in_one_place(const double x[6], double y[2])
{
    double max = x[0];
    for (int i = 1; i < 6; i++) {
        y[0] = x[i] * 1.5;
        if (x[i] * 1.5 > max)
            max = x[i] * 1.5;
    }
    y[1] = max * y[0];
}
