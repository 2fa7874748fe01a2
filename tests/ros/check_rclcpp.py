"""Holds the nodes against a node of rclcpp (rclcpp/node.cpp, built here): topics both ways, services, parameters, lifecycle and the action.

In -> out: folder of the binaries, and a sourced ROS 2 with rclcpp and the C++ of `vedette_msgs`, a compiler and CMake -> one line a check, exit code 1
at the first that fails, 77 where one is missing, which it says. The middleware is the one that `RMW_IMPLEMENTATION` names (real_ros.py).
"""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess

import real_ros
from real_ros import MAPPING, PYTHON, TOOLS

from harness import BINARIES, WORK, Process, check, fail

HERE = pathlib.Path(__file__).parent
WHAT = "a node of rclcpp"

real_ros.needs(WHAT, "ament_cmake", "rclcpp", "rclcpp_action")
if not shutil.which("cmake") or not shutil.which("c++"):
    real_ros.skip(WHAT, "install cmake and a C++ compiler")


def build():
    """The node, built again only where it or the sourced ROS 2 changed."""
    prefixes = os.environ["AMENT_PREFIX_PATH"]
    if not any(pathlib.Path(prefix, "include/vedette_msgs/vedette_msgs/msg/decision.hpp").exists() for prefix in prefixes.split(":")):
        real_ros.skip(WHAT, "the sourced `vedette_msgs` has no C++; build msgs/ with rosidl_default_generators")
    folder = BINARIES.parent / "ros-rclcpp" / hashlib.sha256(prefixes.encode()).hexdigest()[:8]
    # Which middleware it is counts when the node runs, not when it is built.
    environment = {name: value for name, value in os.environ.items() if name != "RMW_IMPLEMENTATION"} | {"CMAKE_PREFIX_PATH": prefixes}
    python = shutil.which(PYTHON[0])
    configure = ["cmake", "-S", HERE / "rclcpp", "-B", folder, f"-DPython3_EXECUTABLE={python}", f"-DPYTHON_EXECUTABLE={python}"]
    for command in (configure, ["cmake", "--build", folder]):
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        if done.returncode:
            fail(f"{' '.join(map(str, command))}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
    return folder / "node"


def found(role):
    """What the node found, see rclcpp/node.cpp."""
    done = subprocess.run([NODE, role], capture_output=True, text=True, timeout=240, env=TOOLS, check=False)
    if done.returncode:
        fail(f"rclcpp as {role} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def guardian():
    said = found("hazards")
    check("rclcpp hears the hazard, the stop and its reasons", said["kind"] == "gas_leak" and said["reasons"] >= 1 and "80" in said["reason"], json.dumps(said))
    check("it acknowledges the alert and hears that", said["acknowledged"] and said["by"] == "rclcpp")
    check("a late subscriber of rclcpp hears what stands", said["state"])
    said = found("services")["said"]
    check("a service client of rclcpp is answered", said.count("true ") == 2 and "Nav2 outputs are off" in said, said)
    said = found("parameters")
    check("the parameters client of rclcpp lists and reads", said["names"] > 10 and said["before"] == 2.0, json.dumps(said))
    told = said["types"] == "double string not set" and said["from"] == 0.01 and said["read_only"]
    check("describes", told)
    each = said["results"]
    check("sets, and hears why not", each.startswith("true false(") and each.count("false(") == 3 and said["after"] == 3.25, each)
    check("all or none", not said["atomic"] and said["kept"] == said["after"])
    check("and hears of changes", said["event"] == "policy.image_timeout_secs")
    said = found("lifecycle")
    check("lifecycle clients of rclcpp lead the node", said["states"] == "active inactive unconfigured unconfigured inactive active ", json.dumps(said))
    check("what is not open is refused", said["results"] == "true true false true true ")
    check("and transitions are told", said["events"].startswith("deactivating inactive ") and said["events"].endswith("activating active "), said["events"])


def agent():
    said = found("camera")
    check("a picture of rclcpp is assessed", said["camera"] == "/camera/image_raw" and said["is_ours"] and not said["fault"], json.dumps(said))
    said = found("asker")
    answered = said.get("succeeded") and said["camera"] == "/camera/image_raw" and said["tokens"] > 0 and said["feedback"] > 0
    check("an action client of rclcpp gets feedback and the answer", answered, json.dumps(said))
    check("it takes a goal back", said["cancelled"] == 1 and said["is_canceled"])
    check("and a goal that is none is rejected", said["is_rejected"])


NODE = build()
with real_ros.session():
    nodes = [
        Process("vedette_guardian", "--ros-args", *MAPPING),
        Process("vedette_agent", "--ros-args", *MAPPING, "-p", "reasoning.trust_untrained:=false", "-p", "reasoning.deadline_millis:=60000"),
    ]
    guardian()
    agent()
    for node in nodes:
        check("it stops on SIGINT", node.stop() == 0, node.name.split()[0])
print(f"all checks with a node of rclcpp passed; logs in {WORK}", flush=True)
