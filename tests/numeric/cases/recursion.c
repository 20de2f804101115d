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
 * CHECK minors_by_columns 16 1 -1 1
 * CHECK weighted_tree 14 1 -1 1
 * CHECK there_and_back 3 1 0.5 1.5
 * CHECK half_fused 3 2 0.5 1.5
 * CHECK halving_buffers 8 1 -1 1
 * CHECK overwritten_behind 5 1 -1 1
 * CHECK adjoint_from_behind 4 1 0.5 1.5
 * CHECK calls_in_branches 6 1 -1 1
 * CHECK rounds_of_calls 6 2 -1 1
 * CHECK overlapping_row 6 6 -1 1
 * CHECK loop_within 6 1 0.5 1.5
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

/* What follows is fused: the adjoint of a call's result is known before the call, so one descent does value and adjoint. */

static double minor_of(int n, int size, const double *a, const int *columns)
{
    if (size == 1)
        return a[n * (n - 1) + columns[0]];
    double sum = 0, sign = 1;
    for (int c = 0; c < size; c++) {
        int left[4];
        for (int j = 0, k = 0; j < size; j++)
            if (j != c)
                left[k++] = columns[j];
        sum += sign * a[n * (n - size) + columns[c]] * minor_of(n, size - 1, a, left);
        sign = -sign;
    }
    return sum;
}

ADGEN(vjp)
ADGEN(jvp)
void minors_by_columns(const double x[16], double y[1])
{
    const int columns[4] = {0, 1, 2, 3};
    y[0] = sin(minor_of(4, 4, x, columns)) + 3 * minor_of(4, 3, x, columns);
}

struct leaf {
    double value, weight;
    const struct leaf *left, *right;
};

static double weighted(const struct leaf *leaf, double scale)
{
    if (!leaf)
        return scale;
    return leaf->value * leaf->value + weighted(leaf->left, scale * leaf->value) +
           leaf->weight * weighted(leaf->right, scale);
}

ADGEN(vjp)
ADGEN(jvp)
void weighted_tree(const double x[14], double y[1])
{
    struct leaf leaves[7];
    for (int i = 0; i < 7; i++)
        leaves[i] = (struct leaf){x[i], x[7 + i], 2 * i + 1 < 7 ? &leaves[2 * i + 1] : NULL,
                                  2 * i + 2 < 7 ? &leaves[6 - i] : NULL};
    leaves[5].right = leaves[4].left = &leaves[6]; /* one is come to on several ways */
    y[0] = weighted(leaves, 0.75);
}

static double back(double x, double c, int n);
static double sideways(double x, double c, int n);

static double there(double x, double c, int n)
{
    return n <= 0 ? x * c : c * back(sin(x), c, n - 1) - back(x * c, 2, n - 2) + sideways(x, c, n - 2);
}

static double back(double x, double c, int n)
{
    double s = 0.5 * x;
    for (int i = 0; i < n; i++)
        s += there(x * i, c, n - 2) / (i + 1);
    return s + there(c, x, n - 3);
}

static double sideways(double x, double c, int n)
{
    return n <= 0 ? c - x : 0.25 * sideways(c, x, n - 1) + there(x, x, n - 1);
}

ADGEN(vjp)
ADGEN(jvp)
void there_and_back(const double x[3], double y[1])
{
    y[0] = x[2] * there(x[0], x[1], 5);
}

static double product_of(double x, int n)
{
    return n == 0 ? x : product_of(sin(x), n - 1) * product_of(x * 0.5, n - 1);
}

static double sum_of(double x, int n)
{
    return n == 0 ? x : sum_of(sin(x), n - 1) + product_of(x, 2) * sum_of(x * 0.5, n - 1);
}

/* The products are not fused, so the sums are not; the last call could be by itself. */
ADGEN(vjp)
ADGEN(jvp)
void half_fused(const double x[3], double y[2])
{
    y[0] = sum_of(x[0], 3) * x[2];
    y[1] = product_of(x[1], 2) + there(x[0], x[1], 2);
}

/* Buffers of its own in every call, handed down. */
static double halving(const double *x, int n)
{
    if (n == 1)
        return x[0];
    double half[4];
    for (int i = 0; i < n / 2; i++)
        half[i] = x[2 * i] * x[2 * i + 1] + x[i];
    const double below = halving(half, n / 2);
    return half[0] * x[n - 1] + 0.5 * below;
}

ADGEN(vjp)
ADGEN(jvp)
void halving_buffers(const double x[8], double y[1])
{
    y[0] = halving(x, 8);
}

/* Not fused: what the call reads is overwritten behind it. */
ADGEN(vjp)
ADGEN(jvp)
void overwritten_behind(const double x[5], double y[1])
{
    double c[5];
    for (int i = 0; i < 5; i++)
        c[i] = x[i] * x[i];
    double s = polynomial(c, 4, 0.5);
    c[1] = c[1] * c[2];
    s += polynomial(c, 4, c[4]);
    y[0] = s + c[1];
}

/* The first is multiplied with what comes behind it, the second with what came before. */
static double chain(double x, int n)
{
    return n == 0 ? exp(-x) : x * chain(x * 0.75, n - 1);
}

ADGEN(vjp)
ADGEN(jvp)
void adjoint_from_behind(const double x[4], double y[1])
{
    const double a = chain(x[0], 4);
    const double b = chain(x[1], 4) * x[2];
    y[0] = a * b + x[3] * chain(a, 2);
}

static double branching(const double *x, int n, double s)
{
    if (n == 0)
        return s;
    double r = 0;
    if (x[0] > 0)
        r = 2 * branching(x + 1, n - 1, s * x[0]);
    else if (x[0] < -0.5)
        for (int i = 0; i < 3; i++)
            r -= s * x[0] + i * branching(x + 1, n - 1, x[0] * x[0]);
    else
        r = x[0] * s;
    return r + branching(x + 1, n - 1, s) * 0.5;
}

ADGEN(vjp)
ADGEN(jvp)
void calls_in_branches(const double x[6], double y[1])
{
    y[0] = branching(x, 6, 1);
}

/* From loops: sums of calls, fused with them; and one that needs what it sums. */
ADGEN(vjp)
ADGEN(jvp)
void rounds_of_calls(const double x[6], double y[2])
{
    double s = 0, t = 1;
    for (int i = 0; i < 4; i++)
        s += x[i] * polynomial(x, i + 1, x[5]) + branching(x + i, 2, x[4]);
    for (int i = 0; i < 4; i++)
        t += t * 0.25 * polynomial(x, i + 1, x[5]);
    y[0] = s * 0.5;
    y[1] = t;
}

/* The outputs may be the inputs. */
ADGEN(vjp)
ADGEN(jvp)
void overlapping_row(const double x[6], double y[6])
{
    for (int i = 0; i < 6; i++)
        y[i] = polynomial(x, 6 - i, 0.5);
}

/* Loops of all strategies in a fused recursion. */
static double levels(const double *x, int n, double scale)
{
    if (n == 0)
        return 0;
    double carried = scale, sum = 0, square = 0;
    for (int i = 0; i < n; i++)
        carried = sin(carried) * x[i];
    for (int i = 0; i < n; i++)
        sum += exp(x[i] * carried);
    for (int i = 0; i < n; i++)
        square += x[i] * x[i];
    int k = n;
    double halved = carried;
    while (k > 1) {
        halved *= 0.5 + halved * halved;
        k /= 2;
    }
    return sqrt(1 + square) + sum + halved + levels(x + 1, n - 1, carried);
}

ADGEN(vjp)
ADGEN(jvp)
void loop_within(const double x[6], double y[1])
{
    y[0] = levels(x, 6, 0.5);
}
