# Of generated code, what is not the same as in another build: awk -v names='f g h' -f differing.awk DEFAULT.c OTHER.c
#
# Prints OTHER.c without those of the named functions of which all that was made (f_vjp, f_jvp, ...) is the same, to the byte, as in DEFAULT.c:
# it need not be compiled and run once more. A function that belongs to none of the names (a static one for several) counts with all that
# mention it. Nothing is left out if what stands in front of the functions differs; and nothing
# is printed if there is no difference.
function finish() { # a function ends, and what stood in front of it since the last
    if (number[file]++ == 0) {
        for (at = length(text); at > 0 && substr(text, at, 3) != "\n{\n"; at--) {}
        while (at > 0 && substr(text, at, 2) != "\n\n") at-- # what stands before the first function, its comment not
        head[file] = substr(text, 1, at)
        text = substr(text, at + 1)
        beside[file] = head[file]
        sub(/#include "[^"]*"/, "", beside[file]) # its header
    }
    name[file, number[file]] = called()
    chunk[file, number[file]] = text
    all[file, owner(called())] = all[file, owner(called())] text
    text = ""
}
function called(    line, lines, i) { # the name of the function in the text
    lines = split(text, line, "\n")
    for (i = 1; i <= lines; i++)
        if (line[i] ~ /^[a-z].*\(/ && match(line[i], /[a-zA-Z0-9_]+\(/)) return substr(line[i], RSTART, RLENGTH - 1)
    return ""
}
function owner(of) { # the longest name that it begins with
    while (of != "" && !(of in wanted)) if (!sub(/_[^_]*$/, "", of)) of = ""
    return of
}
BEGIN { count = split(names, list, " "); for (i = 1; i <= count; i++) wanted[list[i]] }
FNR == 1 { file++; text = "" }
{ text = text $0 "\n" }
$0 == "}" { finish() }
END {
    for (i = 1; i <= number[2]; i++) {
        of = owner(name[2, i])
        differs[i] = beside[1] != beside[2] || (of == "" ? index(all[1, ""], chunk[2, i]) == 0 : all[1, of] != all[2, of])
    }
    do { # what mentions a shared function that differs, and all of the same name
        more = 0
        for (i = 1; i <= number[2]; i++) {
            if (!differs[i]) continue
            of = owner(name[2, i])
            for (k = 1; k <= number[2]; k++)
                if (!differs[k] && (of != "" ? owner(name[2, k]) == of : index(chunk[2, k], name[2, i] "(") > 0)) differs[k] = more = 1
        }
    } while (more)
    do { # and what they call
        more = 0
        for (i = 1; i <= number[2]; i++) {
            if (!differs[i]) continue
            for (k = 1; k <= number[2]; k++)
                if (!differs[k] && owner(name[2, k]) == "" && index(chunk[2, i], name[2, k] "(") > 0) differs[k] = more = 1
        }
    } while (more)
    for (i = 1; i <= number[2]; i++)
        if (differs[i]) printf "%s%s", head_printed++ ? "" : head[2], chunk[2, i]
}
