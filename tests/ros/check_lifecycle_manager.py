"""Drives the nodes with Nav2's own lifecycle manager and its bonds, as nav2_overlay.launch.py starts them.

In -> out: folder of the binaries, and a sourced ROS 2 with `vedette_msgs` and `nav2_lifecycle_manager` -> one line a check, exit code 1 at the first
that fails, 77 where one is missing, which it says. The middleware is the one that `RMW_IMPLEMENTATION` names (real_ros.py).
"""
import os
import re
import signal
import time

import real_ros
from real_ros import MAPPING_NAME, Following, install, says

from harness import WORK, check, fail, wait

real_ros.needs("Nav2's lifecycle manager", "nav2_lifecycle_manager", "nav2_msgs")
MANAGER = "/lifecycle_manager_vedette"
NODES = ("vedette_guardian", "vedette_agent", "vedette_recorder")
BOND_SECS = 4.0
# A request of Nav2 to one that is gone, and the start of the next life, need their time.
BACK_SECS = 40
# The readers of a killed node hold nobody up, though DDS takes so long to believe that they are gone.
LEASE_SECS = 50.0


def states(what, find):
    for node in NODES:
        says(f"{what}: {node}", "lifecycle", "get", f"/{node}", find=find)


def command(run, what, number, state):
    """One of nav2_msgs/srv/ManageLifecycleNodes."""
    call = ("service", "call", f"{MANAGER}/manage_nodes", "nav2_msgs/srv/ManageLifecycleNodes", f"{{command: {number}}}")
    says(f"the manager's {what}", *call, find="success=True")
    states(f"after {what}", state)


def process(run, node):
    """Process id of the newest life of `node`."""
    return int(re.findall(rf"\[{node}-\d+\]: process started with pid \[(\d+)\]", run.text())[-1])


def starts(run):
    for node in NODES:
        run.wait("the manager's bond", f"Server {node} connected with bond", 60)
        check("the manager configures, activates and bonds", True, node)
    run.wait("the manager", "Managed nodes are active")
    states("they are what it says", r"active \[3\]")
    says("the manager says so", "service", "call", f"{MANAGER}/is_active", "std_srvs/srv/Trigger", find="success=True")
    said = len(run.text())
    # Three times what breaks a bond.
    time.sleep(3 * BOND_SECS)
    fresh = run.text()[said:]
    check("the bonds hold", not re.search("heartbeat|IS DOWN|Shutting down|[Bb]ond.*(broke|timed out)", fresh), fresh[-500:])


def obeys(run):
    pause, resume, reset, startup = 1, 2, 3, 0
    command(run, "pause", pause, r"inactive \[2\]")
    command(run, "resume", resume, r"\Aactive \[3\]")
    command(run, "reset", reset, r"unconfigured \[1\]")
    command(run, "startup", startup, r"\Aactive \[3\]")
    said = len(run.text())
    time.sleep(2 * BOND_SECS)
    check("the bonds hold after that", "IS DOWN" not in run.text()[said:])


def stop(run, node, pid, secs):
    """Stops a process and lets it go on, until it ends by that, which it does not every time."""
    for _ in range(20):
        os.kill(pid, signal.SIGSTOP)
        time.sleep(secs)
        os.kill(pid, signal.SIGCONT)
        time.sleep(1.0)
        if re.search(rf"\[{node}-\d+\] {node}: the connection to other nodes is lost.*process has died \[pid {pid},", run.text(), re.DOTALL):
            check("a node that was stopped and goes on knows that it is heard by nobody, and ends", True)
            return
    fail(f"{node} did not end:\n{run.text()[-3000:]}")


def notices(run, node, what, stopped_secs=None):
    """A node that is gone takes the others down and, once it is there again, all come back and stay."""
    pid, said, start = process(run, node), len(run.text()), time.monotonic()
    if stopped_secs is None:
        os.kill(pid, signal.SIGKILL)
    else:
        stop(run, node, pid, stopped_secs)
        start = time.monotonic()
    run.wait("the manager", f"SERVER {node} IS DOWN", BACK_SECS, said)
    took = time.monotonic() - start
    check(f"a {what} is noticed: {node}", took < BOND_SECS + 3.0, f"{took:.1f} s")
    run.wait("the manager", "Successfully re-established connections.*Managed nodes are active", BACK_SECS, said)
    check("and its next life is brought back", process(run, node) != pid, f"after {time.monotonic() - start:.1f} s")
    states("active again", r"\Aactive \[3\]")
    said = len(run.text())
    time.sleep(max(0.0, start + LEASE_SECS + 2 * BOND_SECS - time.monotonic()))
    fresh = run.text()[said:]
    check("and the bonds hold", not re.search("IS DOWN|timed out while blocking", fresh), fresh[-500:])


def ends(run):
    command(run, "shutdown", 4, r"finalized \[4\]")
    pids = [process(run, node) for node in NODES]
    # With no terminal `ros2 launch` hands the signal on itself.
    code = run.stop(tell=os.kill)
    ended = set(re.findall(r"\[(\w+)-\d+\]: process has finished cleanly", run.text()))
    check("Ctrl-C ends them and the manager cleanly", code == 0 and {*NODES, "lifecycle_manager"} <= ended, f"{code}: {sorted(ended)}")
    wait("their end", lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids))


install()
with real_ros.session():
    file = WORK / "robot.yaml"
    file.write_text(f"/**:\n  ros__parameters:\n    node.service_mapping: {MAPPING_NAME}\n")
    run = Following("launch", "vedette", "nav2_overlay.launch.py", f"params_file:={file}")
    starts(run)
    obeys(run)
    notices(run, "vedette_guardian", "killed node")
    # Shorter than the bond's timeout: Nav2's manager waits without end for the answer of a node that is gone and not yet replaced.
    notices(run, "vedette_agent", "stopped node", stopped_secs=1.0)
    ends(run)
print(f"all checks with Nav2's lifecycle manager passed; logs in {WORK}", flush=True)
