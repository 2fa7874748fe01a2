#!/usr/bin/env bash
# Makes ROS 2 and the installed packages known, where they are, then becomes the command.
# In -> out: a command -> that command.
set -e
for setup in "/opt/ros/${ROS_DISTRO:-none}/setup.bash" /opt/vedette/local_setup.bash; do
    # shellcheck disable=SC1090
    [ -f "$setup" ] && . "$setup"
done
exec "$@"
