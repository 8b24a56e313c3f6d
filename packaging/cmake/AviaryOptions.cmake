# SPDX-License-Identifier: GPL-3.0-or-later
# Language, warnings, sanitizers and the compiler cache: the same for every target.
option(AVIARY_TESTS "Build the tests" ON)
option(AVIARY_BENCH "Build the benchmarks" OFF)
option(AVIARY_FUZZ "Build the libFuzzer harnesses of tests/fuzz (clang only)" OFF)
option(AVIARY_WERROR "Treat warnings as errors" OFF)
set(AVIARY_TEST_TIMEOUT_S 300 CACHE STRING "Seconds that one test program may take")
set(AVIARY_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them: address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# One target, autogen, makes what moc makes: clang-tidy reads it without a build.
set(CMAKE_GLOBAL_AUTOGEN_TARGET ON)
set(CMAKE_AUTOGEN_ORIGIN_DEPENDS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(AVIARY_CCACHE ccache)
if(AVIARY_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Two checkouts of the same text share objects; precompiled headers need the sloppiness.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${AVIARY_CCACHE})
endif()

# One interface target carries what every translation unit is compiled with.
add_library(aviary_build INTERFACE)
target_include_directories(aviary_build INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(aviary_build INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  # Same seeds, same bytes: no fused multiply-add, no reassociation.
  -ffp-contract=off)
if(AVIARY_WERROR)
  target_compile_options(aviary_build INTERFACE -Werror)
endif()
if(AVIARY_SANITIZE)
  target_compile_options(aviary_build INTERFACE -fsanitize=${AVIARY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(aviary_build INTERFACE -fsanitize=${AVIARY_SANITIZE})
  # What tests, and the programs that they start, run with.
  set(AVIARY_SANITIZER_ENVIRONMENT
      "ASAN_OPTIONS=detect_leaks=1:check_initialization_order=1:strict_init_order=1"
      "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/packaging/sanitizers/leaks.txt:print_suppressions=0"
      "UBSAN_OPTIONS=print_stacktrace=1"
      "TSAN_OPTIONS=halt_on_error=1:ignore_noninstrumented_modules=1:suppressions=${CMAKE_SOURCE_DIR}/packaging/sanitizers/races.txt")
endif()
