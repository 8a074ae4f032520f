#!/usr/bin/env bash
# Installs Debian's Chromium, and fonts for every script that texts come in, for the browser tests and the pictures.
# Where it cannot be had this says so, and nothing fails: the tests themselves then say loudly that they were skipped.
set -euo pipefail

if [ -n "${CHROMIUM:-}" ] || command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null; then exit 0; fi

skip() {
  printf '\n!!! SKIPPED: Chromium was not installed (%s). !!!\n\n' "$1"
  exit 0
}

[ "$(id -u)" = 0 ] || skip 'only root may; as root run scripts/install-chromium.sh, or name a Chromium in CHROMIUM'
command -v apt-get >/dev/null || skip 'there is no apt-get'

readonly log="${TMPDIR:-/tmp}/okta-otp-chromium.log"
{
  apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-core fonts-noto-cjk
} >"$log" 2>&1 || skip "apt-get failed, see $log"
chromium --version
