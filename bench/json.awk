# The measurements of all programs as JSON: an array of objects. Times in seconds per call.
BEGIN { print "[" }
{
    printf "%s  {\"build\": \"%s\", \"kernel\": \"%s\", \"data\": \"%s\", \"primal\": %s, \"hand\": %s, \"adgen\": %s, ", \
           (NR > 1 ? ",\n" : ""), $1, $2, $3, $4, $5, $6
    printf "\"hand_to_primal\": %s, \"adgen_to_primal\": %s, \"adgen_to_hand\": %s, ", $7, $8, $9
    printf "\"hand_bytes\": %s, \"adgen_bytes\": %s}", $10, $11
}
END { print NR ? "\n]" : "]" }
