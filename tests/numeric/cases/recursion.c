/* Functions that call themselves, or each other.
 *
 * CHECK power_by_squaring 1 1 0.5 1.5
 * CHECK horner 5 1 -1 1
 * CHECK fibonacci 2 1 -1 1
 * CHECK even_odd 1 1 0.5 1.5
 * CHECK pairwise_sum 9 1 -1 1
 * CHECK prefix_in_place 6 6 -1 1
 * CHECK transform_in_place 16 16 -1 1
 * CHECK minors 16 1 -1 1
 * CHECK simpson 2 1 0.5 1.5
 * CHECK tree_sum 7 1 -1 1
 * CHECK heap_order 7 1 -1 1
 * CHECK in_a_loop 4 1 0.5 1.5
 * CHECK two_ways 3 2 0.5 1.5
 * CHECK inactive_recursion 3 1 -1 1
 * CHECK rows_of_pointers 6 1 -1 1
 * CHECK many_outputs 3 3 -1 1
 * CHECK tower 2 1 0.5 1
 * CHECK backtrack 4 1 0.1 1
 * CHECK local_buffers 8 8 -1 1
 * CHECK early_exit 5 1 -1 1
 * CHECK list_length 5 1 -1 1
 * CHECK list_by_address 4 1 -1 1
 * CHECK tree_of_pairs 7 2 -1 1
 * CHECK children_in_a_loop 7 1 -1 1
 * CHECK tree_rewritten 7 2 -1 1
 */
#include <adgen/adgen.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

static double power(double x, int n)
{
    if (n == 0)
        return 1;
    if (n % 2)
        return x * power(x, n - 1);
    const double half = power(x, n / 2);
    return half * half;
}

ADGEN(vjp)
ADGEN(jvp)
void power_by_squaring(const double x[1], double y[1])
{
    y[0] = power(x[0], 13) - power(sin(x[0]), 3);
}

static double polynomial(const double *c, int n, double x)
{
    return n == 0 ? 0 : c[0] + x * polynomial(c + 1, n - 1, x);
}

ADGEN(vjp)
ADGEN(jvp)
void horner(const double x[5], double y[1])
{
    y[0] = polynomial(x, 4, x[4]);
}

static double fib(int n, double a, double b)
{
    return n == 0 ? a : n == 1 ? b : fib(n - 1, a, b) * fib(n - 2, a, b) + a;
}

ADGEN(vjp)
ADGEN(jvp)
void fibonacci(const double x[2], double y[1])
{
    y[0] = fib(6, x[0], x[1]);
}

static double odd(double x, int n);

static double even(double x, int n)
{
    return n <= 0 ? x : x * odd(sin(x), n - 1);
}

static double odd(double x, int n)
{
    return n <= 0 ? exp(x) : even(x * x, n - 1) + even(x, n - 2);
}

ADGEN(vjp)
ADGEN(jvp)
void even_odd(const double x[1], double y[1])
{
    y[0] = even(x[0], 6) + odd(x[0], 5);
}

static double sum_between(const double *x, int low, int high)
{
    if (high - low == 1)
        return x[low] * x[low];
    const int middle = low + (high - low) / 2;
    const double left = sum_between(x, low, middle), right = sum_between(x, middle, high);
    return left + right + left * right;
}

ADGEN(vjp)
ADGEN(jvp)
void pairwise_sum(const double x[9], double y[1])
{
    y[0] = sum_between(x, 0, 9);
}

static void accumulate_from(double *x, int n)
{
    if (n < 2)
        return;
    x[1] += x[0] * x[1];
    accumulate_from(x + 1, n - 1);
    x[0] *= x[n - 1];
}

ADGEN(vjp)
ADGEN(jvp)
void prefix_in_place(const double x[6], double y[6])
{
    for (int i = 0; i < 6; i++)
        y[i] = sin(x[i]);
    accumulate_from(y, 6);
}

/* Cooley-Tukey, pairs of real and imaginary parts. */
static void fft(double *z, int n, int stride, double *work)
{
    if (n == 1)
        return;
    fft(z, n / 2, 2 * stride, work);
    fft(z + 2 * stride, n / 2, 2 * stride, work);
    for (int k = 0; k < n / 2; k++) {
        const double angle = -2 * 3.14159265358979323846 * k / n;
        const double c = cos(angle), s = sin(angle);
        const double *even_part = z + 4 * stride * k, *odd_part = even_part + 2 * stride;
        const double re = c * odd_part[0] - s * odd_part[1], im = s * odd_part[0] + c * odd_part[1];
        work[2 * k] = even_part[0] + re;
        work[2 * k + 1] = even_part[1] + im;
        work[2 * (k + n / 2)] = even_part[0] - re;
        work[2 * (k + n / 2) + 1] = even_part[1] - im;
    }
    for (int k = 0; k < n; k++) {
        z[2 * stride * k] = work[2 * k];
        z[2 * stride * k + 1] = work[2 * k + 1];
    }
}

ADGEN(vjp)
ADGEN(jvp)
void transform_in_place(const double x[16], double y[16])
{
    double work[16];
    for (int i = 0; i < 16; i++)
        y[i] = x[i] * x[i];
    fft(y, 8, 1, work);
}

/* The determinant by minors along the first row; used[j]: column j is taken. */
static double minor(const double *a, int n, int row, int used[])
{
    if (row == n)
        return 1;
    double sum = 0, sign = 1;
    for (int j = 0; j < n; j++) {
        if (used[j])
            continue;
        used[j] = 1;
        sum += sign * a[n * row + j] * minor(a, n, row + 1, used);
        used[j] = 0;
        sign = -sign;
    }
    return sum;
}

ADGEN(vjp)
ADGEN(jvp)
void minors(const double x[16], double y[1])
{
    int used[4] = {0};
    y[0] = minor(x, 4, 0, used);
}

static double integrand(double t, double p)
{
    return exp(-p * t) * sin(3 * t);
}

static double adaptive(double a, double b, double fa, double fm, double fb, double p, double tolerance, int depth)
{
    const double m = 0.5 * (a + b), h = b - a;
    const double fl = integrand(0.5 * (a + m), p), fr = integrand(0.5 * (m + b), p);
    const double whole = h / 6 * (fa + 4 * fm + fb);
    const double halves = h / 12 * (fa + 4 * fl + 2 * fm + 4 * fr + fb);
    if (depth == 0 || fabs(halves - whole) < tolerance)
        return halves;
    return adaptive(a, m, fa, fl, fm, p, tolerance / 2, depth - 1) + adaptive(m, b, fm, fr, fb, p, tolerance / 2, depth - 1);
}

ADGEN(vjp)
ADGEN(jvp)
void simpson(const double x[2], double y[1])
{
    const double a = 0, b = x[1], p = x[0];
    y[0] = adaptive(a, b, integrand(a, p), integrand(0.5 * (a + b), p), integrand(b, p), p, 1e-5, 8);
}

struct node {
    double value;
    struct node *left, *right;
};

static double tree_value(struct node *node)
{
    if (!node)
        return 0;
    const double below = tree_value(node->left) - tree_value(node->right);
    node->value += 0.5 * below;
    return node->value * node->value + sin(below);
}

ADGEN(vjp)
ADGEN(jvp)
void tree_sum(const double x[7], double y[1])
{
    struct node nodes[7];
    for (int i = 0; i < 7; i++) {
        nodes[i].value = x[i];
        nodes[i].left = 2 * i + 1 < 7 ? &nodes[2 * i + 1] : NULL;
        nodes[i].right = 2 * i + 2 < 7 ? &nodes[2 * i + 2] : NULL;
    }
    y[0] = tree_value(nodes) * nodes[2].value;
}

static void sift(double *x, int n, int i)
{
    const int child = 2 * i + 1;
    if (child >= n)
        return;
    sift(x, n, child);
    if (child + 1 < n)
        sift(x, n, child + 1);
    const int largest = child + 1 < n && x[child + 1] > x[child] ? child + 1 : child;
    if (x[largest] > x[i]) {
        const double t = x[i];
        x[i] = x[largest];
        x[largest] = t;
        sift(x, n, largest);
    }
}

ADGEN(vjp)
ADGEN(jvp)
void heap_order(const double x[7], double y[1])
{
    double heap[7];
    for (int i = 0; i < 7; i++)
        heap[i] = x[i] * (i + 1);
    sift(heap, 7, 0);
    y[0] = 0;
    for (int i = 0; i < 7; i++)
        y[0] += (i + 2) * heap[i] * heap[i];
}

ADGEN(vjp)
ADGEN(jvp)
void in_a_loop(const double x[4], double y[1])
{
    double s = 1;
    int n = 0;
    while (n < 6 && s < 40) {
        s += power(s * x[n % 4], n % 4) * 0.25;
        if (n == 3)
            s = s * 0.5 + fib(3, s, x[0]) * 0.01;
        n++;
    }
    y[0] = s;
}

static double mixed(double x, double c, int n)
{
    return n == 0 ? x * c : sin(x) * c + mixed(x * 0.5, c + 1, n - 1);
}

/* Once with an active x only, once with both. */
ADGEN(vjp)
ADGEN(jvp)
void two_ways(const double x[3], double y[2])
{
    y[0] = mixed(x[0], 2, 3) * x[2];
    y[1] = mixed(x[0], x[1], 2);
}

static int gcd(int a, int b)
{
    return b == 0 ? a : gcd(b, a % b);
}

ADGEN(vjp)
ADGEN(jvp)
void inactive_recursion(const double x[3], double y[1])
{
    const int k = gcd(12, 18);
    y[0] = 0;
    for (int i = 0; i < k; i++)
        y[0] += x[i % 3] * x[(i + 1) % 3];
}

static double fold_rows(double **rows, int n, int m)
{
    if (n == 0)
        return 1;
    double s = 0;
    for (int j = 0; j < m; j++)
        s += rows[0][j] * rows[0][j];
    rows[n - 1][0] = s;
    return s * fold_rows(rows + 1, n - 1, m);
}

ADGEN(vjp)
ADGEN(jvp)
void rows_of_pointers(const double x[6], double y[1])
{
    double data[6];
    double *rows[3];
    for (int i = 0; i < 6; i++)
        data[i] = x[i] + 1.5;
    for (int i = 0; i < 3; i++)
        rows[i] = data + 2 * i;
    y[0] = fold_rows(rows, 3, 2) + data[3];
}

static void rotate(double *a, double *b, double *c, int n)
{
    if (n == 0)
        return;
    *a = *a * *b - *c;
    rotate(b, c, a, n - 1);
    *c += 0.5 * *a;
}

ADGEN(vjp)
ADGEN(jvp)
void many_outputs(const double x[3], double y[3])
{
    y[0] = x[0];
    y[1] = x[1];
    y[2] = x[2];
    rotate(&y[0], &y[1], &y[2], 5);
}

static long double tower_of(long double x, double scale, int n)
{
    return n == 0 ? x : (long double)scale * sqrtl(1 + tower_of(x / 2, scale, n - 1));
}

ADGEN(vjp)
ADGEN(jvp)
void tower(const double x[2], double y[1])
{
    y[0] = (double)tower_of(x[0], x[1], 5);
}

/* Sums over all subsets. */
static double subsets(const double *x, int n, double product)
{
    if (n == 0)
        return product;
    return subsets(x + 1, n - 1, product) + subsets(x + 1, n - 1, product * x[0]);
}

ADGEN(vjp)
ADGEN(jvp)
void backtrack(const double x[4], double y[1])
{
    y[0] = log(subsets(x, 4, 1));
}

/* Merge sort: buffers of their own in every call. */
static void merge_sort(double *x, int n)
{
    if (n < 2)
        return;
    const int half = n / 2;
    double left[8], right[8];
    for (int i = 0; i < half; i++)
        left[i] = x[i];
    for (int i = half; i < n; i++)
        right[i - half] = x[i];
    merge_sort(left, half);
    merge_sort(right, n - half);
    for (int i = 0, j = 0, k = 0; k < n; k++) {
        if (j >= n - half || (i < half && left[i] <= right[j]))
            x[k] = left[i++] * 1.25;
        else
            x[k] = right[j++];
    }
}

ADGEN(vjp)
ADGEN(jvp)
void local_buffers(const double x[8], double y[8])
{
    for (int i = 0; i < 8; i++)
        y[i] = x[i] + 0.25 * x[(i + 3) % 8];
    merge_sort(y, 8);
}

static double search(const double *x, int n, double s)
{
    for (int i = 0; i < n; i++) {
        s += x[i];
        if (s > 0.8)
            return s * s;
        if (i == 2)
            return search(x + 1, n - 1, s * 1.5) * x[i];
    }
    return s;
}

ADGEN(vjp)
ADGEN(jvp)
void early_exit(const double x[5], double y[1])
{
    y[0] = search(x, 5, 0.1);
}

struct item {
    double weight;
    const struct item *next;
};

static double weigh(const struct item *item, double factor)
{
    return item ? item->weight * factor + weigh(item->next, factor * item->weight) : 0;
}

ADGEN(vjp)
ADGEN(jvp)
void list_length(const double x[5], double y[1])
{
    struct item items[5];
    for (int i = 0; i < 5; i++) {
        items[i].weight = x[i];
        items[i].next = i < 4 ? &items[i + 1] : NULL;
    }
    y[0] = weigh(items, 2);
}

struct tree {
    double value;
    struct tree *child[2];
};

static void grow(struct tree *node, const double *x, int depth)
{
    node->value = x[depth] * x[0];
    node->child[0] = node->child[1] = NULL;
    for (int i = 0; i < 2 && depth < 3; i++) {
        node->child[i] = malloc(sizeof *node->child[i]);
        grow(node->child[i], x, depth + 1);
    }
}

static double fold(const struct tree *node)
{
    double s = node->value;
    for (int i = 0; i < 2; i++)
        if (node->child[i])
            s += sin(fold(node->child[i]) * (i + 1));
    return s;
}

static void fell(struct tree *node)
{
    for (int i = 0; i < 2; i++)
        if (node->child[i]) {
            fell(node->child[i]);
            free(node->child[i]);
        }
}

ADGEN(jvp)
void build_and_fold(const double x[4], double y[1])
{
    struct tree root;
    grow(&root, x, 0);
    y[0] = fold(&root);
    fell(&root);
}

struct entry {
    double value;
    struct entry *next;
};

/* results in locals whose address goes down, beside pointers that are followed */
static void folded(const struct entry *list, double *out)
{
    double rest;
    if (!list) {
        *out = 0.5;
        return;
    }
    folded(list->next, &rest);
    *out = list->value * list->value + rest * list->value;
}

ADGEN(vjp)
ADGEN(jvp)
void list_by_address(const double x[4], double y[1])
{
    struct entry items[4];
    for (int i = 0; i < 4; i++) {
        items[i].value = x[i] * x[0];
        items[i].next = i < 3 ? &items[i + 1] : NULL;
    }
    folded(items, y);
}

struct branch {
    double value;
    struct branch *child[2];
};

static void pair_of(const struct branch *b, double out[2])
{
    out[0] = b ? b->value : 1;
    out[1] = b ? b->value * b->value : 0;
    if (!b)
        return;
    double left[2], right[2];
    pair_of(b->child[0], left);
    pair_of(b->child[1], right);
    out[0] += sin(left[0]) * right[1];
    out[1] += left[1] * right[0];
}

static double looped(const struct branch *b)
{
    double sum = b->value;
    for (int k = 0; k < 2; k++)
        if (b->child[k]) {
            const double below = looped(b->child[k]);
            sum += below * below * b->value;
        }
    return sum;
}

/* writes to the nodes on its way up */
static void rewritten(struct branch *b, double *total)
{
    double part = 0;
    for (int k = 0; k < 2; k++)
        if (b->child[k]) {
            double below;
            rewritten(b->child[k], &below);
            part += below * b->value;
        }
    b->value = b->value * part + b->value;
    *total = b->value;
}

static void plant(struct branch *nodes, const double *x)
{
    for (int i = 0; i < 7; i++) {
        nodes[i].value = x[i];
        for (int k = 0; k < 2; k++)
            nodes[i].child[k] = 2 * i + 1 + k < 7 ? &nodes[2 * i + 1 + k] : NULL;
    }
}

ADGEN(vjp)
ADGEN(jvp)
void tree_of_pairs(const double x[7], double y[2])
{
    struct branch nodes[7];
    plant(nodes, x);
    pair_of(nodes, y);
}

ADGEN(vjp)
ADGEN(jvp)
void children_in_a_loop(const double x[7], double y[1])
{
    struct branch nodes[7];
    plant(nodes, x);
    y[0] = looped(nodes);
}

ADGEN(vjp)
ADGEN(jvp)
void tree_rewritten(const double x[7], double y[2])
{
    struct branch nodes[7];
    plant(nodes, x);
    rewritten(nodes, &y[0]);
    y[1] = nodes[1].value * nodes[6].value;
}
