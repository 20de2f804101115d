/* Tests of <adgen/linalg.h> for one precision: REAL, FN(dot) the function, T(name) the test, EPS its rounding. Each
 * result is compared with the definition, element by element; what lies outside of the matrices, and in the gaps
 * between their rows, must not be touched. */

enum { T(ROOM) = 140 * 150 };

typedef struct T(Matrix) {
    int rows, columns, ld;
    REAL cells[T(ROOM)];
} T(Matrix);

/* Every cell gets a number, so that one that is touched shows. */
static T(Matrix) *T(matrix)(int rows, int columns)
{
    T(Matrix) *m = test_malloc(sizeof *m);
    m->rows = rows;
    m->columns = columns;
    m->ld = (columns > 1 ? columns : 1) + below(3);
    assert_true((rows + 1) * m->ld <= T(ROOM));
    for (int i = 0; i < T(ROOM); i++)
        m->cells[i] = (REAL)uniform();
    return m;
}

static T(Matrix) *T(clone)(const T(Matrix) *m)
{
    T(Matrix) *copy = test_malloc(sizeof *copy);
    *copy = *m;
    return copy;
}

static REAL *T(cell)(T(Matrix) *m, int i, int j)
{
    return &m->cells[i * m->ld + j];
}

/* Element (i, j) of op(m). */
static double T(of)(T(Matrix) *m, AdTranspose t, int i, int j)
{
    return t == AD_NO_TRANS ? *T(cell)(m, i, j) : *T(cell)(m, j, i);
}

/* Of the triangle of op(m), with ones or as it is on the diagonal, and zeros elsewhere. */
static double T(tri)(T(Matrix) *m, AdUplo uplo, AdTranspose t, AdDiag diag, int i, int j)
{
    const int row = t == AD_NO_TRANS ? i : j, column = t == AD_NO_TRANS ? j : i;
    if (row == column)
        return diag == AD_UNIT ? 1 : *T(cell)(m, row, row);
    return (row > column) == (uplo == AD_LOWER) ? *T(cell)(m, row, column) : 0;
}

static double T(sym)(T(Matrix) *m, AdUplo uplo, int i, int j)
{
    return (i >= j) == (uplo == AD_LOWER) ? *T(cell)(m, i, j) : *T(cell)(m, j, i);
}

static void T(near)(double got, double want, double size)
{
    if (!(fabs(got - want) <= 40 * EPS * (1 + size)))
        fail_msg("%.17g, expected %.17g", got, want);
}

/* Wherever inside(i, j) is false, the cells are as they were. */
static void T(same_outside)(T(Matrix) *now, T(Matrix) *before, int (*inside)(int, int, int), int what)
{
    for (int k = 0; k < T(ROOM); k++) {
        const int i = k / now->ld, j = k % now->ld;
        if (i < now->rows && j < now->columns && inside(i, j, what))
            continue;
        assert_true(now->cells[k] == before->cells[k]);
    }
}

/* A vector of n elements inside a matrix of one row, with an increment. */
typedef struct T(Vector) {
    int n, step;
    REAL cells[400];
} T(Vector);

static T(Vector) T(vector)(int n)
{
    T(Vector) v = {.n = n, .step = below(2) ? 1 : below(2) ? 2 : -3};
    for (int i = 0; i < 400; i++)
        v.cells[i] = (REAL)uniform();
    return v;
}

static REAL *T(item)(T(Vector) *v, int i)
{
    return &v->cells[v->step > 0 ? i * v->step : (v->n - 1 - i) * -v->step];
}

/* ---- vectors ---- */

static void T(vectors)(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++) {
        const int n = below(40);
        T(Vector) x = T(vector)(n), y = T(vector)(n), z = y, w = x;
        const REAL alpha = (REAL)uniform();
        double dot = 0, asum = 0, square = 0, sum = 0, size = 0;
        for (int i = 0; i < n; i++) {
            const double a = *T(item)(&x, i), b = *T(item)(&y, i);
            dot += a * b;
            asum += fabs(a);
            square += a * a;
            sum += a;
            size += fabs(a * b);
        }
        T(near)(FN(dot)(n, x.cells, x.step, y.cells, y.step), dot, size);
        T(near)(FN(asum)(n, x.cells, x.step), asum, asum);
        T(near)(FN(nrm2)(n, x.cells, x.step), sqrt(square), sqrt(square));
        T(near)(FN(sum)(n, x.cells, x.step), sum, asum);
        FN(axpy)(n, alpha, x.cells, x.step, z.cells, z.step);
        FN(scal)(n, alpha, w.cells, w.step);
        for (int i = 0; i < n; i++) {
            T(near)(*T(item)(&z, i), *T(item)(&y, i) + (double)alpha * *T(item)(&x, i), 1);
            T(near)(*T(item)(&w, i), (double)alpha * *T(item)(&x, i), 1);
            *T(item)(&z, i) = *T(item)(&y, i); /* the rest must be the same */
            *T(item)(&w, i) = *T(item)(&x, i);
        }
        assert_memory_equal(&z.cells, &y.cells, sizeof z.cells);
        assert_memory_equal(&w.cells, &x.cells, sizeof w.cells);
        FN(copy)(n, x.cells, x.step, z.cells, z.step);
        for (int i = 0; i < n; i++)
            assert_true(*T(item)(&z, i) == *T(item)(&x, i));
    }
}

static void T(norms_do_not_overflow)(void **state)
{
    (void)state;
    const REAL big[2] = {3 * BIG, 4 * BIG}, tiny[2] = {3 / BIG, 4 / BIG}, bad[2] = {1, (REAL)NAN};
    const REAL endless[2] = {1, (REAL)INFINITY}, nothing[2] = {0, 0};
    T(near)((double)(FN(nrm2)(2, big, 1) / BIG), 5, 5);
    T(near)((double)(FN(nrm2)(2, tiny, 1) * BIG), 5, 5);
    assert_true(isnan(FN(nrm2)(2, bad, 1)));
    assert_true(isinf(FN(nrm2)(2, endless, 1)));
    assert_true(FN(nrm2)(2, nothing, 1) == 0 && FN(nrm2)(0, big, 1) == 0);
}

/* ---- products ---- */

static int T(everywhere)(int i, int j, int what)
{
    (void)i, (void)j, (void)what;
    return 1;
}

static int T(in_triangle)(int i, int j, int uplo)
{
    return uplo == AD_LOWER ? i >= j : i <= j;
}

static void T(gemm_once)(int m, int n, int k, REAL alpha, REAL beta, int same)
{
    const AdTranspose ta = below(2) ? AD_TRANS : AD_NO_TRANS, tb = below(2) ? AD_TRANS : AD_NO_TRANS;
    T(Matrix) *a = ta == AD_TRANS ? T(matrix)(k, m) : T(matrix)(m, k);
    T(Matrix) *b = same ? a : tb == AD_TRANS ? T(matrix)(n, k) : T(matrix)(k, n);
    T(Matrix) *c = T(matrix)(m, n), *d;
    if (beta == 0 && m && n)
        *T(cell)(c, m - 1, n - 1) = (REAL)NAN; /* is not read */
    d = T(clone)(c);
    const AdTranspose t = same ? (ta == AD_TRANS ? AD_NO_TRANS : AD_TRANS) : tb;
    FN(gemm)(ta, t, m, n, k, alpha, a->cells, a->ld, b->cells, b->ld, beta, c->cells, c->ld);
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0, size = 0;
            for (int p = 0; p < k; p++) {
                sum += T(of)(a, ta, i, p) * T(of)(b, t, p, j);
                size += fabs(T(of)(a, ta, i, p) * T(of)(b, t, p, j));
            }
            const double old = beta == 0 ? 0 : (double)beta * *T(cell)(d, i, j);
            T(near)(*T(cell)(c, i, j), alpha * sum + old, size);
        }
    T(same_outside)(c, d, T(everywhere), 0);
    test_free(d);
    test_free(c);
    if (!same)
        test_free(b);
    test_free(a);
}

static void T(gemm)(void **state)
{
    (void)state;
    for (int round = 0; round < 150; round++)
        T(gemm_once)(below(20), below(20), below(20), (REAL)uniform(), (REAL)(below(3) - 1), 0);
    for (int round = 0; round < 12; round++) {
        const int n = 60 + below(60), k = 60 + below(60);
        T(gemm_once)(60 + below(60), n, k, (REAL)uniform(), (REAL)(below(3) - 1), 0);
        T(gemm_once)(n, n, k, 1, 0, 1);
    }
    T(gemm_once)(1, 130, 140, 1, 1, 0);
    T(gemm_once)(130, 1, 140, 1, 1, 0);
    T(gemm_once)(130, 140, 1, 1, 1, 0);
    T(gemm_once)(100, 3, 100, 1, 1, 0);
    T(gemm_once)(3, 100, 100, 1, 1, 0);
}

/* Longer than a block in every direction. */
static void T(gemm_in_blocks)(void **state)
{
    enum { M = 101, N = 491, K = 263 };
    (void)state;
    REAL *a = test_malloc(sizeof(REAL) * M * K), *b = test_malloc(sizeof(REAL) * K * N);
    REAL *c = test_calloc(M * N, sizeof(REAL));
    for (int i = 0; i < M * K; i++)
        a[i] = (REAL)uniform();
    for (int i = 0; i < K * N; i++)
        b[i] = (REAL)uniform();
    FN(gemm)(AD_NO_TRANS, AD_NO_TRANS, M, N, K, 1, a, K, b, N, 1, c, N);
    for (int i = 0; i < M; i += 10)
        for (int j = 0; j < N; j++) {
            double sum = 0;
            for (int k = 0; k < K; k++)
                sum += (double)a[i * K + k] * b[k * N + j];
            T(near)(c[i * N + j], sum, K / 2);
        }
    test_free(c);
    test_free(b);
    test_free(a);
}

static void T(gemv_and_ger)(void **state)
{
    (void)state;
    for (int round = 0; round < 150; round++) {
        const int m = below(12), n = below(12);
        const AdTranspose t = below(2) ? AD_TRANS : AD_NO_TRANS;
        const int rows = t == AD_TRANS ? n : m, columns = t == AD_TRANS ? m : n;
        T(Matrix) *a = T(matrix)(m, n), *b = T(clone)(a);
        T(Vector) x = T(vector)(columns), y = T(vector)(rows), z = y, u = T(vector)(m), v = T(vector)(n);
        const REAL alpha = (REAL)uniform(), beta = (REAL)(below(3) - 1);
        FN(gemv)(t, m, n, alpha, a->cells, a->ld, x.cells, x.step, beta, y.cells, y.step);
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int j = 0; j < columns; j++)
                sum += T(of)(a, t, i, j) * *T(item)(&x, j);
            T(near)(*T(item)(&y, i), alpha * sum + (double)beta * *T(item)(&z, i), columns);
            *T(item)(&y, i) = *T(item)(&z, i);
        }
        assert_memory_equal(&y.cells, &z.cells, sizeof y.cells);
        FN(ger)(m, n, alpha, u.cells, u.step, v.cells, v.step, b->cells, b->ld);
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
                T(near)(*T(cell)(b, i, j),
                        *T(cell)(a, i, j) + (double)alpha * *T(item)(&u, i) * *T(item)(&v, j), 1);
        T(same_outside)(b, a, T(everywhere), 0);
        test_free(b);
        test_free(a);
    }
}

static void T(symmetric)(void **state)
{
    (void)state;
    for (int round = 0; round < 120; round++) {
        const int m = round < 4 ? 60 : below(14), n = round < 4 ? 50 : below(14);
        const AdUplo uplo = below(2) ? AD_UPPER : AD_LOWER;
        const AdSide side = below(2) ? AD_LEFT : AD_RIGHT;
        const AdTranspose t = below(2) ? AD_TRANS : AD_NO_TRANS;
        const int order = side == AD_LEFT ? m : n;
        const REAL alpha = (REAL)uniform(), beta = (REAL)(below(3) - 1);
        T(Matrix) *a = T(matrix)(order, order), *b = T(matrix)(m, n), *c = T(matrix)(m, n), *d = T(clone)(c);
        T(Matrix) *s = T(matrix)(m, m), *r = T(clone)(s), *f = t == AD_TRANS ? T(matrix)(n, m) : T(matrix)(m, n);
        T(Vector) x = T(vector)(order), y = T(vector)(order), z = y;
        FN(symm)(side, uplo, m, n, alpha, a->cells, a->ld, b->cells, b->ld, beta, c->cells, c->ld);
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int k = 0; k < order; k++)
                    sum += side == AD_LEFT ? T(sym)(a, uplo, i, k) * *T(cell)(b, k, j)
                                           : *T(cell)(b, i, k) * T(sym)(a, uplo, k, j);
                T(near)(*T(cell)(c, i, j), alpha * sum + (double)beta * *T(cell)(d, i, j), order);
            }
        T(same_outside)(c, d, T(everywhere), 0);
        FN(symv)(uplo, order, alpha, a->cells, a->ld, x.cells, x.step, beta, y.cells, y.step);
        for (int i = 0; i < order; i++) {
            double sum = 0;
            for (int k = 0; k < order; k++)
                sum += T(sym)(a, uplo, i, k) * *T(item)(&x, k);
            T(near)(*T(item)(&y, i), alpha * sum + (double)beta * *T(item)(&z, i), order);
        }
        FN(syrk)(uplo, t, m, n, alpha, f->cells, f->ld, beta, s->cells, s->ld);
        for (int i = 0; i < m; i++)
            for (int j = 0; j < m; j++) {
                double sum = 0;
                for (int k = 0; k < n; k++)
                    sum += T(of)(f, t, i, k) * T(of)(f, t, j, k);
                if (T(in_triangle)(i, j, uplo))
                    T(near)(*T(cell)(s, i, j), alpha * sum + (double)beta * *T(cell)(r, i, j), n);
            }
        T(same_outside)(s, r, T(in_triangle), uplo);
        test_free(f);
        test_free(r);
        test_free(s);
        test_free(d);
        test_free(c);
        test_free(b);
        test_free(a);
    }
}

/* ---- triangles ---- */

/* A triangle that is well away from singular. */
static T(Matrix) *T(triangle)(int n)
{
    T(Matrix) *a = T(matrix)(n, n);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++)
            *T(cell)(a, i, j) /= (REAL)(n > 1 ? n : 1);
        *T(cell)(a, i, i) = (REAL)(1 + uniform() / 4);
    }
    return a;
}

static void T(triangular_once)(int m, int n)
{
    const AdUplo uplo = below(2) ? AD_UPPER : AD_LOWER;
    const AdSide side = below(2) ? AD_LEFT : AD_RIGHT;
    const AdTranspose t = below(2) ? AD_TRANS : AD_NO_TRANS;
    const AdDiag diag = below(2) ? AD_UNIT : AD_NON_UNIT;
    const int order = side == AD_LEFT ? m : n;
    const REAL alpha = (REAL)(1 + uniform() / 2);
    T(Matrix) *a = T(triangle)(order), *b = T(matrix)(m, n), *c = T(clone)(b), *d = T(clone)(b);
    FN(trmm)(side, uplo, t, diag, m, n, alpha, a->cells, a->ld, c->cells, c->ld);
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int k = 0; k < order; k++)
                sum += side == AD_LEFT ? T(tri)(a, uplo, t, diag, i, k) * *T(cell)(b, k, j)
                                       : *T(cell)(b, i, k) * T(tri)(a, uplo, t, diag, k, j);
            T(near)(*T(cell)(c, i, j), alpha * sum, order);
        }
    T(same_outside)(c, b, T(everywhere), 0);
    FN(trsm)(side, uplo, t, diag, m, n, 1 / alpha, a->cells, a->ld, c->cells, c->ld); /* and back */
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            T(near)(*T(cell)(c, i, j), *T(cell)(b, i, j), 4 * order);
    T(same_outside)(c, b, T(everywhere), 0);
    /* D += alpha op(T) B, with zeros on the diagonal for AD_UNIT */
    FN(trmm_add)(AD_ROW_MAJOR, side, uplo, t, diag, m, n, alpha, a->cells, a->ld, b->cells, b->ld, d->cells,
                 d->ld);
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int k = 0; k < order; k++) {
                const int row = side == AD_LEFT ? i : k, column = side == AD_LEFT ? k : j;
                const double entry =
                    row == column && diag == AD_UNIT ? 0 : T(tri)(a, uplo, t, diag, row, column);
                sum += entry * (side == AD_LEFT ? *T(cell)(b, k, j) : *T(cell)(b, i, k));
            }
            T(near)(*T(cell)(d, i, j), *T(cell)(b, i, j) + alpha * sum, order);
        }
    T(same_outside)(d, b, T(everywhere), 0);
    test_free(d);
    test_free(c);
    test_free(b);
    test_free(a);
}

static void T(triangular)(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++)
        T(triangular_once)(below(14), below(14));
    for (int round = 0; round < 24; round++)
        T(triangular_once)(40 + below(40), 40 + below(40));
}

static void T(triangular_vectors)(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++) {
        const int n = below(60);
        const AdUplo uplo = below(2) ? AD_UPPER : AD_LOWER;
        const AdTranspose t = below(2) ? AD_TRANS : AD_NO_TRANS;
        const AdDiag diag = below(2) ? AD_UNIT : AD_NON_UNIT;
        T(Matrix) *a = T(triangle)(n);
        T(Vector) x = T(vector)(n), y = x;
        FN(trmv)(uplo, t, diag, n, a->cells, a->ld, y.cells, y.step);
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int k = 0; k < n; k++)
                sum += T(tri)(a, uplo, t, diag, i, k) * *T(item)(&x, k);
            T(near)(*T(item)(&y, i), sum, n);
        }
        FN(trsv)(uplo, t, diag, n, a->cells, a->ld, y.cells, y.step);
        for (int i = 0; i < n; i++) {
            T(near)(*T(item)(&y, i), *T(item)(&x, i), 4 * n);
            *T(item)(&y, i) = *T(item)(&x, i);
        }
        assert_memory_equal(&y.cells, &x.cells, sizeof y.cells);
        test_free(a);
    }
}

static void T(triangles_of_products)(void **state)
{
    (void)state;
    for (int round = 0; round < 150; round++) {
        const int n = round < 5 ? 60 : below(20), k = below(20);
        const AdUplo uplo = below(2) ? AD_UPPER : AD_LOWER;
        const AdTranspose ta = below(2) ? AD_TRANS : AD_NO_TRANS, tb = below(2) ? AD_TRANS : AD_NO_TRANS;
        const AdDiag diag = below(2) ? AD_UNIT : AD_NON_UNIT;
        T(Matrix) *a = ta == AD_TRANS ? T(matrix)(k, n) : T(matrix)(n, k);
        T(Matrix) *b = tb == AD_TRANS ? T(matrix)(n, k) : T(matrix)(k, n), *c = T(matrix)(n, n), *d = T(clone)(c);
        T(Vector) x = T(vector)(n), y = T(vector)(n);
        T(Matrix) *e = T(clone)(c);
        FN(gemm_triangle)(AD_ROW_MAJOR, uplo, diag, ta, tb, n, k, 2, a->cells, a->ld, b->cells, b->ld, c->cells,
                          c->ld);
        FN(ger_triangle)(AD_ROW_MAJOR, uplo, diag, n, 2, x.cells, x.step, y.cells, y.step, e->cells, e->ld);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                const int inside = T(in_triangle)(i, j, uplo) && !(i == j && diag == AD_UNIT);
                double sum = 0;
                for (int p = 0; p < k; p++)
                    sum += T(of)(a, ta, i, p) * T(of)(b, tb, p, j);
                T(near)(*T(cell)(c, i, j), *T(cell)(d, i, j) + (inside ? 2 * sum : 0), 2 * k);
                T(near)(*T(cell)(e, i, j),
                        *T(cell)(d, i, j) + (inside ? 2.0 * *T(item)(&x, i) * *T(item)(&y, j) : 0), 2);
            }
        T(same_outside)(c, d, T(in_triangle), uplo);
        T(same_outside)(e, d, T(in_triangle), uplo);
        test_free(e);
        test_free(d);
        test_free(c);
        test_free(b);
        test_free(a);
    }
}

/* ---- factorisations ---- */

/* Symmetric positive definite: B B^T / n + I. */
static T(Matrix) *T(definite)(int n)
{
    T(Matrix) *b = T(matrix)(n, n), *a = T(matrix)(n, n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double sum = i == j;
            for (int k = 0; k < n; k++)
                sum += (double)*T(cell)(b, i, k) * *T(cell)(b, j, k) / n;
            *T(cell)(a, i, j) = (REAL)sum;
        }
    test_free(b);
    return a;
}

/* How far A X is from B. */
static void T(solves)(T(Matrix) *a, AdTranspose t, T(Matrix) *x, T(Matrix) *b, double scale)
{
    for (int i = 0; i < x->rows; i++)
        for (int j = 0; j < x->columns; j++) {
            double sum = 0;
            for (int k = 0; k < x->rows; k++)
                sum += T(of)(a, t, i, k) * *T(cell)(x, k, j);
            T(near)(sum, *T(cell)(b, i, j), scale);
        }
}

static void T(cholesky)(void **state)
{
    (void)state;
    for (int round = 0; round < 60; round++) {
        const int n = round < 3 ? 90 : below(12), nrhs = below(4);
        const AdUplo uplo = below(2) ? AD_UPPER : AD_LOWER;
        T(Matrix) *a = T(definite)(n), *l = T(clone)(a), *b = T(matrix)(n, nrhs), *x = T(clone)(b);
        assert_int_equal(FN(potrf)(uplo, n, l->cells, l->ld), 0);
        const AdTranspose t = uplo == AD_LOWER ? AD_NO_TRANS : AD_TRANS;
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = 0; k <= j; k++)
                    sum += T(of)(l, t, i, k) * T(of)(l, t, j, k);
                T(near)(sum, *T(cell)(a, i, j), n);
            }
        T(same_outside)(l, a, T(in_triangle), uplo);
        assert_int_equal(FN(potrs)(uplo, n, nrhs, l->cells, l->ld, x->cells, x->ld), 0);
        T(solves)(a, AD_NO_TRANS, x, b, 8 * n);
        if (n > 0) {
            *T(cell)(a, n - 1, n - 1) = -1;
            assert_int_equal(FN(potrf)(uplo, n, a->cells, a->ld), n);
        }
        test_free(x);
        test_free(b);
        test_free(l);
        test_free(a);
    }
}

static void T(lu)(void **state)
{
    (void)state;
    for (int round = 0; round < 80; round++) {
        const int m = round < 3 ? 70 : below(12), n = round % 2 ? m : round < 3 ? 50 : below(12);
        const int least = m < n ? m : n;
        int pivots[80], rows[80];
        T(Matrix) *a = T(matrix)(m, n), *f = T(clone)(a);
        for (int i = 0; i < m && i < n; i++)
            *T(cell)(a, i, n - 1 - i) += 3, *T(cell)(f, i, n - 1 - i) += 3;
        assert_int_equal(FN(getrf)(m, n, f->cells, f->ld, pivots), 0);
        for (int i = 0; i < m; i++)
            rows[i] = i;
        for (int i = 0; i < least; i++) {
            const int moved = rows[i], other = pivots[i] - 1;
            assert_in_range(other, i, m - 1);
            rows[i] = rows[other];
            rows[other] = moved;
        }
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int k = 0; k <= i && k <= j && k < least; k++)
                    sum += (k == i ? 1 : (double)*T(cell)(f, i, k)) * *T(cell)(f, k, j);
                T(near)(sum, *T(cell)(a, rows[i], j), 4 * n);
            }
        T(same_outside)(f, a, T(everywhere), 0);
        if (m == n) {
            const AdTranspose t = below(2) ? AD_TRANS : AD_NO_TRANS;
            T(Matrix) *b = T(matrix)(n, 3), *x = T(clone)(b);
            assert_int_equal(FN(getrs)(t, n, 3, f->cells, f->ld, pivots, x->cells, x->ld), 0);
            T(solves)(a, t, x, b, 400 * n);
            test_free(x);
            test_free(b);
        }
        test_free(f);
        test_free(a);
    }
    REAL singular[4] = {1, 2, 2, 4};
    int pivots[2];
    assert_int_equal(FN(getrf)(2, 2, singular, 2, pivots), 2);
}

static void T(determinants)(void **state)
{
    (void)state;
    const REAL a[6] = {2, 9, 9, 9, -3, 9};
    T(near)(FN(logdet)(2, a, 3), log(6), 2);
    assert_true(FN(logdet)(0, a, 3) == 0);
}

/* ---- networks ---- */

static void T(activations)(void **state)
{
    (void)state;
    const REAL x[] = {0, 1, -1, 5, -5, 30, -30, 80, -80};
    enum { N = sizeof x / sizeof *x };
    REAL s[N], p[N], r[N], t[N], g[N];
    FN(sigmoid)(N, x, s);
    FN(softplus)(N, x, p);
    FN(relu)(N, x, r);
    FN(tanh)(N, x, t);
    FN(gelu)(N, x, g);
    for (int i = 0; i < N; i++) {
        const double e = exp(-fabs((double)x[i])), v = x[i];
        T(near)(s[i] / (v >= 0 ? 1 / (1 + e) : e / (1 + e)), 1, 1); /* to relative precision */
        T(near)(p[i] / ((v > 0 ? v : 0) + log1p(e)), 1, 1);
        assert_true(r[i] == (v > 0 ? x[i] : 0));
        T(near)(t[i], tanh(v), 1);
        T(near)(g[i], v * erfc(-v / sqrt(2)) / 2, fabs(v));
    }
    FN(sigmoid)(N, s, s); /* in place */
    T(near)(s[0], 1 / (1 + exp(-0.5)), 1);
    FN(sigmoid)(0, NULL, NULL);
}

static void T(softmax_of_large_numbers)(void **state)
{
    (void)state;
    REAL x[3] = {1000, 1000, 0}, y[3];
    FN(softmax)(3, x, y);
    T(near)(y[0], 0.5, 1);
    T(near)(y[1], 0.5, 1);
    assert_true(y[2] == 0);
    T(near)(FN(logsumexp)(3, x) - 1000, log(2), 1000);
    assert_true(FN(logsumexp)(0, x) == -INFINITY);
    x[2] = (REAL)NAN;
    assert_true(isnan(FN(logsumexp)(3, x)));
    FN(softmax)(2, x, x); /* in place */
    T(near)(x[0], 0.5, 1);
}

static void T(entropy_and_layers)(void **state)
{
    (void)state;
    const REAL x[4] = {1, 900, 898, 3}, t[4] = {0, (REAL)0.25, (REAL)0.75, 0};
    T(near)(FN(cross_entropy)(4, x, t), log1p(exp(-2)) + 1.5, 900);
    REAL y[4], sum = 0, squares = 0;
    FN(layer_norm)(4, 0, x, y);
    for (int i = 0; i < 4; i++) {
        sum += y[i];
        squares += y[i] * y[i];
    }
    T(near)(sum, 0, 8);
    T(near)(squares, 4, 8);
    REAL a[4] = {0, 2, 4, 2}, b[2] = {2, 6};
    int pivots[2];
    assert_int_equal(FN(solve)(2, 1, a, 2, pivots, b, 1), 0);
    T(near)(b[0], 1, 4);
    T(near)(b[1], 1, 4);
}

static void T(convolution)(void **state)
{
    (void)state;
    for (int round = 0; round < 60; round++) {
        enum { MOST = 6 };
        const int ci = below(3), co = below(3), h = below(MOST), w = below(MOST), kh = 1 + below(3), kw = 1 + below(3);
        const int rows = h - kh + 1 > 0 && w - kw + 1 > 0 ? h - kh + 1 : 0, columns = w - kw + 1;
        REAL x[2 * MOST * MOST], k[4 * 9], y[2 * MOST * MOST];
        for (size_t i = 0; i < sizeof x / sizeof *x; i++)
            x[i] = (REAL)uniform();
        for (size_t i = 0; i < sizeof k / sizeof *k; i++)
            k[i] = (REAL)uniform();
        FN(conv2d)(ci, co, h, w, kh, kw, x, k, y);
        for (int o = 0; o < co; o++)
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++) {
                    double sum = 0;
                    for (int c = 0; c < ci; c++)
                        for (int p = 0; p < kh; p++)
                            for (int q = 0; q < kw; q++)
                                sum += (double)k[((o * ci + c) * kh + p) * kw + q] * x[(c * h + i + p) * w + j + q];
                    T(near)(y[(o * rows + i) * columns + j], sum, 18);
                }
    }
}
