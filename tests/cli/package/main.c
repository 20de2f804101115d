#include <stdio.h>

#include "model_grad.h"
#include "more_grad.h"

int main(void)
{
    double x_bar = 0, z_bar = 0;
    const double y = model_grad(2.0, &x_bar);
    cube_slope(2.0, &z_bar);
    printf("%g %g %g\n", y, x_bar, z_bar);
    return 0;
}
