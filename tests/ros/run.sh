#!/usr/bin/env bash
# Runs tests/ros/check_live.py, or another script beside it, in a network namespace of its own: nothing but a loopback interface exists there,
# so no packet can leave.
# In -> out: a folder with vedette_agent, vedette_guardian, vedette_recorder, vedette_visualizer (and vedette for check_actions.py and check_recording.py, built with `ros` for
# check_sim.py and the checks with a real ROS 2), the name of the script -> exit code 0 when every check passed, 77 where it could not run, which it says.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
binaries=$(cd "$1" && pwd)
script=$here/${2:-check_live.py}
python=${CARGO_TARGET_DIR:-$here/../../target}/ros-checkers/bin/python
if ! "$python" -c 'import cyclonedds' 2>/dev/null; then
    echo "SKIPPED live checks: no Python with cyclonedds; run tests/ros/setup.sh"
    exit 77
fi
if ! command -v ip >/dev/null; then
    echo 'SKIPPED live checks: no `ip`; install iproute2'
    exit 77
fi
unshare=(unshare -n)
"${unshare[@]}" true 2>/dev/null || unshare=(unshare -Urn)
if ! "${unshare[@]}" true 2>/dev/null; then
    echo "SKIPPED live checks: network namespaces are not allowed here"
    exit 77
fi
export CYCLONEDDS_URI='<CycloneDDS><Domain><General><Interfaces><NetworkInterface name="lo" multicast="true"/></Interfaces><AllowMulticast>true</AllowMulticast></General></Domain></CycloneDDS>'
export ROS_DOMAIN_ID=7 ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST
exec "${unshare[@]}" sh -c 'ip link set lo up && ip link set lo multicast on && ip route add 239.0.0.0/8 dev lo && exec "$@"' sh \
    "$python" "$script" "$binaries"
