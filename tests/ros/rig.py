"""What the live checks beside check_live.py share: an independent DDS participant, processes, waiting, verdicts.

In -> out: folder of the binaries (first argument) -> readers, writers and processes; a check that fails ends the program with the logs.
"""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from cyclonedds.core import Policy, Qos
from cyclonedds.domain import DomainParticipant
from cyclonedds.pub import DataWriter
from cyclonedds.sub import DataReader
from cyclonedds.topic import Topic
from cyclonedds.util import duration

import dds_types as t

BINARIES = pathlib.Path(sys.argv[1])
WORK = pathlib.Path(tempfile.mkdtemp(prefix="vedette-live-"))
STOP, UNKNOWN = 4, 0

participant = DomainParticipant(7)


def qos(reliable, latched=False, depth=10):
    return Qos(
        Policy.Reliability.Reliable(duration(seconds=1)) if reliable else Policy.Reliability.BestEffort,
        Policy.Durability.TransientLocal if latched else Policy.Durability.Volatile,
        Policy.History.KeepLast(depth),
        Policy.DataRepresentation(use_cdrv0_representation=True),
    )


def reader(name, kind, q):
    return DataReader(participant, Topic(participant, name, kind, qos=q), qos=q)


def writer(name, kind, q):
    return DataWriter(participant, Topic(participant, name, kind, qos=q), qos=q)


def now():
    nanos = time.time_ns()
    return t.Time(sec=nanos // 10**9, nanosec=nanos % 10**9)


def wait(what, find, seconds=20.0):
    """The first true value of `find`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := find():
            return found
        time.sleep(0.005)
    fail(f"{what}: nothing within {seconds} s")


def fail(text):
    print(f"FAILED {text}", flush=True)
    for process in list(Process.running):
        process.kill()
        print(f"--- {process.name}\n{process.log()[-3000:]}", flush=True)
    sys.exit(1)


def check(what, is_true, detail=""):
    if not is_true:
        fail(f"{what} {detail}")
    print(f"ok {what} {detail}".rstrip(), flush=True)


class Process:
    """A program of ours, with its output in a file."""

    running = []

    def __init__(self, name, *arguments):
        self.name, self.file = name, WORK / f"{name}-{time.monotonic_ns()}.log"
        env = {**os.environ, "XDG_CACHE_HOME": str(WORK / "cache")}
        output = {"stdout": self.file.open("wb"), "stderr": subprocess.STDOUT}
        self.child = subprocess.Popen([str(BINARIES / name), "--ros-args", *arguments], cwd=WORK, env=env, **output)
        Process.running.append(self)

    def log(self):
        return self.file.read_text(errors="replace")

    def kill(self):
        self.child.kill()
        self.child.wait()
        Process.running.remove(self)

    def stop(self, seconds=15):
        self.child.send_signal(signal.SIGINT)
        try:
            code = self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            fail(f"{self.name} did not stop")
        Process.running.remove(self)
        return code

    def rss_kb(self):
        status = pathlib.Path(f"/proc/{self.child.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
