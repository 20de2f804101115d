/* Types: equal ones have one address; what can carry a derivative; the text form. */
#include "ir_fixture.h"

static void equal_types_have_one_address(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    const Type *f64 = type_scalar(&f.types, TYPE_F64), *i32 = type_scalar(&f.types, TYPE_INT);
    assert_ptr_equal(type_pointer(&f.types, f64), type_pointer(&f.types, f64));
    assert_ptr_not_equal(type_pointer(&f.types, f64), type_pointer(&f.types, i32));
    const Type *params[] = {f64, i32};
    assert_ptr_equal(type_function(&f.types, f64, params, 2), type_function(&f.types, f64, params, 2));
    assert_ptr_not_equal(type_function(&f.types, f64, params, 2),
                         type_function(&f.types, f64, params, 1));
    static const Record a = {.tag = "struct A"}, b = {.tag = "struct A"};
    assert_ptr_equal(type_record(&f.types, &a), type_record(&f.types, &a));
    assert_ptr_not_equal(type_record(&f.types, &a), type_record(&f.types, &b));
    fixture_release(&f);
}

static void texts(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    const Type *f64 = type_scalar(&f.types, TYPE_F64);
    const Type *function = type_function(&f.types, f64, (const Type *[]){f64, f64}, 2);
    assert_string_equal(type_text(&f.arena, type_pointer(&f.types, type_pointer(&f.types, f64))),
                        "ptr<ptr<f64>>");
    assert_string_equal(type_text(&f.arena, type_pointer(&f.types, function)),
                        "ptr<func<f64(f64, f64)>>");
    assert_string_equal(type_c_name(type_scalar(&f.types, TYPE_ULLONG)), "unsigned long long");
    assert_string_equal(type_math_suffix(type_scalar(&f.types, TYPE_F80)), "l");
    fixture_release(&f);
}

static void integers(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    const Type *flag = type_scalar(&f.types, TYPE_BOOL), *c = type_scalar(&f.types, TYPE_CHAR);
    assert_true(type_is_integer(flag) && !type_is_signed(&f.types, flag));
    assert_int_equal(type_bits(&f.types, flag), 1);
    assert_true(type_is_signed(&f.types, c));
    f.types.target.char_is_signed = false;
    assert_false(type_is_signed(&f.types, c));
    assert_int_equal(type_bits(&f.types, type_scalar(&f.types, TYPE_ULONG)), 64);
    assert_false(type_is_integer(type_scalar(&f.types, TYPE_F32)));
    fixture_release(&f);
}

/* A record that holds pointers to itself and, last, `end`. */
static const Type *knot(IrFixture *f, const Type *end)
{
    enum { LINKS = 12 };
    Record *record = arena_new(&f->arena, Record);
    const Type *type = type_record(&f->types, record);
    Field *fields = arena_new_array(&f->arena, Field, LINKS + 1);
    for (unsigned i = 0; i < LINKS; i++)
        fields[i].type = type_pointer(&f->types, type);
    fields[LINKS].type = end;
    record->fields = fields;
    record->num_fields = LINKS + 1;
    return type;
}

static void records_that_point_to_themselves_are_looked_into_once(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    const Type *f32 = type_scalar(&f.types, TYPE_F32), *i32 = type_scalar(&f.types, TYPE_INT);
    assert_true(type_carries_derivative(type_pointer(&f.types, type_pointer(&f.types, f32))));
    assert_true(type_carries_derivative(knot(&f, f32)));
    assert_false(type_carries_derivative(knot(&f, i32)));
    assert_true(type_carries_derivative(knot(&f, type_pointer(&f.types, knot(&f, f32)))));
    assert_false(type_carries_derivative(type_function(&f.types, f32, NULL, 0)));
    fixture_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_types_have_one_address),
        cmocka_unit_test(texts),
        cmocka_unit_test(integers),
        cmocka_unit_test(records_that_point_to_themselves_are_looked_into_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
