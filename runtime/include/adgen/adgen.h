/* ADGEN(mode, clauses...): marks a function for differentiation by adgen.
 *
 *     ADGEN(grad, wrt(w, b))
 *     double loss(int n, const double w[n], double b, const double x[n], double y);
 *
 * The macro is an annotation that adgen sees when it reads the file; to every compiler it is nothing.
 * The modes and clauses are described in docs/annotations.md. */
#ifndef ADGEN_ADGEN_H
#define ADGEN_ADGEN_H

#ifdef __ADGEN__ /* defined by adgen while it reads a file */
#define ADGEN(...) __attribute__((annotate("adgen:" #__VA_ARGS__)))
#else
#define ADGEN(...)
#endif

#endif
