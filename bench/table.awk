# The table of one program's measurements (harness/main.c says what a line is).
function time(s) {
    return s < 1e-6 ? sprintf("%.0f ns", s * 1e9) : s < 1e-3 ? sprintf("%.3g us", s * 1e6) : sprintf("%.3g ms", s * 1e3)
}
function bytes(n) {
    return n < 10000 ? sprintf("%d B", n) : n < 1e7 ? sprintf("%.0f kB", n / 1e3) : sprintf("%.0f MB", n / 1e6)
}
function head() {
    printf "\n%s\n\n", config
    printf "| kernel | data | primal | hand/primal | adgen/primal | adgen/hand | memory by hand | memory of adgen |\n"
    printf "|---|---|---|---|---|---|---|---|\n"
}
count++ == 0 { head() }
{
    printf "| %s | %s | %s | %.2f | %.2f | %.2f | %s | %s |\n", $1, $2, time($3), $6, $7, $8, bytes($9), bytes($10)
    for (i = 6; i <= 8; i++)
        logs[i] += log($i)
    if ($8 > worst) {
        worst = $8
        name = $1 ", " $2
    }
}
END {
    if (count > 0)
        printf "| **geometric mean** | | | %.2f | %.2f | **%.2f** | | |\n\nworst adgen/hand: %.2f (%s)\n",
               exp(logs[6] / count), exp(logs[7] / count), exp(logs[8] / count), worst, name
}
