#!/usr/bin/env bash
# Every measurement, side by side with its peer; each prints ratios.
set -uo pipefail
status=0
for script in bench/*.py; do
  case "$script" in bench/__init__.py|bench/_*) continue;; esac
  printf '\n== %s\n' "$script"
  python "$script" "$@" || status=1
done
exit $status
