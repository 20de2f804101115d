# Of generated code, what is not the same as in another build, program by program: awk -f differing.awk DEFAULT.c OTHER.c
#
# Prints OTHER.c without the programs whose functions are all the same, to the byte, in DEFAULT.c, so that they need not be compiled and run
# once more. Nothing is left out if what stands in front of the functions, or a function of no program, differs.
function finish() { # a function ends, and what stood in front of it since the last
    if (number[file]++ == 0) {
        for (at = length(text); at > 0 && substr(text, at, 3) != "\n{\n"; at--) {}
        while (at > 0 && substr(text, at, 2) != "\n\n") at-- # what stands before the first function, its comment not
        head[file] = substr(text, 1, at)
        text = substr(text, at + 1)
        beside[file] = head[file]
        sub(/#include "[^"]*"/, "", beside[file]) # its header
    }
    of = match(text, /(^|[^a-zA-Z0-9_])p[0-9]+_/) ? substr(text, RSTART, RLENGTH) : ""
    gsub(/[^p0-9]/, "", of)
    program[file, number[file]] = of
    chunk[file, number[file]] = text
    all[file, of] = all[file, of] text
    text = ""
}
FNR == 1 { file++; text = "" }
{ text = text $0 "\n" }
$0 == "}" { finish() }
END {
    nothing_left_out = beside[1] != beside[2] || all[1, ""] != all[2, ""]
    printf "%s", head[2]
    for (i = 1; i <= number[2]; i++)
        if (nothing_left_out || program[2, i] == "" || all[1, program[2, i]] != all[2, program[2, i]])
            printf "%s", chunk[2, i]
}
