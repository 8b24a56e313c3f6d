# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by packaging/test --all: what takes too long for every landing.

# What has threads of its own. All else is one thread a process.
threaded=(tests_kernel tests_core_rehearsal tests_core_gitops)
threads() { suite tsan -L '^(kernel|core_rehearsal|core_gitops)$'; }

# Ten thousand seeded worlds, a kill at every commit, all journeys: tests read AVIARY_LONG. At full
# speed, with time to spare.
long_sweeps() {
    configure_and_build release release -DAVIARY_TEST_TIMEOUT_S=3600 tests_windowless test_ui_journeys_edgenodes &&
        AVIARY_LONG=1 suite release -LE '^(ui.*|tidy)$'
}

# The whole suite under the other compiler, whose build also counts what the suite reaches.
other_compiler() {
    find build/clang-suite -name '*.gcda' -delete
    suite clang-suite -LE '^journeys$'
}

coverage_of() { # FOLDER PERCENT: of its lines at least that many were reached.
    gcovr --root . --gcov-executable 'llvm-cov-14 gcov' --filter "$1/" --exclude-throw-branches --print-summary \
        --txt "build/coverage-${1//\//-}.txt" --fail-under-line "$2" build/clang-suite/CMakeFiles/"aviary_${1//\//_}"*
}
coverage() { coverage_of core 80 && coverage_of core/kernel 90; }

# All of them run; a limit that one of them misses fails the part in the end.
benchmarks() {
    local bench found=0 missed=0
    configure_and_build release release benches || return 1
    for bench in build/release/bin/bench_*; do
        found=1
        QT_QPA_PLATFORM=offscreen "$bench" || { echo "missed: $bench"; missed=1; }
    done
    [ $found = 1 ] && [ $missed = 0 ]
}

# Runs every program of the package that stands below PREFIX.
programs_answer() { # PREFIX
    local program
    for program in "$1"/usr/bin/aviary*; do
        "$program" --help >/dev/null || return 1
    done
}

# The package is installed on this system only where that cannot hurt: in a chroot or a CI job, as
# root, when no other copy is there. Elsewhere it is unpacked and run from where it lies.
package() {
    local deb tree paths path
    rm -f build/release/*.deb
    ninja -C build/release aviary_package || return 1
    deb=$(ls "$root"/build/release/*.deb)
    lintian --fail-on error,warning "$deb" || return 1
    if [ "$(id -u)" = 0 ] && ! dpkg -s aviary >/dev/null 2>&1 && { ischroot || [ -n "${CI:-}" ]; }; then
        DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$deb" || return 1
        paths=$(dpkg -L aviary | grep -v '/$')
        programs_answer "" && man -w aviary aviaryd aviary-plan >/dev/null || return 1
        apt-get purge -q -y aviary || return 1
        for path in $paths; do
            [ -d "$path" ] || [ ! -e "$path" ] || { echo "left behind: $path"; return 1; }
        done
    else
        tree=$(mktemp -d)
        dpkg-deb -x "$deb" "$tree" && programs_answer "$tree" || return 1
        rm -rf "$tree"
    fi
}

desktop_files() {
    desktop-file-validate packaging/desktop/*.desktop &&
        appstreamcli validate --no-net packaging/desktop/*.metainfo.xml
}

report "clang-tidy on all that changed" tidy 36000 < <(changed_sources)
if part "build (clang)" configure_and_build clang-suite clang -DAVIARY_PCH=ON \
    -DCMAKE_CXX_FLAGS_DEBUG="-O1 -g1 --coverage"; then
    part "suite (clang)" other_compiler
    part "coverage of core and kernel" coverage
fi
part "build (g++, TSan)" configure_and_build tsan tsan "${threaded[@]}" && part "suite (g++, TSan)" threads
part "long sweeps (g++, -O2)" long_sweeps
part "benchmarks" benchmarks
part "package: build, install, run, remove" package
part "desktop entry and AppStream" desktop_files
