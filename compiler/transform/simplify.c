/* Simplification. */
#include "transform/dead_code.h"
#include "transform/passes.h"

void simplify(Function *function)
{
    remove_dead_code(function);
}
