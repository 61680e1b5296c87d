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

# says TEXT COMMAND...: the command fails, and its output has the text.
says() {
  local text=$1 output
  output=$root/build/logs/says-$(basename "$0").txt
  shift
  if "$@" >"$output" 2>&1; then return 1; fi
  grep -F -- "$text" "$output" || { cat "$output"; return 1; }
}

# old_library FILE: makes a library that claims to be ours, but has next to nothing of it.
old_library() {
  echo 'int LITE_check_version(int a, int b) { return 0 * (a + b); } const char* LITE_get_last_error(void) { return ""; }' |
    cc -shared -fPIC -x c -o "$1" -
}

# quickstart LANGUAGE: does what docs/quickstart says, from an empty folder on.
quickstart() {
  local folder=$root/build/quickstart/$1
  rm -rf "$folder"
  mkdir -p "$folder"
  # The first block builds the library.
  awk '$0 == "```sh" { ++block; on = 1; next } $0 == "```" { on = 0 } on && block == 2' \
    "$root/docs/quickstart/$1.md" >"$folder.sh"
  (cd "$folder" && env LITE="$root" bash -euo pipefail "$folder.sh") | tee "$folder.txt"
  grep -q '^It is a 7 ' "$folder.txt"
}

# readme LANGUAGE PROGRAM COMMAND...: does what the README's section of that language says, in a folder like the source tree: its
# commands, then the command with the program.
readme() {
  local language=$1 program=$2 mark=${1,,} tree
  mark=${mark/c#/csharp}
  tree=$root/build/readme/$mark
  shift 2
  rm -rf "$tree"
  mkdir -p "$tree"
  ln -s "$root"/{bindings,build,csharp,examples,go,rust} "$tree"
  block() { awk -v section="## $language" -v mark='```'"$1" \
    '/^## / { here = $0 == section } here && $0 == mark { on = 1; next } $0 == "```" { on = 0 } on' "$root/README.md"; }
  { block sh; echo "cat >$program <<'END_OF_PROGRAM'"; block "$mark"; echo END_OF_PROGRAM; echo "$*"; } >"$tree.sh"
  (cd "$tree" && env -u LITE_LIBRARY bash -euo pipefail "$tree.sh") | tee "$tree.txt"
  grep -q 'zero? [0-9]' "$tree.txt" # Maven resets the terminal's colours before it
}

# The models of bench/models.py, in $models.
make_models() {
  models=$cache/models-$(sha256sum "$root/bench/models.py" | cut -c1-12)
  [ -e "$models/ready" ] && return
  python3 "$root/bench/models.py" "$models" --int8
  touch "$models/ready"
}

# meson_tests VARIANT ARGUMENT...: builds, runs `meson test`, and counts the single tests of each program.
meson_tests() {
  "$root/scripts/build" "$1"
  run_meson_tests "$@"
}

# meson_suites VARIANT ARGUMENT...: the same, but builds no more than what is tested needs. The arguments are --suite=NAME and
# --no-suite=NAME.
meson_suites() {
  local variant=$1 targets
  shift
  "$root/scripts/build" "$variant" build.ninja
  read -ra targets <<<"$(python3 "$root/scripts/suites/test_targets.py" "$root/build/$variant" "$@")"
  "$root/scripts/build" "$variant" "${targets[@]}"
  run_meson_tests "$variant" "$@"
}

run_meson_tests() {
  local dir=$root/build/$1
  shift
  rm -f "$dir/meson-logs/testlog.junit.xml"
  meson test -C "$dir" --no-rebuild --print-errorlogs --num-processes "$jobs" --timeout-multiplier 10 "$@" || true
  read -r p f s <<<"$(python3 "$root/scripts/suites/count_junit.py" "$dir/meson-logs/testlog.junit.xml")"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

finish() {
  say "suite $(basename "$0"): $passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ]
}
