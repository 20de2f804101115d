/* goto: forward and backward, out of loops and into them.
 *
 * DIRECTIONS 3
 * SPARSE
 * CHECK end_of_function 2 1 -1 1
 * CHECK cleanup_in_stages 3 2 -1 1
 * CHECK out_of_nested_loops 9 2 -1 1
 * CHECK backward_loop 2 1 0.2 0.9
 * CHECK counted_backward 3 1 0.2 0.9
 * CHECK retry_with_two_ways_out 2 2 0.2 0.9
 * CHECK into_a_loop 4 2 0.2 1
 * CHECK into_a_branch 2 1 -1 1
 * CHECK into_do_while 3 1 0.2 1
 * CHECK into_a_for 3 1 0.2 1
 * CHECK overlapping_loops 2 2 0.2 0.9
 * CHECK state_machine 4 2 -1 1
 * CHECK irreducible 2 1 0.2 0.9
 * CHECK out_of_switch 3 2 -1 1
 * CHECK across_branches 2 1 -1 1
 * CHECK continue_by_goto 4 1 -1 1
 * CHECK labels_unused 2 1 -1 1
 * CHECK variables_behind_labels 3 2 -1 1
 * CHECK array_in_goto_loop 3 3 0.2 1
 * CHECK helper_with_gotos 3 1 0.3 0.5
 * CHECK vla_and_goto 3 1 0.2 1
 */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(vjp)
ADGEN(jvp)
void end_of_function(const double x[2], double y[1])
{
    y[0] = 0;
    if (x[0] < -0.5)
        goto end;
    y[0] = x[0] * x[0];
    if (x[1] < 0)
        goto end;
    y[0] += sin(x[1]);
end:
    y[0] *= x[1];
}

ADGEN(vjp)
ADGEN(jvp)
void cleanup_in_stages(const double x[3], double y[2])
{
    double a = 1, b = 1;
    y[0] = y[1] = 0;
    if (x[0] > 0.3)
        goto none;
    a = x[0] * x[1];
    if (x[1] > 0.3)
        goto first;
    b = a * x[2];
    if (x[2] > 0.3)
        goto second;
    y[0] = a * b;
second:
    y[0] += b * b;
first:
    y[1] += a * x[2];
none:
    y[1] += x[0] * x[2];
}

ADGEN(vjp)
ADGEN(jvp)
void out_of_nested_loops(const double x[9], double y[2])
{
    double s = 0;
    int i, j;
    for (i = 0; i < 3; i++)
        for (j = 0; j < 3; j++) {
            s += x[3 * i + j] * x[i];
            if (s > 0.4)
                goto found;
        }
    s *= 2;
found:
    y[0] = s * s;
    y[1] = s * (i + 1);
}

ADGEN(vjp)
ADGEN(jvp)
void backward_loop(const double x[2], double y[1])
{
    double v = x[0];
again:
    v = v * x[1] + 0.1 * sin(v);
    if (v > 0.15)
        goto again;
    y[0] = v;
}

ADGEN(vjp)
ADGEN(jvp)
void counted_backward(const double x[3], double y[1])
{
    double s = 0;
    int i = 0;
next:
    s = s * x[0] + x[i] * x[i];
    i++;
    if (i < 3)
        goto next;
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void retry_with_two_ways_out(const double x[2], double y[2])
{
    double v = x[0] * 4;
    int tries = 0;
    y[1] = 0;
retry:
    tries++;
    v = v * x[1];
    if (v < 0.3)
        goto small;
    if (tries > 6)
        goto tired;
    y[1] += v;
    goto retry;
small:
    v = v * v;
    y[1] += 1;
tired:
    y[0] = v * tries;
}

ADGEN(vjp)
ADGEN(jvp)
void into_a_loop(const double x[4], double y[2])
{
    double s = x[0];
    int i = 1;
    if (x[1] > 0.6)
        goto middle;
    i = 0;
    while (i < 4) {
        s = s * x[i];
    middle:
        s += x[i] * 0.5;
        i++;
    }
    y[0] = s;
    y[1] = s * i;
}

ADGEN(vjp)
ADGEN(jvp)
void into_a_branch(const double x[2], double y[1])
{
    double s = x[0] * x[0];
    if (x[1] > 0.2)
        goto inside;
    s = s + x[1];
    if (s > 0.3) {
        s = s * 2;
    inside:
        s = s * x[1];
    } else {
        s = s - 1;
    }
    y[0] = s * s;
}

ADGEN(vjp)
ADGEN(jvp)
void into_do_while(const double x[3], double y[1])
{
    double s = 1;
    int i = 0;
    if (x[0] > 0.5)
        goto test;
    do {
        s *= x[i];
    test:
        s += x[2];
        i++;
    } while (i < 3 && s < 2);
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void into_a_for(const double x[3], double y[1])
{
    double s = 1;
    int i = 2;
    if (x[0] > 0.5)
        goto enter;
    for (i = 0; i < 3; i++) {
        s *= x[i];
        if (s < 0.1)
            continue;
    enter:
        s += x[i] * x[i];
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void overlapping_loops(const double x[2], double y[2])
{
    double a = x[0], b = x[1];
    int i = 0, j = 0;
first:
    a = a * x[1] + 0.1;
    i++;
second:
    b = b * a;
    j++;
    if (i < 3)
        goto first;
    b += x[0];
    if (j < 7)
        goto second;
    y[0] = a;
    y[1] = b;
}

ADGEN(vjp)
ADGEN(jvp)
void state_machine(const double x[4], double y[2])
{
    double s = 0, p = 1;
    int i = 0;
start:
    if (i >= 4)
        goto done;
    if (x[i] < 0)
        goto negative;
positive:
    s += x[i] * x[i];
    i++;
    if (i < 4 && x[i] >= 0)
        goto positive;
    goto start;
negative:
    p *= 1 + x[i];
    i++;
    if (i < 4 && x[i] < 0)
        goto negative;
    goto start;
done:
    y[0] = s * p;
    y[1] = p;
}

ADGEN(vjp)
ADGEN(jvp)
void irreducible(const double x[2], double y[1])
{
    double s = x[0];
    int n = 0;
    if (x[1] > 0.5)
        goto b;
a:
    s = s * x[1] + 0.2;
    n++;
b:
    s = sin(s) + x[0];
    n++;
    if (n < 6)
        goto a;
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void out_of_switch(const double x[3], double y[2])
{
    y[0] = y[1] = 1;
    for (int i = 0; i < 3; i++) {
        switch (i) {
        case 0:
            y[0] *= x[0];
            if (x[0] > 0.5)
                goto out;
            /* fall through */
        case 1:
            y[0] += x[1];
            break;
        default:
            goto last;
        }
        y[1] *= x[i];
    }
last:
    y[1] += x[2] * y[0];
out:
    y[0] *= y[0];
}

ADGEN(vjp)
ADGEN(jvp)
void across_branches(const double x[2], double y[1])
{
    double s = x[0];
    if (x[1] > 0) {
        s *= x[1];
    common:
        s *= 3;
    } else {
        s += x[1];
        if (s < 0)
            goto common;
    }
    y[0] = s * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void continue_by_goto(const double x[4], double y[1])
{
    y[0] = 0;
    for (int i = 0; i < 4; i++) {
        if (x[i] < 0)
            goto next;
        if (x[i] > 0.8)
            break;
        y[0] += x[i] * x[i];
    next:;
    }
}

ADGEN(vjp)
ADGEN(jvp)
void labels_unused(const double x[2], double y[1])
{
here:
    y[0] = x[0];
there:
    if (x[1] > 0)
        goto out;
    y[0] *= x[1];
out:
    return;
    goto here;
    goto there;
}

ADGEN(vjp)
ADGEN(jvp)
void variables_behind_labels(const double x[3], double y[2])
{
    double t[2] = {x[0], x[1]};
    if (x[2] < 0)
        goto use;
    double u = x[2] * x[2];
    t[1] = u * t[0];
    t[0] = u;
use:
    y[0] = t[0] * t[1];
    y[1] = t[1] * x[2];
}

ADGEN(vjp)
ADGEN(jvp)
void array_in_goto_loop(const double x[3], double y[3])
{
    int round = 0;
    double v[3] = {x[0], x[1], x[2]};
again:;
    double w[3];
    for (int i = 0; i < 3; i++)
        w[i] = v[i] * v[(i + 1) % 3];
    for (int i = 0; i < 3; i++)
        v[i] = w[i] + 0.1 * x[i];
    if (++round < 3)
        goto again;
    for (int i = 0; i < 3; i++)
        y[i] = v[i];
}

static double search(const double *x, double limit)
{
    double s = 0;
    for (int i = 0; i < 3; i++) {
        s += x[i];
        if (s > limit)
            goto hit;
    }
    return s;
hit:
    if (s > 2 * limit)
        goto far;
    return s * s;
far:
    return s * s * s;
}

ADGEN(vjp)
ADGEN(jvp)
void helper_with_gotos(const double x[3], double y[1])
{
    y[0] = search(x, 0.2) * search(x, 0.7);
}

ADGEN(vjp)
ADGEN(jvp)
void vla_and_goto(const double x[3], double y[1])
{
    int n = 1;
    double s = 0;
more:
    n++;
    {
        double t[n];
        for (int i = 0; i < n; i++)
            t[i] = x[i] * (s + 1);
        for (int i = 0; i < n; i++)
            s += t[i] * t[n - 1 - i];
    }
    if (n < 3)
        goto more;
    y[0] = s;
}
