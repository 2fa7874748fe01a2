"""Holds the live nodes against an independent DDS (Cyclone DDS from PyPI), in a network namespace that has nothing but loopback.

In -> out: folder of the binaries -> one line a check, exit code 1 at the first that fails. Every node is a process of its own.
"""
import json
import pathlib
import signal
import subprocess
import sys
import time

import dds_types as t
import harness
from harness import WORK, Client, Process, check, now, qos, reader, writer

STOP, CONTINUE, UNKNOWN = 4, 1, 0


def wait(what, find, seconds=10.0):
    return harness.wait(what, find, seconds)


def node(name):
    base = f"/{name}"
    return {
        "state": Client(f"{base}/get_state", t.GetStateRequest, t.GetStateResponse),
        "change": Client(f"{base}/change_state", t.ChangeStateRequest, t.ChangeStateResponse),
        "get": Client(f"{base}/get_parameters", t.GetParametersRequest, t.GetParametersResponse),
        "set": Client(f"{base}/set_parameters", t.SetParametersRequest, t.SetParametersResponse),
    }


CYCLONE = ("--ros-args", "-p", "node.service_mapping:=cyclone")
decisions = reader("rt/vedette_guardian/decision", t.Decision, qos(True, depth=1000))
bonds = reader("rt/bond", t.BondStatus, qos(True, depth=100))
limits = reader("rt/speed_limit", t.SpeedLimit, qos(True, depth=100))
graph = reader("ros_discovery_info", t.ParticipantEntitiesInfo, qos(True, latched=True, depth=1))
gas = writer("rt/gas", t.GasReading, qos(False, depth=5))


def read_gas(ppm):
    gas.write(t.GasReading(header=t.Header(stamp=now(), frame_id="nose"), gas="co", ppm=ppm))


def decision(predicate):
    return next((d for d in decisions.take(1000) if predicate(d)), None)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def guardian_alone():
    guardian = Process("vedette_guardian", *CYCLONE, "-p", "policy.sensor_timeout_secs:=1.0")
    first, took = wait("first decision", lambda: decision(lambda d: True))
    check("a guardian that knows nothing says unknown", first.verdict == UNKNOWN, f"after {took:.2f} s: {first.reasons}")
    names, _ = wait("graph", lambda: {n.node_name for p in graph.take(50) for n in p.node_entities_info_seq})
    check("the node stands in the graph", "vedette_guardian" in names, str(names))
    beat, _ = wait("bond", lambda: next((b for b in bonds.take(50) if b.id == "vedette_guardian"), None))
    check("the node bonds", beat.active and abs(beat.heartbeat_timeout - 4.0) < 1e-6)

    took = []
    for _ in range(100):
        read_gas(10.0)
        wait("release", lambda: decision(lambda d: d.response != STOP) or not took and True, 2)
        time.sleep(0.01)
        decisions.take(1000)
        start = time.monotonic()
        read_gas(80.0)
        found, _ = wait("gas alarm", lambda: decision(lambda d: d.response == STOP), 2)
        took.append(time.monotonic() - start)
    check("a gas alarm comes without an agent", any("co" in r for r in found.reasons), found.reasons[0])
    p50, p99 = percentile(took, 0.5) * 1e3, percentile(took, 0.99) * 1e3
    print(f"   reflex over DDS, 100 alarms: p50 {p50:.1f} ms, p99 {p99:.1f} ms", flush=True)
    joined_late = reader("rt/vedette_guardian/hazard_state", t.HazardArray, qos(True, latched=True, depth=1))
    late, _ = wait("hazard state", lambda: [state for state in joined_late.take(1) if state.hazards])
    check("late joiners get the hazards", late[0].hazards[0].kind == "gas_leak")
    silent, took = wait("expiry", lambda: decision(lambda d: d.response != STOP), 12)
    check("a silent sensor is unknown, never clear", silent.verdict == UNKNOWN, f"after {took:.1f} s: {silent.reasons}")
    read_gas(float("nan"))
    read_gas(-5.0)
    time.sleep(0.2)
    check("NaN and negative concentrations are refused", "refused on /gas" in guardian.log())
    return guardian


def parameters_and_lifecycle(guardian):
    services = node("vedette_guardian")
    value = services["get"].call(names=["policy.image_timeout_secs", "nothing"]).values
    check("parameters are read", value[0].type == 3 and value[0].double_value == 2.0 and value[1].type == 0)
    over = t.Parameter(name="policy.image_timeout_secs", value=t.ParameterValue(type=3, double_value=1e9))
    fine = t.Parameter(name="policy.image_timeout_secs", value=t.ParameterValue(type=3, double_value=3.0))
    fixed = t.Parameter(name="node.service_mapping", value=t.ParameterValue(type=4, string_value="fastdds"))
    results = services["set"].call(parameters=[over, fine, fixed]).results
    check("parameters are set or refused", [r.successful for r in results] == [False, True, False], results[0].reason)
    check("the new value is there", services["get"].call(names=["policy.image_timeout_secs"]).values[0].double_value == 3.0)
    check("the node is active", services["state"].call().current_state.label == "active")
    check("it deactivates", services["change"].call(transition=t.Transition(id=4)).success)
    time.sleep(0.3)
    last = decisions.take(1000)
    check("unknown is the last word before the outputs shut", last[-1].verdict == UNKNOWN)
    read_gas(80.0)
    time.sleep(0.5)
    check("an inactive node decides nothing", not decisions.take(1000))
    check("what is not open is refused", not services["change"].call(transition=t.Transition(id=1)).success)
    check("it activates again", services["change"].call(transition=t.Transition(id=0, label="activate")).success)
    wait("decision", lambda: decision(lambda d: True))
    return services


def speed_limits(services):
    limits.take(100)
    on = t.Parameter(name="nav2.speed_limit_enabled", value=t.ParameterValue(type=1, bool_value=True))
    check("Nav2 outputs are off until enabled", not limits.take(100) and services["set"].call(parameters=[on]).results[0].successful)
    # Unknown is answered with slow_down, so a limit holds from the start.
    limit, _ = wait("limit", lambda: next(iter(limits.take(100)), None))
    check("unknown slows down", limit.percentage and limit.speed_limit == 50.0)
    read_gas(80.0)
    limit, _ = wait("stop", lambda: next((x for x in limits.take(100) if x.percentage and x.speed_limit == 1.0), None))
    check("a stop is never 0, which Nav2 takes for no limit", limit.speed_limit > 0)
    check("it deactivates", services["change"].call(transition=t.Transition(id=4)).success)
    limit, _ = wait("restore", lambda: next((x for x in limits.take(100) if x.speed_limit == 0.0), None))
    check("leaving takes the limit back", not limit.percentage)
    services["change"].call(transition=t.Transition(id=3))


def agent_and_recorder():
    recorder = Process("vedette_recorder", "--ros-args", "-p", "recorder.raw_images:=true")
    agent = Process("vedette_agent", *CYCLONE, "-p", "reasoning.trust_untrained:=false")
    assessments = reader("rt/vedette_agent/assessment", t.Assessment, qos(True))
    images = writer("rt/camera/image_raw", t.Image, qos(False, depth=1))
    shade = [0]

    def look():
        shade[0] = (shade[0] + 60) % 256
        images.write(t.Image(
            header=t.Header(stamp=now(), frame_id="camera_optical"), height=480, width=640, encoding="rgb8", step=1920,
            data=[shade[0]] * (640 * 480 * 3)))
        time.sleep(0.1)
        return next(iter(assessments.take(10)), None)

    found, took = wait("assessment", look, 60)
    check("a picture of a foreign DDS is assessed", found.camera == "/camera/image_raw" and found.verdict == UNKNOWN, f"{found.fault} after {took:.1f} s")
    text, _ = wait("guardian hears the agent", lambda: look() and False or decision(lambda d: any("camera" in r for r in d.reasons)), 20)
    check("the guardian hears the agent", True, str(text.reasons))
    status = pathlib.Path(f"/proc/{agent.child.pid}/status").read_text()
    print("   agent", next(line for line in status.splitlines() if line.startswith("VmRSS")), flush=True)
    agent.kill()
    read_gas(80.0)
    wait("alarm without agent", lambda: decision(lambda d: d.response == STOP), 2)
    check("reflex_survives_the_agent", True)
    # It is behind now, and told to stop.
    for ppm in range(50):
        read_gas(float(ppm))
    check("the recorder ends cleanly", recorder.stop() == 0)
    runs = list((WORK / "recordings").iterdir())
    check("there is one recording", len(runs) == 1 and (runs[0] / "run.mcap").stat().st_size > 0, str(runs))
    recorded = json.loads((runs[0] / "summary.json").read_text())["topics"]
    wanted = ["/camera/image_raw", "/gas", "/vedette_agent/assessment", "/vedette_agent/journal", "/vedette_guardian/decision"]
    check("inputs, assessments, journal and decisions are in it", all(recorded.get(topic) for topic in wanted), str(recorded))
    check("what was said just before the end is in it", recorded["/gas"] == 51, str(recorded["/gas"]))


def restart(guardian):
    guardian.kill()
    decisions.take(1000)
    guardian = Process("vedette_guardian", *CYCLONE)
    first, took = wait("decision after kill -9", lambda: decision(lambda d: True), 5)
    check("a killed guardian is back within 5 s, and knows nothing", first.verdict == UNKNOWN, f"{took:.2f} s")
    check("it stops on SIGINT", guardian.stop() == 0)


def stopped():
    """Ctrl-Z, a debugger, a machine that slept: RustDDS seldom survives it, and the node must not look as if it did."""
    guardian = Process("vedette_guardian", *CYCLONE)
    wait("decision", lambda: decision(lambda d: True))
    for turn in range(1, 21):
        guardian.child.send_signal(signal.SIGSTOP)
        time.sleep(0.3)
        decisions.take(1000)
        guardian.child.send_signal(signal.SIGCONT)
        wait("an end or a decision", lambda: guardian.child.poll() is not None or decision(lambda d: True))
        if guardian.child.poll() is not None:
            break
    text = f"at the {turn}. stop"
    check("a node that was stopped and goes on ends and says why", guardian.end() == 1 and "the connection to other nodes is lost" in guardian.log(), text)


def dead_reader():
    """One that was killed acknowledges nothing until its lease ends; nobody else may miss a message for it."""
    guardian = Process("vedette_guardian", *CYCLONE)
    recorder = Process("vedette_recorder", *CYCLONE)
    wait("decision", lambda: decision(lambda d: True))
    wait("the recorder", lambda: "recording to" in recorder.log())
    time.sleep(1.0)
    recorder.kill()
    decisions.take(1000)
    changes = 0
    for turn in range(100):
        read_gas(80.0 if turn % 2 else 10.0)
        time.sleep(0.05)
        changes += len({d.stamp.nanosec for d in decisions.take(1000)})
    check("a reader that was killed holds up nobody", changes >= 50 and "timed out" not in guardian.log(), f"{changes} decisions in 5 s")
    guardian.stop()


def wrong_mapping():
    guardian = Process("vedette_guardian")
    wait("decision", lambda: decision(lambda d: True))
    services = node("vedette_guardian")
    change = services["change"]
    for _ in range(3):
        change.writer.write(t.ChangeStateRequest(client=1, number=1, transition=t.Transition(id=4)))
        time.sleep(0.3)
    check("a request of the other mapping changes nothing and says why", "set node.service_mapping to cyclone" in guardian.log())
    decisions.take(1000)
    read_gas(80.0)
    wait("still active", lambda: decision(lambda d: d.response == STOP))
    guardian.stop()


def visualizer():
    """Draws into files, says that there is no viewer, and goes on; the viewer's own program reads what it wrote."""
    said = reader("rt/diagnostics", t.DiagnosticArray, qos(True, depth=100))
    images = writer("rt/camera/image_raw", t.Image, qos(False, depth=1))
    process = Process(
        "vedette_visualizer", *CYCLONE, "-p", "visualizer.folder:=drawn", "-p", "visualizer.viewer:=127.0.0.1:9", "-p", "visualizer.picture_hz:=10.0")

    def warned():
        images.write(t.Image(
            header=t.Header(stamp=now(), frame_id="camera_optical"), height=480, width=640, encoding="rgb8", step=1920, data=[90] * (640 * 480 * 3)))
        read_gas(80.0)
        time.sleep(0.05)
        own = [s for a in said.take(100) for s in a.status if s.name == "vedette_visualizer: node"]
        return next((s for s in own if "no viewer at 127.0.0.1:9" in s.message), None)

    status, took = wait("warning", warned, 20)
    check("an absent viewer is a warning", status.level == 1, f"after {took:.1f} s: {status.message}")
    check("and a line in the log", "no viewer at 127.0.0.1:9" in process.log() and "going on without it" in process.log())
    end = time.monotonic() + 2
    while time.monotonic() < end:
        warned()
    check("the visualizer ends cleanly", process.stop() == 0)
    file = WORK / "drawn" / "live-000001.rrd"
    check("it drew into a file", file.stat().st_size > 10_000, f"{file.stat().st_size} bytes")
    rerun = pathlib.Path(sys.executable).parents[2] / "checkers/venv/bin/rerun"
    if not rerun.exists():
        print(f"SKIPPED what is drawn: no {rerun}; run tests/checkers/setup.sh", flush=True)
        return
    text = subprocess.run([rerun, "rrd", "stats", file], capture_output=True, text=True).stdout
    wanted = ["/camera/camera/image_raw/image", "/sensors/gas/ppm/co", "/memory/vedette_visualizer/resident_mib", "/diagnostics/log"]
    check("camera, gas, memory and diagnostics are in it", all(entity in text for entity in wanted), "" if all(e in text for e in wanted) else text)


guardian = guardian_alone()
services = parameters_and_lifecycle(guardian)
speed_limits(services)
agent_and_recorder()
restart(guardian)
stopped()
dead_reader()
wrong_mapping()
visualizer()
print(f"all live checks passed; logs and recording in {WORK}", flush=True)
