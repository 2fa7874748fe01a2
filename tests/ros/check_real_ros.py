"""Drives the nodes with the tools of a real ROS 2: `ros2 node, topic, param, service, action, lifecycle, interface, run, launch` and rclpy.

In -> out: folder of the binaries, and a sourced ROS 2 with `vedette_msgs` -> one line a check, exit code 1 at the first that fails, 77 where no ROS 2
is sourced, which it says. The middleware is the one that `RMW_IMPLEMENTATION` names (real_ros.py).
"""
import json
import os
import pathlib
import re
import signal
import subprocess

import real_ros
from real_ros import MAPPING, MAPPING_NAME, PYTHON, TOOLS, Following, install, ros2, says

from harness import WORK, Process, check, fail

HERE = pathlib.Path(__file__).parent


def rclpy(role, *arguments, seconds=90):
    """What a node of rclpy found, see ros_node.py."""
    command = [*PYTHON, str(HERE / "ros_node.py"), role, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, env=TOOLS, check=False)
    if done.returncode:
        fail(f"rclpy as {role}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def graph():
    says("ros2 node list finds the nodes", "node", "list", find="/vedette_agent\n.*/vedette_guardian\n")
    text = says("ros2 node info finds every endpoint", "node", "info", "/vedette_guardian", find="Action Clients").string
    for line in (
        "/gas: vedette_msgs/msg/GasReading",
        "/vedette_guardian/decision: vedette_msgs/msg/Decision",
        "/vedette_guardian/change_state: lifecycle_msgs/srv/ChangeState",
        "/vedette_guardian/acknowledge_alert: vedette_msgs/srv/AcknowledgeAlert",
    ):
        check("with its type", line in text, line)
    text = ros2("topic", "info", "-v", "/vedette_guardian/alerts")
    for part in ("Node name: vedette_guardian", "Reliability: RELIABLE", "Durability: TRANSIENT_LOCAL", "Publisher count: 1"):
        check("ros2 topic info -v knows whose it is and how it is sent", part in text, part)
    shown = ros2("interface", "show", "vedette_msgs/msg/Decision")
    check("ros2 interface show reads our messages", "string[] reasons" in shown, "vedette_msgs/msg/Decision")


def parameters():
    node, name = "/vedette_guardian", "policy.image_timeout_secs"
    says("ros2 param list", "param", "list", node, find=rf"{name}\n.*use_sim_time")
    says("ros2 param get", "param", "get", node, name, find=r"Double value is: 2\.0")
    says("ros2 param describe", "param", "describe", node, name, find=r"Type: double\n.*Min value: 0\.01")
    says("ros2 param set", "param", "set", node, name, "3.0", find="Set parameter successful")
    says("with its range", "param", "set", node, name, "1000000.0", find="Setting parameter failed: .*policy.image_timeout_secs")
    says("and its type", "param", "set", node, name, "soon", find="Setting parameter failed: .*must be of type double")
    says("ros2 param describe tells what is fixed", "param", "describe", node, "node.service_mapping", find="Read only: true")
    # On Cyclone DDS each tool warns of the type hash of every endpoint.
    dumped = ros2("param", "dump", node, warnings=False)
    check("ros2 param dump", re.match(r"/vedette_guardian:\n  ros__parameters:\n.*image_timeout_secs: 3\.0", dumped, re.DOTALL), f"{len(dumped)} bytes")
    file = WORK / "dumped.yaml"
    file.write_text(dumped.replace("image_timeout_secs: 3.0", "image_timeout_secs: 4.0"))
    loaded = ros2("param", "load", node, str(file))
    wrong = [line for line in loaded.splitlines() if "failed" in line and "is fixed while the node runs" not in line]
    check("ros2 param load", not wrong and f"Set parameter {name} successful" in loaded, str(wrong))
    says("takes what it dumped", "param", "get", node, name, find=r"Double value is: 4\.0")
    guardian = Process("vedette_guardian", "--ros-args", *MAPPING, "-r", "__ns:=/loaded", "--params-file", str(file))
    says("a file of another node leaves a node as it is", "param", "get", "/loaded/vedette_guardian", name, find=r"Double value is: 2\.0")
    check("it stops on SIGINT", guardian.stop() == 0)
    says("and leaves the list, long before its lease ends", "node", "list", find=r"\A(?!.*/loaded/)", seconds=10)


def services():
    off, on = (f"{{data: {word}}}" for word in ("false", "true"))
    call = ("service", "call", "/vedette_guardian/enable", "std_srvs/srv/SetBool")
    says("ros2 service list -t", "service", "list", "-t", find=r"/vedette_guardian/enable \[std_srvs/srv/SetBool\]")
    says("ros2 service call", *call, off, find="success=True, message='Nav2 outputs are off")
    says("again", *call, on, find="success=True")
    question = "{type_name: vedette_msgs/msg/GasReading, include_type_sources: true}"
    says(
        "a type describes itself", "service", "call", "/vedette_guardian/get_type_description", "type_description_interfaces/srv/GetTypeDescription",
        question, find=r"successful=True.*name='ppm'.*float64 ppm")
    says("the agent tests itself", "service", "call", "/vedette_agent/self_test", "diagnostic_msgs/srv/SelfTest", find=r"self-test', message='.* passed'")


def lifecycle():
    node = "/vedette_guardian"
    says("ros2 lifecycle nodes", "lifecycle", "nodes", find="/vedette_agent\n/vedette_guardian\n")
    says("ros2 lifecycle get", "lifecycle", "get", node, find=r"active \[3\]")
    says("ros2 lifecycle list", "lifecycle", "list", node, find=r"deactivate \[4\]\n.*Goal: inactive")
    says("ros2 lifecycle set", "lifecycle", "set", node, "deactivate", find="Transitioning successful")
    says("takes effect", "lifecycle", "get", node, find=r"inactive \[2\]")
    for step in ("cleanup", "configure", "activate"):
        says(f"and on: {step}", "lifecycle", "set", node, step, find="Transitioning successful")
    says("what is not open is not asked for", "lifecycle", "set", node, "configure", find="Unknown transition requested")


def operators():
    """A gas alarm from the command line, its alert, and who has seen it."""
    reading = ("topic", "pub", "--qos-reliability", "best_effort", "-r", "10", "/gas", "vedette_msgs/msg/GasReading")
    gas = Following(*reading, "{header: auto, gas: co, ppm: 80.0}")
    # A late joiner hears older messages too, then the one that stands (packages/nodes/README.md): `--once` may be an older one.
    alerts = Following("topic", "echo", "/vedette_guardian/alerts")
    said, _ = alerts.wait("an alert", r"- id: (\S+)\n\s+kind: gas_leak")
    check("ros2 topic echo hears the alert", True, said[1])
    says("ros2 topic echo hears decisions", "topic", "echo", "--once", "--field", "response", "/vedette_guardian/decision", find=r"^4\n")
    says(
        "ros2 service call acknowledges it", "service", "call", "/vedette_guardian/acknowledge_alert", "vedette_msgs/srv/AcknowledgeAlert",
        f"{{id: {said[1]}, by: ann}}", find="success=True")
    alerts.wait("the acknowledgement", rf"- id: {said[1]}\n[^-]*is_acknowledged: true")
    check("ros2 topic echo hears that", True)
    late = Following("topic", "echo", "/vedette_guardian/alerts")
    late.wait("the alert that stands", rf"- id: {said[1]}\n[^-]*is_acknowledged: true")
    check("also when it joins late", True)
    for tool in (alerts, late, gas):
        tool.stop()
    says("ros2 topic echo hears /diagnostics", "topic", "echo", "--once", "/diagnostics", find=r"name: 'vedette_(agent|guardian): ")
    says("and /rosout", "topic", "echo", "--once", "/rosout", find=r"name: vedette_(agent|guardian)\n")


def pictures():
    """A camera of rclpy, and a subscriber of rclpy and `ros2 topic hz` to the camera of the simulator."""
    found = rclpy("camera")
    check("a picture of rclpy is assessed", found["camera"] == "/camera/image_raw" and found["is_ours"], json.dumps(found))
    simulator = Process("vedette", "sim", "--minutes", "5")
    found = rclpy("viewer")
    check("rclpy sees the simulated camera", found["pictures"] >= 10 and found["is_whole"] and found["shades"] > 10, json.dumps(found))
    # Of the small companion of each picture: how many of the large ones arrive is a matter of the middleware's buffers.
    rate = Following("topic", "hz", "--window", "50", "/camera/camera_info")
    told, _ = rate.wait("a rate", r"average rate: (\S+)\n\s+min: \S+ max: \S+ std dev: \S+ window: [2-9]\d")
    rate.stop()
    check("ros2 topic hz measures it", float(told[1]) > 1.0, f"camera_info {told[1]} Hz")
    says("ros2 topic echo reads it", "topic", "echo", "--once", "--no-arr", "/camera/image_raw", find=r"encoding: rgb8\n.*sequence type: uint8, length: \d{5,}")
    says("and the scan", "topic", "echo", "--once", "--no-arr", "/scan", find=r"range_max: \d")
    says("transforms too, also when it joins late", "topic", "echo", "--once", "/tf_static", find=r"child_frame_id: \S+")
    questions()
    simulator.stop()


def questions():
    """The action of the agent, about what the camera of the simulator shows."""
    action, kind = "/vedette_agent/assess", "vedette_msgs/action/Assess"
    says("ros2 action list -t", "action", "list", "-t", find=rf"{action} \[{kind}\]")
    says("ros2 action info -t knows the server", "action", "info", "-t", action, find=rf"Action servers: 1\n\s+/vedette_agent \[{kind}\]")
    says("ros2 interface show reads the action", "interface", "show", kind, find=r"string question\n.*---\n.*Assessment assessment\n.*---\n.*uint32 tokens")
    ask = ("action", "send_goal", "--feedback", action, kind)
    says(
        "ros2 action send_goal gets feedback and the answer", *ask, "{question: 'Is there smoke?'}",
        find=r"Goal accepted with ID: .*Feedback:\n.*state: [01]\n.*Result:\n.*camera: /camera/image_raw\n.*tokens: [1-9].*status: SUCCEEDED")
    says("a goal that is none is rejected", *ask, "{priority: 9}", find="Goal was rejected")
    found = rclpy("asker")
    check("rclpy cancels a goal", found == {"status": "canceled", "cancelled": 1, "fault": "cancelled"}, json.dumps(found))


def launched():
    """The launch files as they are, under the real `launch` and `launch_ros`."""
    for name in ("vedette", "nav2_overlay", "replay", "rviz"):
        says(f"ros2 launch reads {name}.launch.py", "launch", "vedette", f"{name}.launch.py", "--show-args", find=r"Arguments \(pass arguments as.*'\w+':\n\s+\w+")
    file = WORK / "robot.yaml"
    file.write_text(f"/**:\n  ros__parameters:\n    node.service_mapping: {MAPPING_NAME}\n    policy:\n      image_timeout_secs: 2.5\n")
    run = Following("launch", "vedette", "vedette.launch.py", "sim:=true", "namespace:=robot1", f"params_file:={file}")
    node = "/robot1/vedette_guardian"
    says("ros2 launch starts them", "node", "list", find="/robot1/vedette_agent\n.*/robot1/vedette_guardian\n.*/robot1/vedette_recorder\n.*/robot1/vedette_sim\n")
    says("active", "lifecycle", "get", node, find=r"active \[3\]")
    says("on simulated time", "param", "get", node, "use_sim_time", find="Boolean value is: True")
    says("with the robot's parameters", "param", "get", node, "policy.image_timeout_secs", find=r"Double value is: 2\.5")
    stamp = says("the clock of the simulator stands in their messages", "topic", "echo", "--once", f"{node}/decision", find=r"sec: (\d+)")
    check("and is that of the patrol", stamp[1].startswith("17000"), stamp[1])
    first, _ = run.wait("the guardian's process", r"\[vedette_guardian-\d+\]: process started with pid \[(\d+)\]")
    os.kill(int(first[1]), signal.SIGKILL)
    run.wait("its next life", rf"process has died \[pid {first[1]}.*\[vedette_guardian-\d+\]: process started with pid")
    says("a killed guardian is started again", "lifecycle", "get", node, find=r"active \[3\]")
    # With no terminal `ros2 launch` hands the signal on itself.
    code = run.stop(tell=os.kill)
    text = run.text()
    ended = re.findall(r"\[(\w+)-\d+\]: process has finished cleanly", text)
    check("Ctrl-C ends them all cleanly", code == 0 and {"vedette_agent", "vedette_guardian", "vedette_recorder", "vedette"} <= set(ended), f"{code}: {ended}")


install()
with real_ros.session():
    started = Process("vedette_agent", "--ros-args", *MAPPING, "-p", "reasoning.trust_untrained:=false")
    run = Following("run", "vedette", "vedette_guardian", "--ros-args", *MAPPING)
    graph()
    parameters()
    services()
    lifecycle()
    operators()
    pictures()
    check("the agent stops on SIGINT", started.stop() == 0)
    check("ros2 run ends its node", run.stop() == 0)
    launched()
print(f"all checks with a real ROS 2 passed; logs in {WORK}", flush=True)
