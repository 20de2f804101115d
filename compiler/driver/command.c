/* The command line, read with getopt_long_only: `-std=c11` and `-MD` are long names with one dash. */
#define _GNU_SOURCE
#include "driver/command.h"

#include "driver/depfile.h"

#include <getopt.h>
#include <string.h>

typedef enum OptionId {
#define OPTION(id, letter, name, argument, help) OPTION_##id,
#include "driver/options.def"
#undef OPTION
    OPTION_COUNT
} OptionId;

typedef struct OptionInfo {
    char letter;
    const char *name, *argument, *help;
} OptionInfo;

static const OptionInfo option_table[OPTION_COUNT] = {
#define OPTION(id, letter, name, argument, help) {letter, name, argument, help},
#include "driver/options.def"
#undef OPTION
};

typedef struct Parser {
    Command *command;
    Arena *arena;
    Diagnostics *diags;
    bool wants_dependencies;
} Parser;

static const SourceLoc nowhere = {0};

/* ---- for getopt ---- */

enum { LONG_NAME = 256 }; /* getopt's values for long names start here; letters are below */

/* Arguments in their order, and ':' for a missing argument; then the letters. */
static const char *letters(Arena *arena)
{
    Text text = {0};
    text_puts(arena, &text, "-:");
    for (unsigned i = 0; i < OPTION_COUNT; i++)
        if (option_table[i].letter)
            text_printf(arena, &text, "%c%s", option_table[i].letter,
                        option_table[i].argument ? ":" : "");
    return text.items;
}

static int argument_kind(const OptionInfo *option)
{
    if (!option->argument)
        return no_argument;
    return option->argument[0] == '[' ? optional_argument : required_argument;
}

static const struct option *long_names(Arena *arena)
{
    struct option *names = arena_new_array(arena, struct option, OPTION_COUNT + 1);
    unsigned count = 0;
    for (unsigned i = 0; i < OPTION_COUNT; i++)
        if (option_table[i].name)
            names[count++] = (struct option){.name = option_table[i].name,
                                             .has_arg = argument_kind(&option_table[i]),
                                             .val = LONG_NAME + (int)i};
    return names;
}

static OptionId option_of(int value)
{
    if (value >= LONG_NAME)
        return (OptionId)(value - LONG_NAME);
    for (unsigned i = 0; i < OPTION_COUNT; i++)
        if (option_table[i].letter == value)
            return (OptionId)i;
    unreachable("command line");
}

/* ---- single options ---- */

static void add_flag(Parser *p, const char *flag)
{
    vec_push(p->arena, &p->command->flags, flag);
}

static void add_flag_pair(Parser *p, const char *flag, const char *argument)
{
    add_flag(p, flag);
    add_flag(p, argument);
}

static bool disable_one(Command *command, const char *name, size_t length)
{
#define SWITCH(text, member, help)                                                                 \
    if (strlen(text) == length && memcmp(text, name, length) == 0) {                               \
        command->member = true;                                                                    \
        return true;                                                                               \
    }
#include "driver/switches.def"
#undef SWITCH
    return false;
}

static void disable(Parser *p, const char *names)
{
    while (*names) {
        const size_t length = strcspn(names, ",");
        if (!disable_one(p->command, names, length))
            diag(p->diags, MSG_UNKNOWN_SWITCH, nowhere, arena_strndup(p->arena, names, length));
        names += length;
        names += *names == ',';
    }
}

static void impose(Parser *p, const char *name)
{
#define STRATEGY(text, fuse, replay, always, blocks, help)                                         \
    if (strcmp(name, text) == 0) {                                                                 \
        p->command->diff.no_fuse = fuse;                                                           \
        p->command->diff.no_replay = replay;                                                       \
        p->command->diff.always_replay = always;                                                   \
        p->command->passes.all_blocks = blocks;                                                    \
        return;                                                                                    \
    }
#include "driver/strategies.def"
#undef STRATEGY
    diag(p->diags, MSG_UNKNOWN_STRATEGY, nowhere, name);
}

static void set_warning(Parser *p, const char *name)
{
    if (!diag_set_warning(p->diags, name))
        diag(p->diags, MSG_UNKNOWN_WARNING, nowhere, name);
}

static void take_option(Parser *p, OptionId id, const char *argument)
{
    Command *command = p->command;
    switch (id) {
    case OPTION_OUTPUT: command->output = argument; return;
    case OPTION_HEADER: command->header = argument; return;
    case OPTION_REQUEST: vec_push(p->arena, &command->requests, argument); return;
    case OPTION_INCLUDE_DIR: add_flag_pair(p, "-I", argument); return;
    case OPTION_DEFINE: add_flag_pair(p, "-D", argument); return;
    case OPTION_UNDEFINE: add_flag_pair(p, "-U", argument); return;
    case OPTION_INCLUDE: add_flag_pair(p, "-include", argument); return;
    case OPTION_SYSTEM_DIR: add_flag_pair(p, "-isystem", argument); return;
    case OPTION_STANDARD: add_flag(p, arena_format(p->arena, "-std=%s", argument)); return;
    case OPTION_DEPENDENCIES: p->wants_dependencies = true; return;
    case OPTION_DEPENDENCY_FILE: command->dependency_file = argument; return;
    case OPTION_DEPENDENCY_TARGET: command->dependency_target = argument; return;
    case OPTION_DATABASE: command->database = argument; return;
    case OPTION_REPORT: command->report = true; return;
    case OPTION_CHECK: command->check = true; return;
    case OPTION_WARNING: set_warning(p, argument); return;
    case OPTION_NO_WARNINGS: p->diags->no_warnings = true; return;
    case OPTION_EMIT_IR:
        command->emit_ir = true;
        command->emit_after = argument;
        return;
    case OPTION_DISABLE: disable(p, argument); return;
    case OPTION_STRATEGY: impose(p, argument); return;
    case OPTION_HELP: command->help = true; return;
    case OPTION_VERSION: command->version = true; return;
    case OPTION_COUNT: break;
    }
    unreachable("command line");
}

/* The option getopt stopped at, as the user wrote it. */
static const char *culprit(Parser *p, char **argv)
{
    if (optopt > 0 && optopt < LONG_NAME)
        return arena_format(p->arena, "-%c", optopt);
    return argv[optind - 1];
}

static void take_all(Parser *p, int argc, char **argv)
{
    const char *short_options = letters(p->arena);
    const struct option *long_options = long_names(p->arena);
    int value;
    opterr = 0;
    optind = 0; /* from the start: another command line may have been read in this process */
    while ((value = getopt_long_only(argc, argv, short_options, long_options, NULL)) != -1) {
        if (value == 1)
            vec_push(p->arena, &p->command->inputs, optarg);
        else if (value == '?')
            diag(p->diags, MSG_UNKNOWN_OPTION, nowhere, culprit(p, argv));
        else if (value == ':')
            diag(p->diags, MSG_MISSING_ARGUMENT, nowhere, culprit(p, argv));
        else
            take_option(p, option_of(value), optarg);
    }
    for (int i = optind; i < argc; i++) /* behind -- */
        add_flag(p, argv[i]);
}

/* ---- what follows from the options together ---- */

/* `path` with another extension: "a/b.c" and ".h" give "a/b.h". */
static const char *with_extension(Arena *arena, const char *path, const char *extension)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    const size_t length = dot && dot > name ? (size_t)(dot - path) : strlen(path);
    return arena_format(arena, "%.*s%s", (int)length, path, extension);
}

static void settle_outputs(Parser *p)
{
    Command *command = p->command;
    if (!command->output) {
        if (!command->emit_ir)
            diag(p->diags, MSG_NO_OUTPUT, nowhere);
        return;
    }
    if (!command->header)
        command->header = with_extension(p->arena, command->output, ".h");
    if (strcmp(command->output, command->header) == 0)
        diag(p->diags, MSG_OUTPUT_TWICE, nowhere, command->output);
}

static void settle_dependencies(Parser *p)
{
    Command *command = p->command;
    const char *without = command->dependency_file     ? "-MF"
                          : command->dependency_target ? "-MT"
                                                       : NULL;
    if (!p->wants_dependencies) {
        if (without)
            diag(p->diags, MSG_NEEDS_MD, nowhere, without);
        return;
    }
    if (!command->output)
        return;
    if (!command->dependency_file)
        command->dependency_file = with_extension(p->arena, command->output, ".d");
    if (!command->dependency_target)
        command->dependency_target = depfile_quote(p->arena, command->output);
}

bool command_parse(Command *command, Arena *arena, Diagnostics *diags, int argc, char **argv)
{
    *command = (Command){0};
    Parser p = {.command = command, .arena = arena, .diags = diags};
    take_all(&p, argc, argv);
    if (diags->errors == 0 && (command->help || command->version))
        return true;
    if (command->inputs.count == 0)
        diag(diags, MSG_NO_INPUT, nowhere);
    settle_outputs(&p);
    settle_dependencies(&p);
    return diags->errors == 0;
}

/* ---- help ---- */

static void print_option(const OptionInfo *option, FILE *out)
{
    char left[64];
    const char *argument = option->argument ? option->argument : "";
    if (option->letter)
        snprintf(left, sizeof left, "-%c%s%s", option->letter, *argument ? " " : "", argument);
    else if (argument[0] == '[')
        snprintf(left, sizeof left, "--%s[=%s", option->name, argument + 1);
    else
        snprintf(left, sizeof left, "%s%s%s%s", strlen(option->name) > 2 ? "--" : "-", option->name,
                 *argument ? " " : "", argument);
    fprintf(out, "  %-22s  %s\n", left, option->help);
}

void command_print_help(FILE *out)
{
    fputs("Usage: adgen [options] FILE.c... -o OUT.c [-- COMPILER-FLAGS]\n\n"
          "Differentiates the functions of C files that are annotated with ADGEN(...).\n\n"
          "Options:\n",
          out);
    for (unsigned i = 0; i < OPTION_COUNT; i++)
        print_option(&option_table[i], out);
    fputs("\nOptimisations that --disable switches off, for tests:\n", out);
#define SWITCH(name, member, help) fprintf(out, "  %-22s  %s\n", name, help);
#include "driver/switches.def"
#undef SWITCH
    fputs("\nStrategies of --strategy, for tests:\n", out);
#define STRATEGY(name, fuse, replay, always, blocks, help) fprintf(out, "  %-22s  %s\n", name, help);
#include "driver/strategies.def"
#undef STRATEGY
    fputs("\nExit status: 0 done; 1 an error in the input, or --check found a difference;\n"
          "2 a wrong command line; 3 a defect in adgen.\n",
          out);
}
