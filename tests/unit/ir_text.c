/* The IR's text form: what is printed reads back as the same, errors have their place, and no text
 * whatever makes the reader crash. */
#include "ir_fixture.h"

#include "ir/verify.h"

static const char sumsq[] = "func @sumsq(%n: int, %x: ptr<f64> rank 1 const) -> f64 {\n"
                            "  shape %x, %n\n"
                            "  %zero: f64 = const 0\n"
                            "  %lo: int = const 0\n"
                            "  %one: int = const 1\n"
                            "  %s = for.lt %lo, %n, %one, %zero { (%i, %acc)\n"
                            "    %p = index %x, %i\n"
                            "    %v = load %p\n"
                            "    %sq = mul %v, %v // of the element\n"
                            "    %next = add %acc, %sq !relaxed\n"
                            "    yield %next\n"
                            "  }\n"
                            "  return %s\n"
                            "}\n";

static const char everything[] =
    "record <struct S> {x: f64, a: f64[2][3], #: int bitfield, next: ptr<record<struct S>>}\n"
    "record <union U> union {i: int, f: f32}\n"
    "global @table: f64[3] const static = 1, 0.1, -inf\n"
    "global @count: int extern inactive\n"
    "declare @puts -> int\n"
    "declare @half -> f64 pure\n"
    "func @caller(%s: ptr<record<struct S>> rank 1 restrict, %v: record<struct S>, "
    "%f: ptr<func<f64(f64, int)>> inactive) -> f32 static inline {\n"
    "  %a: f32 = const 0.1\n"
    "  %b: f80 = const 0.1\n"
    "  %nan: f64 = const nan\n"
    "  %big: ulong = const -1\n"
    "  %text: ptr<char> = string \"a \\\"b\\\"\" PRId64 \"%{\"\n"
    "  %null: ptr<f64> = null\n"
    "  %u: f64 = undef\n"
    "  %g: ptr<f64> = global @table\n"
    "  %h: ptr<func<f64()>> = function @half\n"
    "  %c: int = call @puts %text\n"
    "  call @after %c\n"
    "  %q: ptr<f64> = field #0 %s\n"
    "  %e: f64 = extract #0 %v\n"
    "  %w: record<struct S> = insert #0 %v, %u\n"
    "  %t: ptr<tape> = tape\n"
    "  tape_push %t, %e, %c\n"
    "  %e2: f64, %c2: int = tape_pop %t\n"
    "  tape_release %t\n"
    "  %local: ptr<f64> = alloca %c, %c\n"
    "  copy %q, %local, %c !overlap\n"
    "  %less: bool = lt %e2, %u\n"
    "  %r: f64 = if %less {\n"
    "    yield %u\n"
    "  } {\n"
    "    yield %e\n"
    "  }\n"
    "  %k: int = while %c2 { (%i)\n"
    "    %go = gt %i, %c\n"
    "    yield %go\n"
    "  } { (%i)\n"
    "    %less_i = sub %i, %c\n"
    "    yield %less_i\n"
    "  }\n"
    "  %last = for.ge %k, %c, %k, %r { (%i, %x)\n"
    "    yield %x\n"
    "  }\n"
    "  %m, %exponent = frexp %last\n"
    "  %z: f32 = convert %m !inactive\n"
    "  return %z\n"
    "}\n"
    "func @after(%x: int) -> void {\n"
    "  return\n"
    "}\n";

static void round_trip(const char *text)
{
    IrFixture first, second;
    fixture_init(&first);
    fixture_init(&second);
    fixture_read(&first, text);
    const char *printed = fixture_print(&first);
    fixture_read(&second, printed);
    assert_string_equal(fixture_print(&second), printed);
    fixture_release(&second);
    fixture_release(&first);
}

static void what_is_printed_reads_back(void **state)
{
    (void)state;
    round_trip(sumsq);
    round_trip(everything);
    round_trip("");
}

static void attributes_survive(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    fixture_read(&f, everything);
    const char *printed = fixture_print(&f);
    const char *parts[] = {"record <struct S> {x: f64, a: f64[2][3], #: int bitfield, ",
                           "next: ptr<record<struct S>>}\n",
                           "record <union U> union {",
                           "global @table: f64[3] const static = 1, 0.1, -inf",
                           "global @count: int extern inactive",
                           "declare @half -> f64 pure",
                           "rank 1 restrict,",
                           "ptr<func<f64(f64, int)>> inactive) -> f32 static inline {",
                           ": f32 = const 0.1\n",
                           ": f80 = const 0.1\n",
                           "string \"a \\\"b\\\"\" PRId64 \"%{\"\n",
                           "!overlap\n",
                           "for.ge "};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strstr(printed, parts[i]))
            fail_msg("missing \"%s\" in\n%s", parts[i], printed);
    fixture_release(&f);
}

static void names_are_the_users(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    Function *function =
        fixture_read(&f, "func @f(%x.7: f64, %12: f64, %a: f64) -> void { return }");
    assert_string_equal(function->body->args.items[0]->name, "x");
    assert_null(function->body->args.items[1]->name);
    assert_string_equal(function->params[2].name, "a");
    fixture_release(&f);
}

static void errors_have_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
        unsigned line, column;
    } cases[] = {
        {"func @f() -> void {\n  return %x\n}", "'%x' is not defined here", 2, 10},
        {"func @f() -> void {\n  frobnicate\n}", "there is no op 'frobnicate'", 2, 3},
        {"func @f() -> wide {", "expected a type", 1, 14},
        {"func @f(%x: f64, %x: f64) -> void {return}", "'%x' is defined twice", 1, 18},
        {"func @f(%x: f64) -> void {\n%y: f64 = add %x\nreturn }", "'add' has 2 operands", 2, 11},
        {"func @f(%x: f64) -> void {\n%y = load %x\nreturn }", "the type of '%y' is missing", 2, 1},
        {"func @f(%x: int) -> void {\n%y: f64 = exp %x\nreturn }", "not floating", 1, 6},
        {"func @f() -> void {\n  call @g\n return }", "there is no function 'g'", 2, 8},
        {"func @f() -> void {\n", "expected an op", 2, 1},
        {"declare @f -> int\ndeclare @f -> int", "function 'f' is defined twice", 2, 9},
        {"func @f() -> void {\n%x: int = const 1e3\nreturn }", "is no number of the type", 2, 17},
        {"func @f() -> void {\n%x: int = for.add\nreturn }", "a for is for.lt", 2, 11},
        {"func @f() -> int {\n\n}", "the body is empty", 1, 6},
        {"  ?", "a character that does not belong here", 1, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        IrFixture f;
        fixture_init(&f);
        assert_false(ir_read(&f.module, "test.ir", cases[i].text));
        assert_int_equal(f.diags.list.count, 1);
        const Diagnostic *first = &f.diags.list.items[0];
        if (!strstr(first->text, cases[i].message))
            fail_msg("\"%s\", expected \"%s\"", first->text, cases[i].message);
        if (first->loc.line != cases[i].line || first->loc.column != cases[i].column)
            fail_msg("\"%s\" at %u:%u", first->text, first->loc.line, first->loc.column);
        assert_int_equal(f.module.functions.count, 0);
        fixture_release(&f);
    }
}

static const char *nested(Arena *arena, const char *head, const char *open, unsigned times)
{
    Text text = {0};
    text_puts(arena, &text, head);
    for (unsigned i = 0; i < times; i++)
        text_puts(arena, &text, open);
    return text.items;
}

static void depth_is_limited(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    assert_false(ir_read(&f.module, "a", nested(&f.arena, "declare @f -> ", "ptr<", 100000)));
    assert_false(ir_read(&f.module, "b",
                         nested(&f.arena, "func @f(%c: bool) -> void {", "if %c {", 100000)));
    fixture_release(&f);
}

/* A text that is wrong somewhere is refused or read, and what is read can be printed. */
static void try_text(const char *text)
{
    IrFixture f;
    fixture_init(&f);
    if (ir_read(&f.module, "test.ir", text))
        (void)fixture_print(&f);
    else
        assert_int_not_equal(f.diags.errors, 0);
    fixture_release(&f);
}

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void mutate(char *text, size_t length, unsigned *seed)
{
    static const char pieces[] = "%x.1@f{}()<>[],:=#!->0123456789\"\\\n ptr if for.lt record\x80\xff";
    for (unsigned k = next_random(seed) % 4 + 1; k > 0; k--) {
        const size_t at = next_random(seed) % length, from = next_random(seed) % length;
        const size_t room = length - (at > from ? at : from);
        const size_t size = next_random(seed) % 12 < room ? next_random(seed) % 12 % room : 0;
        if (next_random(seed) % 2)
            memmove(text + at, text + from, size);
        else
            text[at] = pieces[next_random(seed) % (sizeof pieces - 1)];
    }
}

static void no_text_makes_it_crash(void **state)
{
    (void)state;
    const char *seeds[] = {sumsq, everything};
    unsigned seed = 1;
    for (unsigned i = 0; i < 20000; i++) {
        const char *source = seeds[i % 2];
        char text[4096];
        const size_t length = strlen(source);
        memcpy(text, source, length + 1);
        mutate(text, length, &seed);
        if (i % 5 == 0)
            text[next_random(&seed) % length] = '\0';
        try_text(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_printed_reads_back), cmocka_unit_test(attributes_survive),
        cmocka_unit_test(names_are_the_users),        cmocka_unit_test(errors_have_their_place),
        cmocka_unit_test(depth_is_limited),           cmocka_unit_test(no_text_makes_it_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
