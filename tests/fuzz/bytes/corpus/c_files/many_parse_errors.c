# <adgen/adgen.h>
#define T4(x) x + x + x + x
#define T16(x) T4(T4(x))
#define T256(x) T16(T16(x))
#define T1024(x) T4(T256(x))
#define T4096(x) T16(T256(x))

ADGEN(grad)
double sum(doen/adgen.h>
#define COUNT(i, n) for (int i = 0; i < (n); i++)
#define FROM_HERE(i, n) for (; i < (n); i++)

ADGEN(grad)
double sums(double x)
{
    double s = 0;
    COUNT(i, 3)
        s += x;
    int k = 0;
    FROM_HERE(k, 5)
        s *= x;
    FOREVER {
        if (s > 100)
            break;
        s = s * s + 1;
    }
    returnuble x)
{
    return T4096(x);
}
