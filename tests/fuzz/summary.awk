# Adds up what runs of random programs have logged: awk -f summary.awk LOG... Exit status 1 if there were mismatches, or no programs.
$1 == "SEEDS" { ranges = $2 == behind ? substr(ranges, 1, length(ranges) - length(behind)) $3 : ranges " " $2 ".." $3; behind = $3 }
$1 == "PROGRAMS" && NF == 3 { programs += $2; kinds[$3] += $2 }
$1 == "COUNT" { constructs[$2] += $3; if (!($2 in order)) { order[$2] = ++features; name[features] = $2 } }
$1 == "REFUSED" { refused++; $1 = $2 = ""; gsub(/'p[0-9]+[^' ]*'/, "it"); why[$0]++ }
$1 == "REFUSED-UNOPTIMISED" { unoptimised++ }
$1 == "NOT-FINITE" { wild++ }
$1 == "INTERPRETED" { interpreted += $2 }
$1 == "NO-DIFFERENCES" { points += $3 }
$1 == "FAILED" && !($2 in failed) { failed[$2] = $3; mismatches++; list = list " " $2 }
END {
    printf "seeds%s: %d programs compared (%d of them widely, %d deeply), %d refused (%.2f%%), %d left the finite numbers\n",
        ranges, programs, kinds["wide"], kinds["deep"], refused, 100 * refused / (programs + refused + !programs), wild
    if (interpreted) printf "interpreted with dual numbers: %d\n", interpreted
    printf "points without finite differences (a decision changes nearby): %d of %d\n", points, 4 * programs
    if (unoptimised) printf "left out because they need an optimisation that one build switches off: %d\n", unoptimised
    for (w in why) printf "refused %d:%s\n", why[w], w
    printf "constructs:"
    for (i = 1; i <= features; i++) printf " %s %d%s", name[i], constructs[name[i]], i < features ? "," : "\n"
    printf "%d mismatches%s\n", mismatches, mismatches ? ":" list : ""
    if (refused * 100 > programs) print "more than 1% of the programs were refused"
    exit mismatches > 0 || programs == 0
}
