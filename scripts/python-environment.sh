#!/usr/bin/env bash
# Makes a Python virtual environment in a folder outside of the clone and installs a package there:
#   scripts/python-environment.sh <folder> <package==version>
# Prints nothing when that worked; else the reason, in a few words, and ends with 1.
set -euo pipefail

readonly place=$1 wanted=$2
readonly log="$place.log"

make_environment() { python3 -m venv "$place" >"$log" 2>&1; }

# Debian packs venv apart from Python.
install_venv() { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv; }

if ! make_environment; then
  rm -rf "$place"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then install_venv >"$log" 2>&1 || true; fi
  make_environment || { printf 'there is no Python with venv'; exit 1; }
fi
"$place/bin/python" -m pip install --quiet --disable-pip-version-check "$wanted" >"$log" 2>&1 ||
  { printf 'pip could not fetch %s' "$wanted"; exit 1; }
