"""What a live check needs: an independent participant (Cyclone DDS from PyPI), nodes as processes of their own, waiting, and one line a check.

In -> out: folder of the binaries (first argument of the script) -> readers, writers, processes; exit code 1 at the first check that fails.
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
from cyclonedds.internal import InvalidSample
from cyclonedds.pub import DataWriter
from cyclonedds.sub import DataReader
from cyclonedds.topic import Topic
from cyclonedds.util import duration

import dds_types as t

BINARIES = pathlib.Path(sys.argv[1])
WORK = pathlib.Path(tempfile.mkdtemp(prefix="vedette-live-"))
ENVIRONMENT = {**os.environ, "XDG_CACHE_HOME": str(WORK / "cache")}

participant = DomainParticipant(int(os.environ["ROS_DOMAIN_ID"]))


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
    """The first true value of `find`, and how long it took."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        found = find()
        if found:
            return found, time.monotonic() - start
        time.sleep(0.002)
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
    """One program of the folder; what it says goes to a file."""

    running = []

    def __init__(self, program, *arguments):
        self.name = " ".join([program, *arguments])
        self.file = WORK / f"{program}-{time.monotonic_ns()}.log"
        if not (BINARIES / program).exists():
            fail(f"{BINARIES / program} is missing; build it: make ros")
        command = [str(BINARIES / program), *arguments]
        self.child = subprocess.Popen(command, stdout=self.file.open("wb"), stderr=subprocess.STDOUT, cwd=WORK, env=ENVIRONMENT)
        Process.running.append(self)

    def log(self):
        return self.file.read_text(errors="replace")

    def kill(self):
        self.child.kill()
        self.child.wait()
        Process.running.remove(self)

    def end(self, seconds=20):
        """Its exit code, once it has ended by itself."""
        try:
            code = self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            fail(f"{self.name} did not end")
        Process.running.remove(self)
        return code

    def stop(self, by=signal.SIGINT):
        self.child.send_signal(by)
        return self.end()

    def rss_kb(self):
        status = pathlib.Path(f"/proc/{self.child.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


class Client:
    """Calls one service as rmw_cyclonedds does."""

    def __init__(self, service, request, response, seconds=2.0):
        q = qos(True)
        self.request, self.number, self.seconds = request, 0, seconds
        self.writer = writer(f"rq{service}Request", request, q)
        self.reader = reader(f"rr{service}Reply", response, q)

    def call(self, **fields):
        # The first call after discovery may be lost (late matching), so it is repeated.
        for _ in range(5):
            self.number += 1
            self.writer.write(self.request(client=0x1122334455667788, number=self.number, **fields))
            end = time.monotonic() + self.seconds
            while time.monotonic() < end:
                # A server that has ended leaves a sample without data behind.
                for answer in (sample for sample in self.reader.take(10) if not isinstance(sample, InvalidSample)):
                    if (answer.client, answer.number) == (0x1122334455667788, self.number):
                        return answer
                time.sleep(0.002)
        fail(f"{self.request.__name__} got no answer")
