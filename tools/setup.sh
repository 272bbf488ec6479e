#!/usr/bin/env bash
# Make .venv and install the locked dependencies: `setup.sh runtime|development`.
set -euo pipefail
kind=$1
python=${PYTHON:-python3}
"$python" - <<'PY' || { echo "Hongtu needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
import sys
sys.exit(sys.version_info < (3, 11))
PY
# A Python without ensurepip (Debian's python3 without python3-venv) cannot make a venv: say what to run.
[ -x .venv/bin/python ] || "$python" -m venv .venv || { echo "Run: apt-get install python3-venv, then again."; exit 1; }
if [ "$kind" = runtime ] && [ -e .venv/.development ]; then touch .venv/.runtime; exit 0; fi
echo "Installing the locked dependencies ($kind) ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "requirements/$kind.txt"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
touch ".venv/.$kind"
