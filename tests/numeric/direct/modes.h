/* Structs for modes.c. */
#ifndef MODES_H
#define MODES_H

struct Pair {
    double a;
    int tag;
    double b;
};

struct Body {
    struct Pair at;
    float mass[2];
    double v[2];
};

#endif
