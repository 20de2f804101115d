/* ADGEN(mode, clauses...): marks a function for differentiation by adgen.
 *
 *     #include <adgen/adgen.h>
 *
 *     ADGEN(grad, wrt(w, b))
 *     double loss(int n, const double w[n], double b, const double x[n], double y);
 *
 * Stands in front of a prototype or a definition, as often as wanted; in front of a function,
 * parameter or variable it also says ADGEN(inactive). docs/annotations.md describes the modes and
 * clauses.
 *
 * adgen defines __ADGEN__ while it reads a file, and then the macro is an annotation: the text
 * "adgen:" and the arguments, macros in them expanded (so that `wrt(w[N])` works where N is one). To
 * every compiler the macro is nothing, so the file compiles unchanged, without a warning and without a
 * library. */
#ifndef ADGEN_ADGEN_H
#define ADGEN_ADGEN_H

#ifdef __ADGEN__
#define ADGEN(...) ADGEN_ANNOTATE_(__VA_ARGS__)
#define ADGEN_ANNOTATE_(...) __attribute__((annotate("adgen:" #__VA_ARGS__)))
#else
#define ADGEN(...)
#endif

#endif
