/* What unit tests include first: cmocka and the headers it needs. */
#ifndef ADGEN_TESTS_UNIT_H
#define ADGEN_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#endif
