/* Parameters may be called what C++ reserves: the header gives them other names there. */
#include <adgen/adgen.h>

ADGEN(grad, wrt(new, this))
double change(double new, double new_, const double *this)
{
    return (new - new_) * *this;
}
