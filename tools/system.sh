#!/usr/bin/env bash
# What the tests need from the system; installed when we may, else told exactly.
set -uo pipefail
missing=()
need() { dpkg -s "$1" >/dev/null 2>&1 || missing+=("$1"); }
[ -x /usr/bin/chromium ] || missing+=(chromium)
command -v pdftoppm >/dev/null || missing+=(poppler-utils)
command -v java >/dev/null || missing+=(openjdk-17-jre-headless)
if command -v dpkg >/dev/null; then
  need fonts-noto-cjk; need libpango-1.0-0; need libpangoft2-1.0-0; need libharfbuzz-subset0
  [ -d /usr/lib/postgresql ] && ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing+=(postgresql)
fi
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing ${missing[*]} ..."
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null && exit 0
fi
echo "The tests need packages that could not be installed. Run:"
echo "  sudo apt-get update && sudo apt-get install -y ${missing[*]}"
exit 1
