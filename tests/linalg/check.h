/* What generate.c says of a function, and what check.c calls it with. */
#ifndef CHECK_H
#define CHECK_H

typedef REAL real;

/* By parameter. */
typedef struct Args {
    int layout, i[16];
    real s[16], s_bar[16], s_dot[16];
    real *p[16], *bar[16], *dot[16];
    real s_bar_dot[16], *bar_dot[16], result_bar_dot; /* of the adjoint's tangent */
    real *lanes[16], s_lanes[16][2], result_lanes[2]; /* two directions */
    int *pivots;
    real result, result_bar, result_dot;
    int info, repeat;
} Args;

typedef struct CaseParam {
    int kind, written, active; /* kind: ArgKind of rules/calls.h, or one more: it is another parameter, too */
    unsigned rank;
    int flag; /* a constant, or 0 */
    struct {
        int kind, flag, size, other;
    } extents[4];
} CaseParam;

typedef struct Case {
    const char *name, *row;
    int layout;
    unsigned num_params;
    CaseParam params[16];
    char result; /* V, I, R */
    int is_loop;
    void (*primal)(Args *), (*vjp)(Args *), (*jvp)(Args *), (*second)(Args *), (*lanes)(Args *);
} Case;

extern const Case cases[];
extern const unsigned num_cases;
extern const int letters; /* flags are LAPACK's */

#endif
