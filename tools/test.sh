#!/usr/bin/env bash
# All tests: unit, contract, architecture, docs, browser; on the embedded PostgreSQL unless DATABASE_URL is set.
set -euo pipefail
python tools/messages.py compile
python -m pytest -q -n 2 --dist loadfile "$@"
