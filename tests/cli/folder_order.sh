# The folders of the compiler are layers: an include points to the same folder or up this list. Only
# frontend/ sees libclang; only base/ calls malloc in the compiler, and one file in the runtime.
. "$SOURCE_DIR/tests/cli/lib.sh"
order='base ir rules analysis transform diff frontend backend driver'
cd "$SOURCE_DIR/compiler"

for folder in *; do
  [ ! -d "$folder" ] || case " $order " in *" $folder "*) ;; *) fail "compiler/$folder is in no order" ;; esac
done

above=''
for folder in $order; do
  above="$above $folder"
  # "file:line:folder/header.h" for every include of a header of the project
  grep -nE '^ *# *include +"' "$folder"/*.c "$folder"/*.h "$folder"/*.def 2> /dev/null |
    sed 's/ *# *include *"\([^"]*\)".*/\1/' |
    while IFS=: read -r file line header; do
      [ -e "$header" ] || fail "compiler/$file:$line: \"$header\" is not named by its path"
      case " $above " in
        *" ${header%%/*} "*) ;;
        *) fail "compiler/$file:$line: $folder/ must not include \"$header\"" ;;
      esac
    done || exit 1
done

! grep -rn 'clang-c/' --include='*.[ch]' --exclude-dir=frontend . || fail "libclang outside frontend/"
! grep -rnwE 'malloc|calloc|realloc' --include='*.c' --exclude-dir=base . |
  grep -vE '"[^"]*(malloc|calloc|realloc)[^"]*"|^[^:]*:[0-9]*: *(/?\*|//)|/\*.*(malloc|calloc|realloc)' ||
  fail "memory is taken outside base/"
cd "$SOURCE_DIR/runtime"
! grep -lwE 'malloc *\(|calloc *\(|realloc *\(' ./*.c | grep -v '^./memory.c$' ||
  fail "memory is taken outside runtime/memory.c"
