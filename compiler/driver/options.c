/* The command line, by getopt_long. */
#define _GNU_SOURCE
#include "driver/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { OPT_HEADER = 256, OPT_EMIT_IR, OPT_CHECK, OPT_HELP, OPT_VERSION, OPT_INCLUDE, OPT_ISYSTEM,
       OPT_STD, OPT_MD, OPT_MF, OPT_MT, OPT_DISABLE };

static const struct option long_options[] = {
    {"header", required_argument, NULL, OPT_HEADER},
    {"emit-ir", optional_argument, NULL, OPT_EMIT_IR},
    {"check", no_argument, NULL, OPT_CHECK},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {"include", required_argument, NULL, OPT_INCLUDE},
    {"isystem", required_argument, NULL, OPT_ISYSTEM},
    {"std", required_argument, NULL, OPT_STD},
    {"MD", no_argument, NULL, OPT_MD},
    {"MF", required_argument, NULL, OPT_MF},
    {"MT", required_argument, NULL, OPT_MT},
    {"disable", required_argument, NULL, OPT_DISABLE},
    {0}};

void options_print_help(void)
{
    puts("Usage: adgen [options] FILE.c... -o OUT.c [-- COMPILER-FLAGS]\n"
         "\n"
         "Writes C that computes derivatives of the functions marked with ADGEN(...).\n"
         "\n"
         "  -o FILE                generated source; its header is written beside it\n"
         "  --header FILE          another place for the header\n"
         "  -f 'F: MODE, CLAUSES'  differentiate F as if annotated so; repeatable\n"
         "  -I DIR, -D NAME, -U NAME, -include FILE, -isystem DIR, -std=STD\n"
         "                         handed to the parser, as to a compiler\n"
         "  -MD, -MF FILE, -MT T   write a dependency file, as a compiler does\n"
         "  --check                write nothing; exit 1, with a diff, if the output is out of date\n"
         "  -WNAME, -Wno-NAME, -Werror, -Werror=NAME, -w\n"
         "                         warnings: active-equality, active-truncation\n"
         "  --emit-ir[=PASS]       print the intermediate representation instead\n"
         "  --help, --version\n"
         "\n"
         "For tests:\n"
         "  --disable=NAME,...     switch optimisations off: simplify, hoist, raise-loops,\n"
         "                         scalar-replacement, reload, recompute, activity\n"
         "\n"
         "Exit status: 0 done; 1 an error in the input, or --check found a difference;\n"
         "2 a wrong command line; 3 a defect in adgen itself.");
}

static bool wrong(const char *format, const char *what)
{
    fputs("adgen: error: ", stderr);
    fprintf(stderr, format, what);
    fputs("\nadgen --help lists the options\n", stderr);
    return false;
}

static bool disable_one(Options *options, const char *name)
{
    const struct {
        const char *name;
        bool *flag;
    } switches[] = {{"simplify", &options->passes.no_simplify},
                    {"hoist", &options->passes.no_hoist},
                    {"raise-loops", &options->passes.no_raise_loops},
                    {"scalar-replacement", &options->passes.no_scalar_replacement},
                    {"reload", &options->diff.no_reload},
                    {"recompute", &options->diff.no_recompute},
                    {"activity", &options->diff.no_activity}};
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (strcmp(switches[i].name, name) == 0) {
            *switches[i].flag = true;
            return true;
        }
    return wrong("--disable: there is no optimisation '%s'", name);
}

static bool disable(Arena *arena, Options *options, const char *names)
{
    for (const char *at = names; *at;) {
        const size_t length = strcspn(at, ",");
        if (!disable_one(options, arena_strndup(arena, at, length)))
            return false;
        at += length + (at[length] == ',');
    }
    return true;
}

static void add_flag(Arena *arena, Options *options, const char *prefix, const char *value)
{
    const char *flag = arena_format(arena, "%s%s", prefix, value);
    vec_push(arena, &options->flags, flag);
}

static void add_flag_pair(Arena *arena, Options *options, const char *flag, const char *value)
{
    vec_push(arena, &options->flags, flag);
    vec_push(arena, &options->flags, value);
}

static bool take(Arena *arena, Options *options, int code, const char *value, const char *word)
{
    switch (code) {
    case 1: vec_push(arena, &options->inputs, value); return true;
    case 'o': options->output = value; return true;
    case 'f': vec_push(arena, &options->requests, value); return true;
    case 'I': add_flag(arena, options, "-I", value); return true;
    case 'D': add_flag(arena, options, "-D", value); return true;
    case 'U': add_flag(arena, options, "-U", value); return true;
    case 'W': vec_push(arena, &options->warnings, value); return true;
    case 'w': options->no_warnings = true; return true;
    case OPT_HEADER: options->header = value; return true;
    case OPT_EMIT_IR:
        options->emit_ir = true;
        options->emit_pass = value ? value : "";
        return true;
    case OPT_CHECK: options->check = true; return true;
    case OPT_HELP: options->help = true; return true;
    case OPT_VERSION: options->version = true; return true;
    case OPT_INCLUDE: add_flag_pair(arena, options, "-include", value); return true;
    case OPT_ISYSTEM: add_flag_pair(arena, options, "-isystem", value); return true;
    case OPT_STD: add_flag(arena, options, "-std=", value); return true;
    case OPT_MD: options->write_dependencies = true; return true;
    case OPT_MF:
        options->write_dependencies = true;
        options->dependency_file = value;
        return true;
    case OPT_MT: vec_push(arena, &options->targets, value); return true;
    case OPT_DISABLE: return disable(arena, options, value);
    case ':': return wrong("option '%s' needs an argument", word);
    default: return wrong("there is no option '%s'", word);
    }
}

/* -isystem and its like are written with one dash; getopt_long_only would also take -w for --what. */
static char *normalised(Arena *arena, char *word)
{
    static const char *const single[] = {"-include", "-isystem", "-std=", "-MD", "-MF", "-MT"};
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        if (strncmp(word, single[i], strlen(single[i])) == 0)
            return arena_format(arena, "-%s", word);
    return word;
}

static bool check_complete(const Options *options)
{
    if (options->help || options->version)
        return true;
    if (options->inputs.count == 0)
        return wrong("%s", "no input file");
    if (!options->output && !options->emit_ir)
        return wrong("%s", "no output: -o FILE");
    const size_t length = options->output ? strlen(options->output) : 0;
    if (options->output && (length < 2 || strcmp(options->output + length - 2, ".c") != 0))
        return wrong("the output '%s' must end in .c", options->output);
    return true;
}

bool options_parse(Arena *arena, int argc, char **argv, Options *options)
{
    *options = (Options){0};
    char **words = arena_new_array(arena, char *, argc + 1);
    int count = 0;
    for (; count < argc && strcmp(argv[count], "--") != 0; count++)
        words[count] = normalised(arena, argv[count]);
    for (int i = count + 1; i < argc; i++)
        vec_push(arena, &options->flags, argv[i]);
    optind = 0;
    opterr = 0;
    for (;;) {
        const int code = getopt_long(count, words, "-:o:f:I:D:U:W:w", long_options, NULL);
        if (code == -1)
            break;
        if (!take(arena, options, code, optarg, words[optind - 1]))
            return false;
    }
    return check_complete(options);
}
