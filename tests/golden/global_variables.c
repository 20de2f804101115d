#include <adgen/adgen.h>
#include <math.h>

double rate = 0.5;
double state[2];
static double stage[2];

ADGEN(grad, wrt(x, rate))
double decay(double x)
{
    return x * exp(-rate * x);
}

ADGEN(vjp, wrt(dt, state), of(state))
ADGEN(jvp, wrt(dt, state), of(state))
void advance(double dt)
{
    for (int i = 0; i < 2; i++)
        stage[i] = state[i] * state[1 - i];
    for (int i = 0; i < 2; i++)
        state[i] += dt * stage[i];
}
