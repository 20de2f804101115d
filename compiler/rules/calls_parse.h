/* The texts in the rows of calls.def. */
#ifndef ADGEN_RULES_CALLS_PARSE_H
#define ADGEN_RULES_CALLS_PARSE_H

#include "rules/calls.h"

/* The number of parameters. */
unsigned parse_rule_params(Arena *arena, const char *text, RuleParam *params);

/* NULL for an empty text. */
const Statement *parse_statements(Arena *arena, const CallRule *rule, const char *text);

#endif
