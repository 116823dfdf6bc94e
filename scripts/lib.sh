# shellcheck shell=bash
# What the scripts share; sourced, not run. Sets `root`, the checkout's folder, and goes there.

set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
cd -- "$root"

# Progress goes to standard error, so that a script's standard output stays its result.
say() { printf '==> %s\n' "$*" >&2; }

fail() {
  local code=$1
  shift
  printf 'error: %s\n' "$1" >&2
  shift
  if [ $# -gt 0 ]; then printf 'hint: %s\n' "$@" >&2; fi
  exit "$code"
}

have() { command -v "$1" >/dev/null 2>&1; }

have_server() {
  local bin
  for bin in /usr/lib/postgresql/*/bin; do
    if [ -x "$bin/initdb" ] && [ -x "$bin/postgres" ]; then return 0; fi
  done
  have initdb && have postgres
}

have_libpq() { have pkg-config && pkg-config --exists libpq; }
have_zlib() { have pkg-config && pkg-config --exists zlib; }

# Installs the Debian packages that are missing; asks nothing, and does nothing where all is there.
need_packages() {
  local missing=()
  # pkg-config is how the build finds the headers of libpq and zlib.
  have pkg-config || missing+=(pkg-config)
  have_libpq || missing+=(libpq-dev)
  have_zlib || missing+=(zlib1g-dev)
  have_server || missing+=(postgresql)
  if [ ${#missing[@]} -eq 0 ]; then return 0; fi

  local admin=()
  if [ "$(id -u)" -ne 0 ]; then
    if have sudo && sudo -n true 2>/dev/null; then
      admin=(sudo -n)
    else
      fail 69 "missing: ${missing[*]}" \
        "an administrator has to run: apt-get install -y --no-install-recommends ${missing[*]}"
    fi
  fi
  have apt-get || fail 69 "missing: ${missing[*]}, and there is no apt-get to install them" \
    "install PostgreSQL's server and libpq's headers the way this system does"
  say "installing ${missing[*]}"
  local log
  log=$(mktemp)
  if ! install_packages "${missing[@]}" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f -- "$log"
    fail 69 "apt-get could not install ${missing[*]}"
  fi
  rm -f -- "$log"
}

# Package lists may be missing or old (a fresh container has none), hence the second attempt.
install_packages() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120)
  local install=("${admin[@]}" "${apt[@]}" install -y --no-install-recommends "$@")
  "${install[@]}" </dev/null || {
    "${admin[@]}" "${apt[@]}" update </dev/null && "${install[@]}" </dev/null
  }
}

need_swift() {
  have swift || fail 69 "the Swift toolchain is not installed (6.3 or later)" \
    "see https://www.swift.org/install/linux/"
  local version
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p')
  case $version in
    [0-5].* | 6.[0-2]) fail 69 "Swift $version is too old: 6.3 or later is needed" \
      "see https://www.swift.org/install/linux/" ;;
  esac
}

# A checkout that belongs to another user, as in most CI containers, is one that git refuses to
# look at, and so is a mirror of packages on this machine. SwiftPM asks git about both and about its own
# caches; the exception is for this run alone. In a file, because a git that serves a repository to
# another git drops what the environment says of configuration, but not where the file is.
trust_checkout() {
  trusting=$(mktemp)
  trap 'rm -f -- "$trusting"' EXIT
  {
    printf '[include]\n'
    if [ -n "${GIT_CONFIG_GLOBAL:-}" ]; then
      printf '\tpath = "%s"\n' "$GIT_CONFIG_GLOBAL"
    elif [ -n "${HOME:-}" ]; then
      printf '\tpath = "%s"\n' "${XDG_CONFIG_HOME:-$HOME/.config}/git/config" "$HOME/.gitconfig"
    fi
    printf '[safe]\n\tdirectory = *\n'
  } >"$trusting"
  export GIT_CONFIG_GLOBAL=$trusting
  # Never wait for a name or a password.
  export GIT_TERMINAL_PROMPT=0
}

# The options of every `swift build` and `swift test`: where the build goes, and SwiftPM's caches where
# there is no home directory to hold them.
build_options=()
if [ -n "${CEM_BUILD_DIR:-}" ]; then build_options+=(--scratch-path "$CEM_BUILD_DIR"); fi
if [ ! -w "${HOME:-/nonexistent}" ]; then
  caches=${CEM_BUILD_DIR:-.build}/home
  build_options+=(
    --cache-path "$caches/cache" --config-path "$caches/config" --security-path "$caches/security")
fi
