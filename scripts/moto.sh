#!/usr/bin/env bash
# Runs the commands against the moto server, an AWS in Python: in a virtual environment of its own, outside of the clone.
# Where it cannot be had this says so loudly, and nothing fails.
set -euo pipefail
cd "$(dirname "$0")/.."

# What the tests say of its limits holds for this version.
readonly wanted='moto[server]==5.2.5'
readonly place="${TMPDIR:-/tmp}/okta-otp-moto"

if ! why=$(scripts/python-environment.sh "$place" "$wanted"); then
  printf '\n!!! SKIPPED: npm run test:aws did not run (%s). No command was tried against moto. !!!\n\n' "$why"
  # Where skipping is no option, as on a build server.
  [ -z "${MOTO_REQUIRED:-}" ] || exit 1
  exit 0
fi

MOTO_SERVER="$place/bin/moto_server" node node_modules/vitest/vitest.mjs run --config vitest.aws.config.ts "$@"
