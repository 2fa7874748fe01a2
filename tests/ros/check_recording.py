"""Holds the recorder against the decisions that were published: an independent DDS feeds agent and guardian and hears the guardian, and
`vedette replay` of the recording must come to the same. Then a disk that is full.

In -> out: folder of the binaries -> one line a check, exit code 1 at the first that fails.
"""
import json
import pathlib
import subprocess
import time

import dds_types as t
from harness import BINARIES, WORK, Process, check, now, qos, reader, wait, writer

STOP = 4
SECS = 10
ROOT = pathlib.Path(__file__).resolve().parents[2]


def feed(gas, images, decisions):
    """A gas sensor that crosses its threshold, and a camera; gives back what the guardian said."""
    heard, start, step = {}, time.monotonic(), 0
    while (age := time.monotonic() - start) < SECS:
        step += 1
        gas.write(t.GasReading(header=t.Header(stamp=now(), frame_id="nose"), gas="co", ppm=80.0 if age % 5 > 3.5 else 10.0))
        if step % 4 == 0:
            shade = step * 15 % 256
            picture = [shade, 255 - shade, 90] * (160 * 120)
            header = t.Header(stamp=now(), frame_id="camera_optical")
            images.write(t.Image(header=header, height=120, width=160, encoding="rgb8", step=480, data=picture))
        # What stands is said again; it counts once.
        heard |= {(d.stamp.sec, d.stamp.nanosec): d for d in decisions.take(1000)}
        time.sleep(0.05)
    return heard


def record():
    gas, images = writer("rt/gas", t.GasReading, qos(False, depth=5)), writer("rt/camera/image_raw", t.Image, qos(False, depth=1))
    recorder = Process("vedette_recorder", "--ros-args", "-p", "recorder.raw_images:=true", "-p", "recorder.max_file_secs:=4.0")
    decisions = reader("rt/vedette_guardian/decision", t.Decision, qos(True, depth=1000))
    guardian, agent = Process("vedette_guardian", "--ros-args"), Process("vedette_agent", "--ros-args", "-p", "reasoning.deadline_millis:=60000")
    wait("decision", lambda: decisions.read(1))
    wait("agent", lambda: "-> active" in agent.log(), 60)
    # Who is discovered by one node and not yet by another loses messages by right.
    time.sleep(2.0)
    heard = feed(gas, images, decisions)
    check("the guardian decided", len(heard) > 5 and any(d.response == STOP for d in heard.values()), f"{len(heard)} decisions")
    agent.stop()
    check("the guardian ends cleanly", guardian.stop() == 0)
    # The last words are on their way.
    time.sleep(1.0)
    check("the recorder ends cleanly", recorder.stop() == 0)
    heard |= {(d.stamp.sec, d.stamp.nanosec): d for d in decisions.take(1000)}
    (run,) = (WORK / "recordings").iterdir()
    return run, heard


def files_are_readable(run):
    files = sorted(file.name for file in run.glob("run*.mcap"))
    check("the recording has several files", len(files) >= 3, str(files))
    python = BINARIES.parent / "checkers/venv/bin/python"
    if not python.exists():
        print("SKIPPED the independent readers: no tests/checkers; run tests/checkers/setup.sh", flush=True)
        return
    done = subprocess.run([python, ROOT / "tests/checkers/check_run.py", run], capture_output=True, text=True)
    check("rosbags and mcap-ros2 read every file alone and all together", done.returncode == 0, done.stderr[-500:])


def replays_to_the_same(run, heard):
    if not (BINARIES / "vedette").exists():
        print("SKIPPED the replay: no `vedette` in the folder; build it", flush=True)
        return
    out = WORK / "replayed"
    done = subprocess.run([BINARIES / "vedette", "replay", run, "--out", out, "--json", "--no-rrd", "--no-report"], capture_output=True, text=True, cwd=WORK)
    check("the recording is replayed", done.returncode == 0, done.stderr[-1000:])
    live = json.loads(done.stdout)["live"]
    told = json.dumps(live)
    nothing = live["decisions"]["only_live"] == live["decisions"]["only_here"] == live["decisions_in_doubt"] == 0
    check("replay decides what was published, and nothing else", nothing and live["decisions"]["same"] >= len(heard) - 1, told)
    check("the guardian knew live what it knows in replay", live["states_that_differ"] == 0)
    lines = {(d["stamp_nanos"] // 10**9, d["stamp_nanos"] % 10**9): d for d in map(json.loads, (out / "decisions.jsonl").open())}
    words = {"unknown": 0, "clear": 1, "hazard": 2}
    differing = [s for s, d in heard.items() if s not in lines or words[lines[s]["verdict"]] != d.verdict or lines[s]["reasons"] != d.reasons]
    check("a foreign DDS heard the same decisions", not differing, f"{len(heard)} decisions, differing: {differing[:3]}")
    if live["lost_inputs"].get("vedette_agent"):
        # Best effort pictures may be lost between three processes on a busy machine; then it must be said.
        check("what was lost is named", "not run again" in live["agent"], live["agent"])
    else:
        check("the agent comes to the same assessments", live["assessments"]["only_here"] == 0 and live["assessments"]["same"] > 0, told)


def full_disk():
    disk = WORK / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=640k", "tmpfs", disk], capture_output=True).returncode:
        print("SKIPPED the full disk: no right to mount a tmpfs", flush=True)
        return
    try:
        health = reader("rt/diagnostics", t.DiagnosticArray, qos(True, depth=100))
        recorder = Process("vedette_recorder", "--ros-args", "-p", f"recorder.folder:={disk}")
        images = writer("rt/camera/image_raw/compressed", t.CompressedImage, qos(False, depth=1))
        noise = list(pathlib.Path("/dev/urandom").open("rb").read(30_000))

        def told():
            images.write(t.CompressedImage(header=t.Header(stamp=now(), frame_id="c"), format="jpeg", data=noise))
            time.sleep(0.05)
            said = [s for a in health.take(100) for s in a.status if s.name.startswith("vedette_recorder")]
            return next((s for s in said if s.level == 2), None)

        found, _ = wait("diagnostics", told, 30)
        check("a full disk is told in diagnostics", "free space" in found.message, found.message)
        check("it does not end the recorder", recorder.child.poll() is None)
        run = sorted(disk.iterdir())[0]
        check("what was recorded is there", (run / "run.mcap").stat().st_size > 200_000)
        recorder.stop()
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


run, heard = record()
files_are_readable(run)
replays_to_the_same(run, heard)
full_disk()
print(f"all checks of the recording passed; logs and recording in {WORK}", flush=True)
