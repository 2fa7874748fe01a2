"""Holds the agent's detections, its services and its ladder against an independent DDS, in a network namespace that has nothing but loopback.

In -> out: folder of the binaries -> one line a check, exit code 1 at the first that fails.
"""
import time

import dds_agent_types as a
import dds_types as t
from harness import WORK, Client, Process, check, qos, reader, wait, writer

UNKNOWN, CLEAR, HAZARD = 0, 1, 2
OK, WARN, ERROR = 0, 1, 2
WIDTH, HEIGHT = 320, 240
MEMINFO = WORK / "meminfo"

assessments = reader("rt/vedette_agent/assessment", t.Assessment, qos(True, depth=100))
detections = reader("rt/vedette_agent/detections", a.Detection2DArray, qos(True, depth=100))
diagnostics = reader("rt/diagnostics", a.DiagnosticArray, qos(True, depth=100))
images = writer("rt/camera/image_raw", t.Image, qos(False, depth=1))
gas = writer("rt/gas", t.GasReading, qos(False, depth=5))


def memory(available_megabytes):
    fresh = MEMINFO.with_suffix(".new")
    fresh.write_text(f"MemTotal: 8000000 kB\nMemAvailable: {available_megabytes * 1000} kB\n")
    fresh.rename(MEMINFO)


def room(turn):
    """A grey room; `turn` makes every picture another."""
    rows = bytearray()
    for y in range(HEIGHT):
        for x in range(WIDTH):
            shade = 150 - abs(y - 120) // 3 + (turn * 40 + (x // 40) * 5) % 60
            rows += bytes((shade, shade, shade) if y < 160 else (shade - 40, shade - 50, shade - 60))
    return list(rows)


PICTURES = [room(turn) for turn in range(3)]


def now():
    nanos = time.time_ns()
    return t.Time(sec=nanos // 10**9, nanosec=nanos % 10**9)


def look(ppm=2.0):
    """Shows a picture while the gas sensor says `ppm`, waits a little, and gives back the newest assessment."""
    look.turn += 1
    gas.write(t.GasReading(header=t.Header(stamp=now(), frame_id="nose"), gas="co", ppm=ppm))
    images.write(t.Image(
        header=t.Header(stamp=now(), frame_id="camera_optical"), height=HEIGHT, width=WIDTH, encoding="rgb8", step=WIDTH * 3,
        data=PICTURES[look.turn % len(PICTURES)]))
    time.sleep(0.15)
    return next(iter(reversed(assessments.take(100))), None)


look.turn = 0


def ladder_says(prefix):
    """The ladder's entry among the newest diagnostics, if it begins so."""
    for array in diagnostics.take(100):
        for status in array.status:
            if status.name == "vedette_agent: ladder" and status.message.startswith(prefix):
                return status
    return None


def mirrored():
    """A hazard that stands in an assessment and in the detections of the same picture."""
    found = look(ppm=400.0)
    if found is None or found.verdict != HAZARD:
        return None
    # They follow their assessment.
    time.sleep(0.05)
    return next(((found, array) for array in detections.take(100) if array.header.stamp == found.header.stamp), None)


def detected():
    (assessment, array), took = wait("a hazard that is detected", mirrored, 20)
    check("a detection stands for each hazard", len(array.detections) == len(assessment.hazards) > 0, f"after {took:.1f} s")
    check("its header is the picture's", array.header.frame_id == "camera_optical")
    for detection, hazard in zip(array.detections, assessment.hazards):
        best = detection.results[0].hypothesis
        check("class and score are kind and confidence", (best.class_id, best.score) == (hazard.kind, hazard.confidence), f"{best}")
        box = detection.bbox
        left, right = box.center.position.x - box.size_x / 2, box.center.position.x + box.size_x / 2
        inside = -0.01 <= left < right <= WIDTH + 0.01 and box.size_y == HEIGHT and box.center.position.y == HEIGHT / 2
        check("the box lies in the picture", inside, f"{box}")
        side = WIDTH / 2 - box.center.position.x
        check("it is on the side of the bearing", hazard.bearing_rad * side >= 0 or abs(side) < 1, f"{hazard.bearing_rad:.2f} {box}")


def self_tested():
    test = Client("/vedette_agent/self_test", a.SelfTestRequest, a.SelfTestResponse, seconds=5.0)
    answer = test.call()
    names = {status.name: (status.level, status.message) for status in answer.status}
    check("the model passes its self-test", answer.passed == 1 and names["vedette_agent: self-test"][0] == OK, f"{answer.id[:12]} {names}")
    check("its id is the model's hash", len(answer.id) == 64)
    found, _ = wait("an assessment after the self-test", look)
    check("the model goes on after it", bytes(found.model_sha256).hex() == answer.id)
    return test


def switched_off_and_on(test):
    enable = Client("/vedette_agent/enable", a.SetBoolRequest, a.SetBoolResponse, seconds=5.0)
    answer = enable.call(data=False)
    check("it is switched off", answer.success and "disabled" in answer.message, answer.message)
    detections.take(100)

    def off():
        found = look()
        return found if found and found.fault == "reflex_only: disabled" else None

    found, _ = wait("an unknown assessment", off)
    check("switched off, an assessment is unknown and says why", found.verdict == UNKNOWN)
    check("what is unknown is no detection", not detections.take(100))
    check("the model can still be tested", test.call().passed == 1)
    check("it is switched on", enable.call(data=True).success)
    wait("an assessment of the model", lambda: (found := look()) and not found.fault and found)


def down_and_up():
    diagnostics.take(100)
    memory(50)
    for word, level in (("small_context", WARN), ("reflex_only", ERROR)):
        status, took = wait(f"step to {word}", lambda: ladder_says(word))
        check(f"a step to {word} is a diagnostic with its reason", status.level == level and "51 MB" in status.message, f"{status.message} after {took:.2f} s")
    figures = {value.key: value.value for value in status.values}
    check("with the machine's figures", figures["available_bytes"] == str(50 * 1000 * 1024), f"{figures}")

    def without():
        found = look()
        return found if found and found.fault.startswith("reflex_only: 51 MB") else None

    found, _ = wait("an unknown assessment", without)
    check("without a model an assessment is unknown and says why", found.verdict == UNKNOWN, found.fault)
    memory(4000)
    wait("step up", lambda: ladder_says("full"))
    found, _ = wait("an assessment of the model", lambda: (found := look()) and not found.fault and found)
    check("with memory the model is back", any(found.model_sha256))


memory(4000)
agent = Process(
    "vedette_agent", "--ros-args", "-p", "node.service_mapping:=cyclone", "-p", f"ladder.meminfo:={MEMINFO}",
    "-p", f"ladder.memory_pressure:={WORK / 'none'}", "-p", f"ladder.thermal:={WORK / 'none'}", "-p", "ladder.period_secs:=0.1",
    "-p", "ladder.down_after_secs:=0.5", "-p", "ladder.up_after_secs:=1.0")
wait("first assessment", look, 60)
detected()
test = self_tested()
switched_off_and_on(test)
down_and_up()
check("it stops on SIGINT", agent.stop() == 0)
print(f"all checks of the agent passed; logs in {WORK}", flush=True)
