# Sourced by the other scripts: the tree's root, and how they speak.
# shellcheck shell=bash
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
self=$root/script/${0##*/}

say() { printf '%s\n' "$*" >&2; }
die() { printf '%s: %s\n' "${self##*/}" "$*" >&2; exit 1; }
usage() { sed -n '2,/^[^#]/ s/^# \{0,1\}//p' "$self"; }

# The presets of CMakePresets.json that a person names.
preset_names() { sed -n 's/^ *{"name": "\([a-z]*\)", "steps".*/\1/p' CMakePresets.json; }

# configure PRESET [FOLDER]: quiet unless it fails; ccache is used where it is installed. FOLDER is the preset's own
# unless given.
configure() {
  local log
  local arguments=(--preset "$1")
  if [ -n "${2:-}" ]; then arguments+=(-B "$2"); fi
  if command -v ccache >/dev/null; then arguments+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
  if ! log=$(cmake "${arguments[@]}" 2>&1); then
    printf '%s\n' "$log" >&2
    die "configuring preset '$1' failed (above)"
  fi
}
