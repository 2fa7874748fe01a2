#!/bin/sh
# Sets up the independent checkers: a Python environment in target/checkers/venv and the test bags in target/checkers/bags; as root on Debian
# also Chromium, in which reports are looked at.
# Does nothing when both are there and what they are made from has not changed. Honours CARGO_TARGET_DIR.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=${CARGO_TARGET_DIR:-$root/target}/checkers
mkdir -p "$out"

# One set-up at a time: two parallel runs would write into each other's environment. The lock goes with this process.
if command -v flock >/dev/null; then
    exec 9>"$out/lock"
    flock 9
fi

python=${PYTHON:-python3}
if ! command -v "$python" >/dev/null || ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv
        python=/usr/bin/python3
    else
        echo "tests/checkers: python3 with venv is missing; install it with: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
    echo "tests/checkers: Python 3.10 or later is needed, found: $("$python" --version); set PYTHON to a later one" >&2
    exit 1
fi

# A stamp holds the checksum of everything a result was made from.
venv_stamp=$( { "$python" --version; cat "$here/requirements.txt"; } | cksum)
if [ "$(cat "$out/venv.stamp" 2>/dev/null)" != "$venv_stamp" ]; then
    rm -rf "$out/venv" "$out/venv.stamp"
    "$python" -m venv "$out/venv"
    "$out/venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: -r "$here/requirements.txt"
    echo "$venv_stamp" >"$out/venv.stamp"
fi

bags_stamp=$( { echo "$venv_stamp"; cat "$here/write_bags.py" "$root/msgs/msg/GasReading.msg"; } | cksum)
if [ "$(cat "$out/bags.stamp" 2>/dev/null)" != "$bags_stamp" ]; then
    rm -rf "$out/bags" "$out/bags.new" "$out/bags.stamp"
    "$out/venv/bin/python" "$here/write_bags.py" "$out/bags.new"
    mv "$out/bags.new" "$out/bags"
    echo "$bags_stamp" >"$out/bags.stamp"
fi

# Only Debian's package is a browser; Ubuntu's of the same name asks for a snap. Without a browser the tests that need one say so.
has_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
if ! has_browser >/dev/null && [ "$(id -u)" = 0 ] && grep -qs '^ID=debian$' /etc/os-release; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core ||
        echo "tests/checkers: Chromium could not be installed; the tests of the report's look will be skipped" >&2
fi
