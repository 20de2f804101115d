# adgen_generate(TARGET target SOURCES file.c... [OUTPUT name.c] [OPTIONS option...])
#
# Differentiates C files at build time and adds the generated files to the target.
#
#   TARGET   an executable or library of this project
#   SOURCES  annotated C files; each FILE.c gives FILE_grad.c and FILE_grad.h
#   OUTPUT   one output for all the sources together, differentiated across their files
#   OPTIONS  options for adgen, such as -f "loss: grad, wrt(w)"
#
# adgen sees the include folders, the definitions and the C standard of the target. It runs again when
# a source or a header that the source includes has changed. The target can include the generated header
# by its name, and is linked with libadgen.

cmake_policy(PUSH)
cmake_policy(VERSION 3.25)

# The flags of `target` that matter for reading a file, as a list of generator expressions.
function(_adgen_flags target result)
  set(includes "$<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>")
  set(definitions "$<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>")
  set(options "$<TARGET_PROPERTY:${target},COMPILE_OPTIONS>")
  set(standard "$<TARGET_PROPERTY:${target},C_STANDARD>")
  set(dialect "$<IF:$<STREQUAL:$<TARGET_PROPERTY:${target},C_EXTENSIONS>,OFF>,c,gnu>")
  set(${result}
    "$<$<BOOL:${standard}>:-std=${dialect}${standard}>"
    "$<$<BOOL:${includes}>:-I$<JOIN:${includes},$<SEMICOLON>-I>>"
    "$<$<BOOL:${definitions}>:-D$<JOIN:${definitions},$<SEMICOLON>-D>>"
    "$<FILTER:${options},INCLUDE,^-(std=|I|D|U)>"
    PARENT_SCOPE)
endfunction()

# One run of adgen: `sources` (full paths) to `output` in `folder`.
function(_adgen_command target folder output sources options)
  get_filename_component(stem "${output}" NAME_WLE)
  set(generated ${folder}/${stem}.c)
  set(header ${folder}/${stem}.h)
  get_source_file_property(known ${generated} GENERATED)
  if(known)
    message(FATAL_ERROR "adgen_generate: two sources of ${target} would both give ${output}; "
                        "name the outputs with OUTPUT")
  endif()
  _adgen_flags(${target} flags)
  add_custom_command(
    OUTPUT ${generated} ${header}
    COMMAND $<TARGET_FILE:adgen::compiler> ${flags} ${options} ${sources} -o ${generated}
            -MD -MF ${generated}.d
    DEPENDS ${sources} $<TARGET_FILE:adgen::compiler>
    DEPFILE ${generated}.d
    COMMENT "Differentiating into ${output}"
    COMMAND_EXPAND_LISTS VERBATIM)
  target_sources(${target} PRIVATE ${generated} ${header})
endfunction()

function(adgen_generate)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "TARGET;OUTPUT" "SOURCES;OPTIONS")
  if(NOT TARGET "${arg_TARGET}")
    message(FATAL_ERROR "adgen_generate: TARGET '${arg_TARGET}' is not a target")
  endif()
  if(NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "adgen_generate(TARGET target SOURCES file.c... [OUTPUT name.c] "
                        "[OPTIONS option...]), not '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/adgen/${arg_TARGET})
  file(MAKE_DIRECTORY ${folder})
  list(TRANSFORM arg_SOURCES REPLACE "^([^/$].*)$" "${CMAKE_CURRENT_SOURCE_DIR}/\\1")
  if(arg_OUTPUT)
    _adgen_command(${arg_TARGET} ${folder} "${arg_OUTPUT}" "${arg_SOURCES}" "${arg_OPTIONS}")
  else()
    foreach(source ${arg_SOURCES})
      get_filename_component(stem ${source} NAME_WLE)
      _adgen_command(${arg_TARGET} ${folder} ${stem}_grad.c "${source}" "${arg_OPTIONS}")
    endforeach()
  endif()
  # Properties, not target_link_libraries: that would force its keyword form upon the caller.
  target_include_directories(${arg_TARGET} PRIVATE ${folder})
  set_property(TARGET ${arg_TARGET} APPEND PROPERTY LINK_LIBRARIES adgen::adgen)
  set_property(TARGET ${arg_TARGET} APPEND PROPERTY INTERFACE_LINK_LIBRARIES
               $<LINK_ONLY:adgen::adgen>)
endfunction()

cmake_policy(POP)
