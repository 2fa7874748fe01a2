"""Opens a run folder with tools that are not ours and decodes every message.

In -> out: RUNDIR -> on standard output one JSON object with the number of messages of every topic; exit code 0. Anything that cannot be
opened, any message that cannot be decoded, any type hash that does not match its definition, and any two tools that disagree: exit code 1
and the reason on standard error.
run.mcap, and every further file of the recording, is read by PyPI rosbags (through metadata.yaml where the folder has one, and as a single file) and by mcap-ros2-support; run.rrd, where
it is there, by `rerun rrd verify`.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from mcap.reader import make_reader
from mcap_ros2.decoder import DecoderFactory
from rosbags.highlevel import AnyReader


class Failure(Exception):
    """What is wrong with the run folder."""


def read_with_rosbags(path):
    """AnyReader also computes each type hash from the definition and compares it with the one in the file."""
    counts = Counter()
    with AnyReader([path]) as reader:
        for connection in reader.connections:
            counts[connection.topic] += 0
        last = None
        for connection, time, data in reader.messages():
            reader.deserialize(data, connection.msgtype)
            counts[connection.topic] += 1
            if last is not None and time < last:
                raise Failure(f"{path}: log times go back from {last} to {time}")
            last = time
        promised = sum(connection.msgcount for connection in reader.connections)
    if promised != sum(counts.values()):
        raise Failure(f"{path}: the index promises {promised} messages, {sum(counts.values())} were read")
    return counts


def read_with_mcap_ros2(path):
    counts = Counter()
    with path.open("rb") as stream:
        reader = make_reader(stream, decoder_factories=[DecoderFactory()], validate_crcs=True)
        summary = reader.get_summary()
        if summary is None or summary.statistics is None:
            raise Failure(f"{path}: it has no summary, so it was not closed")
        for channel in summary.channels.values():
            counts[channel.topic] += 0
        for _, channel, _, _ in reader.iter_decoded_messages():
            counts[channel.topic] += 1
        if summary.statistics.message_count != sum(counts.values()):
            raise Failure(f"{path}: statistics count {summary.statistics.message_count} messages, {sum(counts.values())} were read")
    return counts


def verify_rrd(path):
    """`rrd verify` exits with 0 on a file that is no recording at all ("0 files verified"), so what it prints is read as well."""
    verified = rerun("verify", path)
    if "1 file verified without error" not in verified:
        raise Failure(f"{path}: rerun rrd verify: {verified.strip()}")
    rows = re.search(r"^num_rows = ([0-9_]+)$", rerun("stats", path), re.MULTILINE)
    if rows is None or int(rows[1].replace("_", "")) == 0:
        raise Failure(f"{path}: rerun rrd stats: no rows")


def rerun(command, path):
    tool = Path(sys.executable).parent / "rerun"
    done = subprocess.run([tool, "rrd", command, path], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"{path}: rerun rrd {command}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def check(run):
    files = sorted(run.glob("run*.mcap"))
    if not files:
        raise Failure(f"{run}: no run.mcap in it")
    # Every file alone, and all of them as one bag.
    of_files = {file: read_with_mcap_ros2(file) for file in files}
    counts = Counter()
    for of_file in of_files.values():
        counts.update(of_file)
    whole = {run: counts} if (run / "metadata.yaml").is_file() else {}
    for path, expected in (of_files | whole).items():
        other = read_with_rosbags(path)
        if other != expected:
            difference = {topic: [expected[topic], other[topic]] for topic in expected | other if expected[topic] != other[topic]}
            raise Failure(f"{path}: rosbags and mcap-ros2-support disagree, topic: [mcap-ros2, rosbags] is {difference}")
    if (run / "run.rrd").is_file():
        verify_rrd(run / "run.rrd")
    return counts


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: check_run.py RUNDIR")
    try:
        counts = check(Path(sys.argv[1]))
    # Every library here raises exceptions of its own; whichever it is, the folder is not in order.
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")
    print(json.dumps(dict(sorted(counts.items())), indent=1))


if __name__ == "__main__":
    main()
