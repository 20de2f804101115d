/* Global variables as independents and dependents: their companions are globals, too. */
#include <adgen/adgen.h>
#include <math.h>

double scale = 1.5;
double table[3] = {1, 2, 3};
double state = 0.7;
double grid[2][3];
float narrow[2] = {2, 3};
int calls;
ADGEN(inactive) double ruled_out = 3;

ADGEN(grad, wrt(x, scale, table))
ADGEN(jvp, wrt(x, scale, table))
double wave(double x)
{
    double s = 0;
    for (int i = 0; i < 3; i++)
        s += table[i] * sin(scale * x * i);
    calls++;
    return s * scale;
}

/* in/out */
ADGEN(vjp, wrt(x, state), of(state))
ADGEN(jvp, wrt(x, state), of(state))
void step(double x)
{
    state = state * x + sin(state);
}

ADGEN(vjp, wrt(x), of(grid))
ADGEN(jvp, wrt(x), of(grid))
void outer_product(const double x[3])
{
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            grid[i][j] = x[j] * x[i];
}

/* one scalar in a global */
ADGEN(grad, wrt(x), of(state), name(total_grad))
void total(int n, const double *x)
{
    state = 0;
    for (int i = 0; i < n; i++)
        state += x[i] * x[i] * ruled_out;
}

/* an independent that the function overwrites */
ADGEN(grad, wrt(scale, table, x))
double consume(double x)
{
    double s = scale * x * table[1];
    scale = 7;
    table[1] = s;
    return s * table[1] + table[2];
}

/* floats stay floats; a pointer parameter that may overlap the global */
ADGEN(vjp, wrt(p, narrow), of(return))
double mixed(const float *p)
{
    return p[0] * narrow[1] + narrow[0] * (double)narrow[0];
}
