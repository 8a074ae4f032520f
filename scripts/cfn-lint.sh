#!/usr/bin/env bash
# Holds the stack's template against cfn-lint, which is Python: in a virtual environment of its own, outside of the clone.
# Where it cannot be had this says so loudly, and nothing fails.
set -euo pipefail
cd "$(dirname "$0")/.."

# The version that the template is known to be clean under; a newer one may ask for something new on any day.
readonly wanted='cfn-lint==1.58.0'
readonly place="${TMPDIR:-/tmp}/okta-otp-cfn-lint"

skip() {
  printf '\n!!! SKIPPED: cfn-lint did not run (%s). The template was only checked by @aws/cloudformation-validate. !!!\n\n' "$1"
  exit 0
}

make_environment() { python3 -m venv "$place" >"$place.log" 2>&1; }

# Debian packs venv apart from Python.
install_venv() { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv; }

if ! make_environment; then
  rm -rf "$place"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then install_venv >"$place.log" 2>&1 || true; fi
  make_environment || skip 'there is no Python with venv'
fi
"$place/bin/python" -m pip install --quiet --disable-pip-version-check "$wanted" || skip "pip could not fetch $wanted"

"$place/bin/cfn-lint" --version
"$place/bin/cfn-lint" --include-checks I -- cloudformation/okta-otp.yaml
printf 'cfn-lint: no findings\n'
