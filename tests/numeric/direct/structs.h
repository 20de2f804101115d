#ifndef STRUCTS_H
#define STRUCTS_H

typedef struct { double x, y; } Point;

struct Spring { Point a, b; double stiffness; int kind; };

struct Matrix { int rows, cols; double *data; };

struct Net { int layers; struct Matrix w[2]; double bias[2]; };

struct Node { double value; struct Node *next; };

struct Cell { Point at; double v[3]; };

struct Mixed { float f; int count; double d; };

#endif
