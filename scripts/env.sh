# shellcheck shell=bash
# Sourced by the other scripts: where things lie, and a few words for people.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/lite
venv=$cache/venv-$(sha256sum "$root/scripts/requirements.txt" | cut -c1-12)
PATH=$venv/bin:$PATH:$HOME/.cargo/bin
export PATH

# Compilations that nobody waits for at the keyboard: keep the machine usable.
jobs=${LITE_JOBS:-$(nproc)}

# Paths relative to the tree, so that all clones share what ccache has.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# usage: the comment block at the top of the calling script, without its marks.
usage() { sed -n '2,/^[^#]/{ s/^# \{0,1\}//p }' "$0"; }
