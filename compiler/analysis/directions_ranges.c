/* The range of directions that a loop runs over: of constant width, so that compilers use vector instructions, and beginning at a
 * formula of the counter of one loop around. */
#include "analysis/directions_internal.h"

enum { MAX_DIVISOR = 8 };

/* The interval in which a range of the width may begin to contain the set. */
typedef struct Slack {
    int64_t low, high;
} Slack;

static unsigned first_of(LaneSet set)
{
    unsigned first = 0;
    while (!(set >> first & 1))
        first++;
    return first;
}

static unsigned end_of(LaneSet set)
{
    unsigned end = 0;
    while (end < MAX_LANES && set >> end)
        end++;
    return end;
}

static unsigned width_of(LaneSet set)
{
    return set ? end_of(set) - first_of(set) : 0;
}

static Slack slack_of(LaneSet set, unsigned width, unsigned lanes)
{
    Slack slack = {0, lanes - width};
    if (set) {
        const int64_t end = end_of(set), first = first_of(set);
        slack.low = end > width ? end - width : 0;
        slack.high = first < slack.high ? first : slack.high;
    }
    return slack;
}

/* None, two, four, or a multiple of four: what vector instructions take. */
static unsigned rounded_width(unsigned width, unsigned lanes)
{
    const unsigned rounded = width <= 2 ? (width + 1) / 2 * 2 : (width + 3) / 4 * 4;
    return rounded < lanes ? rounded : lanes;
}

/* ---- formulas of a counter ---- */

/* Where ranges of one width may begin, for each of the counters that occur. */
typedef struct Slacks {
    unsigned count;
    bool is_bounded; /* by zero and the last place, whatever the formula says */
    int64_t counters[MAX_COUNTER];
    Slack slacks[MAX_COUNTER];
} Slacks;

static void find_slacks(const LaneLoop *loop, const Level *level, unsigned width, Slacks *s)
{
    s->count = 0;
    for (unsigned counter = 0; counter < MAX_COUNTER; counter++) {
        if (!level->occurs[counter])
            continue;
        s->counters[s->count] = counter;
        s->slacks[s->count++] = slack_of(level->needed[counter], width, loop->lanes);
    }
}

static int64_t formula(const DirectionRange *range, int64_t counter)
{
    return range->factor * ((counter + range->shift) / range->divisor) + range->offset;
}

static int64_t within(const DirectionRange *range, int64_t first)
{
    return first < 0 ? 0 : first > range->last ? range->last : first;
}

/* The offset with which factor * group + offset is in the slack of every counter; or would be, made zero where it is less and `last` where it
 * is more. */
static bool find_offset(const Slacks *s, DirectionRange *range)
{
    const int64_t far = 2 * MAX_COUNTER * MAX_LANES;
    Slack left = {-far * MAX_LANES, far * MAX_LANES};
    range->offset = 0;
    for (unsigned i = 0; i < s->count; i++) {
        const int64_t first = formula(range, s->counters[i]);
        const Slack *slack = &s->slacks[i];
        const int64_t low = slack->low == 0 && s->is_bounded ? -far : slack->low;
        const int64_t high = slack->high == range->last && s->is_bounded ? far : slack->high;
        left.low = low - first > left.low ? low - first : left.low;
        left.high = high - first < left.high ? high - first : left.high;
        if (left.low > left.high)
            return false;
    }
    range->offset = left.low < -MAX_LANES ? left.high : left.low;
    range->is_below = range->is_above = false;
    for (unsigned i = 0; i < s->count; i++) {
        range->is_below = range->is_below || formula(range, s->counters[i]) < 0;
        range->is_above = range->is_above || formula(range, s->counters[i]) > range->last;
    }
    return s->count > 0;
}

static bool find_factor(const Slacks *s, unsigned lanes, DirectionRange *range)
{
    for (int64_t factor = 1; factor <= lanes; factor++)
        for (int sign = 1; sign >= -1; sign -= 2) {
            range->factor = sign * factor;
            if (find_offset(s, range))
                return true;
        }
    return false;
}

static bool find_formula(const LaneLoop *loop, const Level *level, DirectionRange *range)
{
    Slacks slacks;
    find_slacks(loop, level, range->width, &slacks);
    range->last = loop->lanes - range->width;
    for (int bounded = 0; bounded < 2; bounded++) {
        slacks.is_bounded = bounded;
        for (range->divisor = 1; range->divisor <= MAX_DIVISOR; range->divisor++)
            for (range->shift = 0; range->shift < range->divisor; range->shift++)
                if (find_factor(&slacks, loop->lanes, range))
                    return true;
    }
    return false;
}

/* ---- the choice ---- */

static unsigned width_by(const LaneLoop *loop, const Level *level)
{
    unsigned width = 0;
    for (unsigned counter = 0; counter < MAX_COUNTER; counter++) {
        const unsigned w = width_of(level->needed[counter]);
        width = w > width ? w : width;
    }
    return rounded_width(width, loop->lanes);
}

static bool is_worth_it(const LaneLoop *loop, unsigned width)
{
    return 4 * width <= 3 * loop->lanes;
}

/* The narrowest; of those, one that changes least often. */
void choose_range(LaneLoop *loop)
{
    DirectionRange best = {.width = rounded_width(width_of(loop->always), loop->lanes), .divisor = 1};
    best.offset = slack_of(loop->always, best.width, loop->lanes).low;
    for (unsigned i = loop->depth; i-- > 0;) {
        const Level *level = &loop->levels[i];
        if (level->is_useless)
            continue;
        DirectionRange range = {.width = width_by(loop, level), .around = level->around};
        if (range.width < best.width && is_worth_it(loop, range.width) && find_formula(loop, level, &range))
            best = range;
    }
    if (!is_worth_it(loop, best.width))
        best = (DirectionRange){.width = loop->lanes, .divisor = 1};
    loop->range = best;
}

LaneSet range_of(const Execution *execution)
{
    const LaneLoop *loop = execution->loop;
    const DirectionRange *range = &loop->range;
    int64_t counter = 0;
    for (unsigned i = 0; i < loop->depth; i++)
        if (loop->levels[i].around == range->around)
            counter = execution->counters[i];
    if (counter < 0) /* there will be another round */
        return lanes_below(loop->lanes);
    const int64_t first = range->around ? within(range, formula(range, counter)) : range->offset;
    return lanes_below(range->width) << first;
}
