# Finds libclang, the C interface of clang: the newest one that is installed and new enough.
#
# Looks below LibClang_ROOT, then in Debian's /usr/lib/llvm-*, then where every library is looked for.
# Defines the target LibClang::LibClang, and LibClang_VERSION (the major version).
include(FindPackageHandleStandardArgs)

file(GLOB prefixes /usr/lib/llvm-* /usr/local/opt/llvm* /opt/homebrew/opt/llvm*)
list(SORT prefixes COMPARE NATURAL ORDER DESCENDING)
list(PREPEND prefixes ${LibClang_ROOT} $ENV{LibClang_ROOT})

# The version of the libclang below `prefix`, from the folder of clang's own headers; 0: unknown.
function(_libclang_version prefix result)
  file(GLOB headers ${prefix}/lib/clang/* ${prefix}/lib64/clang/*)
  list(SORT headers COMPARE NATURAL ORDER DESCENDING)
  list(APPEND headers "0")
  list(GET headers 0 newest)
  get_filename_component(version "${newest}" NAME)
  set(${result} ${version} PARENT_SCOPE)
endfunction()

foreach(prefix ${prefixes} /usr/local /usr)
  if(LibClang_INCLUDE_DIR AND LibClang_LIBRARY)
    break()
  endif()
  if(NOT EXISTS ${prefix}/include/clang-c/Index.h)
    continue()
  endif()
  _libclang_version(${prefix} version)
  if(version VERSION_LESS "${LibClang_FIND_VERSION}")
    continue()
  endif()
  find_library(LibClang_LIBRARY NAMES clang clang-${version} PATHS ${prefix}
               PATH_SUFFIXES lib lib64 NO_DEFAULT_PATH)
  if(LibClang_LIBRARY)
    set(LibClang_INCLUDE_DIR ${prefix}/include CACHE PATH "Folder of clang-c/Index.h")
    set(LibClang_VERSION ${version} CACHE INTERNAL "Version of libclang")
  endif()
endforeach()

find_package_handle_standard_args(LibClang
  REQUIRED_VARS LibClang_LIBRARY LibClang_INCLUDE_DIR
  VERSION_VAR LibClang_VERSION
  REASON_FAILURE_MESSAGE "on Debian and Ubuntu: apt-get install libclang-19-dev")
mark_as_advanced(LibClang_LIBRARY LibClang_INCLUDE_DIR)

if(LibClang_FOUND AND NOT TARGET LibClang::LibClang)
  add_library(LibClang::LibClang UNKNOWN IMPORTED)
  set_target_properties(LibClang::LibClang PROPERTIES
    IMPORTED_LOCATION ${LibClang_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${LibClang_INCLUDE_DIR})
endif()
