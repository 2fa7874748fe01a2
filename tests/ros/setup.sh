#!/usr/bin/env bash
# Installs what the live checks are held against below the target directory: Cyclone DDS for Python (a DDS that shares no code with ours)
# and colcon, both from PyPI. Idempotent.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${CARGO_TARGET_DIR:-$here/../../target}/ros-checkers
stamp=$(cksum <"$here/requirements.txt")
[ "$(cat "$out/stamp" 2>/dev/null)" = "$stamp" ] && exit 0
rm -rf "$out"
python3 -m venv "$out"
"$out/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
echo "$stamp" >"$out/stamp"
