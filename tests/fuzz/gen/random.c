/* Random choices. */
#include "gen.h"

/* splitmix64 (Steele, Lea, Flood 2014): any seed will do, neighbouring ones too. */
uint64_t gen_random(Gen *g)
{
    uint64_t z = g->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

int gen_below(Gen *g, int count)
{
    return count <= 1 ? 0 : (int)(gen_random(g) % (uint64_t)count);
}

int gen_between(Gen *g, int low, int high)
{
    return low + gen_below(g, high - low + 1);
}

bool gen_percent(Gen *g, int percent)
{
    return gen_below(g, 100) < percent;
}

bool gen_option(Gen *g, Feature feature)
{
    const bool yes = gen_percent(g, g->weights[feature]);
    g->counts[feature] += yes;
    return yes;
}

/* One of the features from first up to behind, by weight. */
Feature gen_draw(Gen *g, Feature first, Feature behind)
{
    int sum = 0;
    for (int f = (int)first; f < (int)behind; f++)
        sum += g->weights[f];
    int at = gen_below(g, sum);
    for (int f = (int)first; f < (int)behind; f++) {
        at -= g->weights[f];
        if (at < 0)
            return (Feature)f;
    }
    return first;
}
