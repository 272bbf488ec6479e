#!/usr/bin/env bash
# The tests that touch the database, on Debian's PostgreSQL 15, in a throw-away cluster of its own.
set -euo pipefail
export PATH="$PWD/.venv/bin:$PATH"
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
folder=$(mktemp -d)
as_postgres() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/bash -c "$1"; else bash -c "$1"; fi; }
[ "$(id -u)" = 0 ] && chown postgres "$folder"
trap 'as_postgres "$bin/pg_ctl -D $folder/data -m immediate stop >/dev/null" || true; rm -rf "$folder"' EXIT
as_postgres "$bin/initdb -D $folder/data -U postgres --auth=trust --encoding=utf8 --no-locale >/dev/null"
as_postgres "$bin/pg_ctl -D $folder/data -w -o '-h \"\" -k $folder -c fsync=off -c synchronous_commit=off -c full_page_writes=off' -l $folder/log start >/dev/null"
echo "PostgreSQL $("$bin/postgres" --version)"
DATABASE_URL="postgresql://postgres@/postgres?host=$folder" python -m pytest -q -n 2 --dist loadfile \
  tests/kernel tests/ledger tests/contract tests/projects "$@"
