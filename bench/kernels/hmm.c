/* A hidden Markov model: the logarithm of the likelihood of a sequence of symbols, by the forward algorithm with scaled
 * probabilities. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad, wrt(initial, transition, emission))
double hmm(int states, int symbols, int n, const double initial[states], const double transition[states][states],
           const double emission[states][symbols], const int observed[n])
{
    double alpha[states], next[states];
    double likelihood = 0;
    for (int t = 0; t < n; t++) {
        double sum = 0;
        for (int j = 0; j < states; j++) {
            double p = 0;
            if (t == 0)
                p = initial[j];
            else
                for (int i = 0; i < states; i++)
                    p += alpha[i] * transition[i][j];
            next[j] = p * emission[j][observed[t]];
            sum += next[j];
        }
        for (int j = 0; j < states; j++)
            alpha[j] = next[j] / sum;
        likelihood += log(sum);
    }
    return likelihood;
}
