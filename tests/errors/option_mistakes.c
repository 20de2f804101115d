/* adgen: -f 'missing: grad' -f 'f grad' -f 'f: grand' -f 'f: grad, wrt(q)' -f ': grad' -f '' -f 'declared: grad' */
double declared(double x);

double f(double x)
{
    return x * x;
}
