#!/usr/bin/env bash
# Installs Debian's Chromium, and fonts for every script that texts come in, for the browser tests and the pictures: what
# of them is missing. Where something cannot be had this says so, and nothing fails: without Chromium the tests themselves
# then say loudly that they were skipped, and without the fonts their pictures show boxes.
set -euo pipefail

has_chromium() {
  [ -n "${CHROMIUM:-}" ] || command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null
}

has_font() { [ -n "$(fc-list "$1" family 2>/dev/null)" ]; }

wanted=()
has_chromium || wanted+=(chromium)
# fc-list, by which fonts are found.
command -v fc-list >/dev/null || wanted+=(fontconfig)
{ has_font 'Noto Sans Arabic' && has_font 'Noto Sans Hebrew' && has_font 'Noto Sans Thai'; } || wanted+=(fonts-noto-core)
has_font 'Noto Sans CJK JP' || wanted+=(fonts-noto-cjk)
[ ${#wanted[@]} -gt 0 ] || exit 0

skip() { printf '\n!!! SKIPPED: %s was not installed (%s). !!!\n\n' "$1" "$2"; }

if [ "$(id -u)" != 0 ]; then
  skip "${wanted[*]}" 'only root may; as root run scripts/install-chromium.sh, or name a Chromium in CHROMIUM'
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  skip "${wanted[*]}" 'there is no apt-get'
  exit 0
fi

readonly log="${TMPDIR:-/tmp}/okta-otp-chromium.log"
apt-get update -qq >"$log" 2>&1 || true
# One by one: what cannot be had is no reason to go without the others.
for package in "${wanted[@]}"; do
  if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >>"$log" 2>&1; then
    printf '%s is installed\n' "$package"
  else
    skip "$package" "apt-get failed, see $log"
  fi
done
