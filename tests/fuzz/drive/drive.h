/* What the parts of the driver share: programs, points, and what one build says there. */
#ifndef ADGEN_FUZZ_DRIVE_H
#define ADGEN_FUZZ_DRIVE_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { N = 6, M = 4, K = 4, LANES = 3 };

typedef double Primal(int, int, int, const double *, double *);
typedef long double Extended(int, int, int, const long double *, long double *);
typedef double Vjp(int, int, int, const double *, double *, double *, double *, double);
typedef double Jvp(int, int, int, const double *, const double *, double *, double *, double *);
typedef double Hvp(int, int, int, const double *, const double *, double *, double *);

typedef struct Program {
    char name[32];
    bool in_out, single, hvp, jacobian, hessian, lanes, sparse, pattern;
} Program;

typedef struct Library {
    const char *name;
    void *handle;
    bool partial; /* it has not all programs */
} Library;

/* What one build says at one point. */
typedef struct Answer {
    double y_dot[M + 1], x_bar[N], y_bar[M], x_bar_dot[N];
} Answer;

typedef struct Point {
    int k;
    double x[N], x_dot[N], y[M], y_dot[M], v[M + 1];
    double result[M + 1]; /* y on exit, and the returned value */
    double scratch[3];    /* fuzz_scratch on exit */
    long double differences[M + 1], error[M + 1];
    long double entry[M + 1], entry_error[M + 1]; /* the same with respect to what y holds on entry alone */
    bool has_differences, has_entry;
} Point;

extern double fuzz_scratch[3];

/* main.c */
void fail(const Program *p, const char *kind, const char *format, ...);
void *symbol(const Library *library, const char *name, const char *suffix);
void as_function(void *to, void *symbol_address);

/* checks.c: one mode of one build at one point */
bool same(double a, double b);
void compare(const Program *p, const Library *build, const Point *at, const double *got, const double *want, int count, const char *what);
void check_primal(const Program *p, const Library *build, const char *mode, const Point *at, const double *y, double value);
void check_jvp(const Program *p, const Library *build, const Point *at, Answer *answer);
void check_vjp(const Program *p, const Library *build, const Point *at, Answer *answer);
void check_entry(const Program *p, const Library *build, const Point *at, const Answer *answer);
void check_hvp(const Program *p, const Library *build, const Point *at, Answer *answer);

/* matrices.c: against jvp and hvp of the same build, which checks.c has checked */
void check_matrices(const Program *p, const Library *build, const Point *at);

#endif
