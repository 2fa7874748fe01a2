"""Throws bad messages at agent and guardian by the dozen: malformed CDR, huge lengths, wrong types, wrong encodings, NaN; and a clock that
goes back, as a bag played in a loop does it. Each must be counted, told at a limited rate and dropped, and a good message still works.

In -> out: folder of the binaries -> one line a check, exit code 1 at the first that fails.
"""
import math
import re
import struct
import time
from dataclasses import dataclass

from cyclonedds.domain import DomainParticipant
from cyclonedds.idl import IdlStruct
from cyclonedds.idl.types import array, uint8
from cyclonedds.pub import DataWriter
from cyclonedds.topic import Topic

import dds_types as t
from harness import WORK, Process, check, now, qos, reader, wait, writer

STOP, UNKNOWN = 4, 0
DOZENS = 36
OTHERS = []  # keeps the participants of foreign types alive


def raw_writer(topic, type_name, size):
    """A writer of messages that claim to be of a type and are `size` bytes of anything. A participant knows one type a topic."""

    @dataclass
    class Raw(IdlStruct, typename=type_name):
        data: array[uint8, size]

    foreign = DomainParticipant(7)
    q = qos(True)
    raw = DataWriter(foreign, Topic(foreign, topic, Raw, qos=q), qos=q)
    OTHERS.append((foreign, raw))
    return lambda payload: raw.write(Raw(data=list(payload.ljust(size, b"\0")[:size])))


def told(process, topic):
    """Numbers of the refusals of a topic that were logged."""
    return [int(number) for number in re.findall(rf"message (\d+) refused on {topic}:", process.log())]


def is_rate_limited(numbers):
    return numbers == [2**k for k in range(len(numbers))]


def malformed_bytes(guardian):
    gas, kind = "rt/gas", "vedette_msgs::msg::dds_::GasReading_"
    head = struct.pack("<iI", 7, 0)
    payloads = {
        1: b"\x01",
        12: head + struct.pack("<I", 200),
        40: head + struct.pack("<I", 0xFFFFFFF0) + b"x" * 28,
        44: head + struct.pack("<I", 0x7FFFFFFF) + b"x" * 32,
        48: head + struct.pack("<I", 4) + b"\xff\xfe\xfd\0" + struct.pack("<I", 3) + b"co\0\0" + struct.pack("<d", 80.0),
    }
    writers = {size: raw_writer(gas, kind, size) for size in payloads}
    wrong_type = raw_writer(gas, "sensor_msgs::msg::dds_::Temperature_", 32)
    time.sleep(2.0)
    before = guardian.rss_kb()
    for _ in range(DOZENS):
        wrong_type(b"\xff" * 32)
        for size, write in writers.items():
            write(payloads[size])
        time.sleep(0.01)
    numbers, _ = wait("refusals", lambda: (n := told(guardian, "/gas")) and n[-1] >= DOZENS and n)
    check("malformed bytes and huge lengths are refused and told ever more seldom", is_rate_limited(numbers), str(numbers))
    grown = guardian.rss_kb() - before
    check("they cost no memory", grown < 20_000, f"{grown} kB")


def bad_values(guardian, agent, gas, images):
    assessments = writer("rt/vedette_agent/assessment", t.Assessment, qos(True))
    frame = t.Header(stamp=now(), frame_id="c")
    odd = [
        {"height": 2**31, "width": 2**31, "step": 3, "encoding": "rgb8", "data": [0] * 12},
        {"height": 4, "width": 4, "step": 0xFFFFFFFF, "encoding": "rgb8", "data": [0] * 48},
        {"height": 4, "width": 4, "step": 12, "encoding": "plaid", "data": [0] * 48},
        {"height": 4, "width": 4, "step": 12, "encoding": "rgb8", "data": [0] * 47},
        {"height": 0, "width": 0, "step": 0, "encoding": "", "data": []},
    ]
    for _ in range(DOZENS):
        for picture in odd:
            images.write(t.Image(header=frame, **picture))
            time.sleep(0.004)
        for ppm in (math.nan, math.inf, -5.0):
            gas.write(t.GasReading(header=frame, gas="co", ppm=ppm))
        assessments.write(t.Assessment(header=frame, camera="/camera/image_raw", confidence=math.nan, verdict=1))
    for process, topic in ((agent, "/camera/image_raw"), (guardian, "/gas"), (guardian, "/vedette_agent/assessment")):
        # Best effort: some may be lost on the way.
        numbers, _ = wait(f"refusals on {topic}", lambda: (n := told(process, topic)) and n[-1] >= 8 and n)
        check(f"bad values on {topic} are refused and told ever more seldom", is_rate_limited(numbers), str(numbers))


def refusals_are_counted():
    health = reader("rt/diagnostics", t.DiagnosticArray, qos(True, depth=100))

    def count(node):
        said = [s.message for a in health.take(100) for s in a.status if s.name.startswith(node)]
        return next((int(n) for m in said for n in re.findall(r"(\d+) messages refused", m) if int(n) >= 8), None)

    for node in ("vedette_guardian", "vedette_agent"):
        check(f"{node} counts them in diagnostics", True, f"{wait(node, lambda: count(node))[0]} messages")


def good_messages_still_work(decisions, gas, images):
    assessments = reader("rt/vedette_agent/assessment", t.Assessment, qos(True))
    shade = [0]

    def look():
        shade[0] = (shade[0] + 60) % 256
        header = t.Header(stamp=now(), frame_id="camera_optical")
        images.write(t.Image(header=header, height=120, width=160, encoding="rgb8", step=480, data=[shade[0]] * 57_600))
        time.sleep(0.1)
        return next((a for a in assessments.take(10) if not math.isnan(a.confidence)), None)

    wait("assessment", look, 60)
    check("a good picture is assessed", True)
    decisions.take(1000)
    gas.write(t.GasReading(header=t.Header(stamp=now(), frame_id="nose"), gas="co", ppm=80.0))
    wait("alarm", lambda: any(d.response == STOP for d in decisions.take(1000)))
    check("a good reading alarms", True)


def clock_goes_back(decisions):
    sim_time = ("-p", "use_sim_time:=true")
    recorder, guardian = Process("vedette_recorder", "--ros-args", *sim_time), Process("vedette_guardian", "--ros-args", *sim_time)
    clock = writer("rt/clock", t.Clock, qos(False, depth=1))
    seconds = [1000.0]

    def play(find):
        seconds[0] += 0.05
        clock.write(t.Clock(clock=t.Time(sec=int(seconds[0]), nanosec=int(seconds[0] % 1 * 1e9))))
        time.sleep(0.02)
        return next((d for d in decisions.take(1000) if find(d)), None)

    wait("decision in simulated time", lambda: play(lambda d: 1000 <= d.stamp.sec < 2000))
    # The recorder is there when it has a folder.
    wait("recording", lambda: play(lambda d: False) or list((WORK / "recordings").glob("*")))
    # A folder says nothing of /clock: one that hears it only after the jump has heard no jump.
    wait("both hear the clock", lambda: play(lambda d: False) or len(clock.get_matched_subscriptions()) >= 2)
    for _ in range(25):
        play(lambda d: False)
    seconds[0] = 500.0
    found, _ = wait("decision after the jump", lambda: play(lambda d: 500 <= d.stamp.sec < 1000))
    jumped = any("clock jumped" in reason for reason in found.reasons)
    check("a clock that goes back is unknown, not what was", found.verdict == UNKNOWN and jumped, str(found.reasons))
    wait("log", lambda: "time went back by" in guardian.log() and "a new recording begins" in recorder.log())
    check("guardian and recorder say so", True)
    guardian.stop()
    recorder.stop()
    runs = [run.name for run in (WORK / "recordings").iterdir()]
    check("each time line has a recording of its own", len(runs) == 2, str(sorted(runs)))


decisions = reader("rt/vedette_guardian/decision", t.Decision, qos(True, depth=1000))
gas = writer("rt/gas", t.GasReading, qos(False, depth=5))
images = writer("rt/camera/image_raw", t.Image, qos(False, depth=1))
guardian, agent = Process("vedette_guardian", "--ros-args"), Process("vedette_agent", "--ros-args", "-p", "reasoning.deadline_millis:=60000")
wait("decision", lambda: decisions.take(10))
wait("agent", lambda: "-> active" in agent.log(), 60)
malformed_bytes(guardian)
bad_values(guardian, agent, gas, images)
refusals_are_counted()
good_messages_still_work(decisions, gas, images)
for process in (agent, guardian):
    process.stop()
clock_goes_back(decisions)
print(f"all checks of odd input passed; logs in {WORK}", flush=True)
