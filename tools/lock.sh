#!/usr/bin/env bash
# Lock the dependencies with hashes and without any index address.
set -euo pipefail
.venv/bin/python -m pip install --quiet uv
lock() { .venv/bin/python -m uv pip compile -q --generate-hashes --no-emit-index-url --no-annotate --no-header --universal --python-version 3.11 pyproject.toml "$@"; }
lock --extra schedules -o requirements/runtime.txt
lock --extra schedules --extra large --extra dev -o requirements/development.txt
