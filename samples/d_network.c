/* D. A small network: f(P, Q, E) = S(Q R(P E)), S the softmax on R^2, R the ReLU on R^3. */
#include "modes.h"

#include <math.h>

static double relu(double x)
{
    return x > 0 ? x : 0;
}

VECTOR_MODES(wrt(P, Q), of(S))
ADGEN(jvp, wrt(P, Q), of(S), directions(12), name(network_jvp12))
void network(double P[3][2], double Q[2][3], const double E[2], double S[2])
{
    double hidden[3], z[2];
    for (int i = 0; i < 3; i++)
        hidden[i] = relu(P[i][0] * E[0] + P[i][1] * E[1]);
    for (int i = 0; i < 2; i++) {
        z[i] = 0;
        for (int j = 0; j < 3; j++)
            z[i] += Q[i][j] * hidden[j];
    }
    const double e0 = exp(z[0] - fmax(z[0], z[1])), e1 = exp(z[1] - fmax(z[0], z[1]));
    S[0] = e0 / (e0 + e1);
    S[1] = e1 / (e0 + e1);
}

/* -ln of the first probability */
SCALAR_MODES(wrt(P, Q))
double loss(double P[3][2], double Q[2][3], const double E[2])
{
    double S[2];
    network(P, Q, E, S);
    return -log(S[0]);
}
