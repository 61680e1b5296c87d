# shellcheck shell=bash
# Sourced by the suites: counting, and running Meson's tests.

# shellcheck source=scripts/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/../env.sh"
passed=0 failed=0 skipped=0

# check NAME COMMAND...: counts one test by the command's exit status; 77 is a skip.
check() {
  local name=$1 status=0
  shift
  "$@" || status=$?
  case $status in
    0) passed=$((passed + 1)); say "ok       $name" ;;
    77) skipped=$((skipped + 1)); say "skipped  $name" ;;
    *) failed=$((failed + 1)); say "FAILED   $name (exit status $status)" ;;
  esac
}

# meson_tests VARIANT ARGUMENT...: builds, runs `meson test`, and counts the single tests of each program.
meson_tests() {
  "$root/scripts/build" "$1"
  run_meson_tests "$@"
}

# meson_suites VARIANT SUITE...: the same for some of Meson's suites; builds no more than they need.
meson_suites() {
  local variant=$1 targets
  shift
  "$root/scripts/build" "$variant" build.ninja
  read -ra targets <<<"$(python3 "$root/scripts/suites/test_targets.py" "$root/build/$variant" "$@")"
  "$root/scripts/build" "$variant" "${targets[@]}"
  run_meson_tests "$variant" "${@/#/--suite=}"
}

run_meson_tests() {
  local dir=$root/build/$1
  shift
  rm -f "$dir/meson-logs/testlog.junit.xml"
  meson test -C "$dir" --no-rebuild --print-errorlogs --num-processes "$jobs" --timeout-multiplier 4 "$@" || true
  read -r p f s <<<"$(python3 "$root/scripts/suites/count_junit.py" "$dir/meson-logs/testlog.junit.xml")"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

finish() {
  say "suite $(basename "$0"): $passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ]
}
