"""Holds bags against the real rosbag2: what `ros2 bag record` wrote is replayed and judged by `vedette`, what vedette_recorder wrote is read, rewritten and
played by rosbag2, and the nodes assess from what `ros2 bag play` sends.

In -> out: folder of the binaries, and a sourced ROS 2 with `vedette_msgs` and rosbag2 -> one line a check, exit code 1 at the first that fails, 77 where
one is missing, which it says. The middleware is the one that `RMW_IMPLEMENTATION` names (real_ros.py).
"""
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import time

import real_ros
from real_ros import MAPPING, MAPPING_NAME, PYTHON, ROOT, TOOLS, Following, install, ros2, says

import dds_types as t
from harness import BINARIES, WORK, Process, check, fail, qos, reader, wait

real_ros.needs("the real rosbag2", "ros2bag", "rosbag2_transport", "rosbag2_storage_mcap", "rosbag2_storage_sqlite3")
SECS = 15
TRUTH = WORK / "truth.jsonl"
CAMERA = "/camera/image_raw/compressed"
# What a robot would have, without what the nodes say.
SENSORS = (CAMERA, "/camera/camera_info", "/scan", "/odom", "/imu/data", "/gas", "/tf", "/tf_static")
TOPICS = {
    CAMERA: "sensor_msgs/msg/CompressedImage",
    "/scan": "sensor_msgs/msg/LaserScan",
    "/tf_static": "tf2_msgs/msg/TFMessage",
    "/vedette_agent/assessment": "vedette_msgs/msg/Assessment",
    "/vedette_agent/journal": "vedette_msgs/msg/JournalEvent",
    "/vedette_guardian/decision": "vedette_msgs/msg/Decision",
    "/vedette_guardian/journal": "vedette_msgs/msg/JournalEvent",
}


def vedette(*arguments, seconds=300):
    """The JSON object that a command prints."""
    command = [BINARIES / "vedette", *map(str, arguments), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, cwd=WORK, check=False)
    if done.returncode:
        fail(f"vedette {arguments[0]} ended with {done.returncode}: {done.stderr[-3000:]}")
    return json.loads(done.stdout)


def replay(bag, way, *more):
    out = WORK / way / bag.name
    return out, vedette("replay", bag, "--out", out, "--no-rrd", "--no-report", *more)


def recorders():
    """Both storages of rosbag2 at once, and ours."""
    bags = {}
    for storage in ("mcap", "sqlite3"):
        bag = WORK / f"real_{storage}"
        tool = Following(
            "bag", "record", "--all-topics", "--storage", storage, "--output", str(bag), "--node-name", f"recorder_{storage}",
            "--qos-profile-overrides-path", str(ROOT / "params/rosbag2/qos.yaml"))
        tool.wait("the recorder", "Listening for topics|Recording")
        bags[bag] = tool
    return bags, Process("vedette_recorder", "--ros-args", *MAPPING)


def record():
    """A patrol of the simulator with agent and guardian; what was published as decisions, the bags of rosbag2 and ours."""
    simulator = Process("vedette", "sim", "--minutes", "5", "--pictures", "compressed")
    bags, ours = recorders()
    for tool in bags.values():
        tool.wait("rosbag2's subscription", "Subscribed to topic '/scan'")
    decisions = reader("rt/vedette_guardian/decision", t.Decision, qos(True, depth=2000))
    # What the nodes hear before a recorder does is missing in its bag by right.
    time.sleep(5.0)
    guardian = Process("vedette_guardian", "--ros-args", *MAPPING)
    agent = Process("vedette_agent", "--ros-args", *MAPPING, "-p", "reasoning.deadline_millis:=60000")
    wait("decision", lambda: decisions.read(1))
    wait("agent", lambda: "-> active" in agent.log(), 60)
    time.sleep(SECS)
    for process in (agent, guardian, simulator):
        check("it ends cleanly", process.stop() == 0, process.name.split()[0])
    # The last words are on their way.
    time.sleep(1.0)
    heard = {(d.stamp.sec, d.stamp.nanosec) for d in decisions.take(2000)}
    check("vedette_recorder ends cleanly", ours.stop() == 0)
    for tool in bags.values():
        check("ros2 bag record ends", tool.stop() == 0)
        # Both types that /cmd_vel has in ROS 2 are taken by the simulator, and rosbag2 takes no topic with two.
        wrong = re.findall(r"^(?!.*'/cmd_vel' has more than one type).*(?:\[ERROR\]|lost|has unknown type).*$", tool.text(), re.MULTILINE)
        check("ros2 bag record took every topic", not wrong, str(wrong[:3]))
    (run,) = (WORK / "recordings").iterdir()
    return list(bags), run, heard


def info(bag):
    """What `ros2 bag info` says of a bag: messages a topic."""
    text = ros2("bag", "info", str(bag))
    found = {name: (kind, int(count)) for name, kind, count in re.findall(r"Topic: (\S+) \| Type: (\S+) \| Count: (\d+) ", text)}
    for name, kind in TOPICS.items():
        if found.get(name, ("", 0))[0] != kind or not found[name][1]:
            fail(f"ros2 bag info {bag.name} has no {name} of {kind}:\n{text}")
    counts = {name: count for name, (_, count) in found.items()}
    is_silent = not re.search("warn|error", text, re.IGNORECASE)
    check("ros2 bag info knows every topic", is_silent, f"{bag.name}: {len(counts)} topics, {sum(counts.values())} messages")
    return counts


def truth(bag):
    """What the simulator says is there, out of the sqlite3 bag of rosbag2: a CDR string is a header, a length and its text with a zero."""
    (file,) = bag.glob("*.db3")
    with sqlite3.connect(file) as db:
        topic = "select id from topics where name = '/vedette_sim/truth'"
        rows = db.execute(f"select data from messages where topic_id = ({topic}) order by timestamp")
        lines = [bytes(data)[8:].split(b"\0")[0].decode() for (data,) in rows]
    check("the simulator's truth is in the bag", len(lines) > SECS, f"{len(lines)} lines")
    TRUTH.write_text("\n".join(lines) + "\n")


def replays(bag, fewest):
    """A bag with the nodes' journals comes to what they published, as far as it has that."""
    out, summary = replay(bag, "replayed")
    live = summary["live"]
    nothing = live["decisions"]["only_live"] == live["decisions"]["only_here"] == live["decisions_in_doubt"] == 0
    check("vedette replay decides what was published", nothing and live["decisions"]["same"] >= fewest, f"{bag.name}: {json.dumps(live)}")
    return (out / "decisions.jsonl").read_bytes()


def judged(bag):
    """As a bag like any other: its sensors through the agent, and what that was worth."""
    out, summary = replay(bag, "judged", "--without-journal", "--truth", TRUTH)
    calls = summary["vlm_calls"]
    check("vedette replay looks at its pictures", calls > 3, f"{bag.name}: {calls} calls of the model, {summary['verdicts']}")
    (run,) = vedette("eval", out, "--truth", TRUTH)["runs"]
    frames = run["metrics"]["assessed_frames"]
    check("vedette eval holds it against the truth", run["metrics"]["has_truth"] and frames > 3, f"{bag.name}: {frames} frames")


def rewritten(run):
    """rosbag2 reads all of ours and writes it again, with every definition."""
    outputs = WORK / "outputs.yaml"
    again = {"sqlite3": WORK / "again_sqlite3", "mcap": WORK / "again_mcap"}
    sensors = WORK / "sensors"
    bags = [{"uri": str(bag), "storage_id": storage, "all_topics": True} for storage, bag in again.items()]
    bags.append({"uri": str(sensors), "storage_id": "mcap", "topics": list(SENSORS)})
    outputs.write_text(json.dumps({"output_bags": bags}))
    text = ros2("bag", "convert", "--input", str(run), "--output-options", str(outputs), seconds=120)
    check("ros2 bag convert takes our recording", not re.search("warn|error", text, re.IGNORECASE), "" if "error" not in text.lower() else text[-1000:])
    return list(again.values()), sensors


def definitions(run, again):
    """What rosbag2 knows of our types, and keeps, held against what ROS 2's own generators installed."""
    read = "import json, rosbag2_py, sys; m = rosbag2_py.Info().read_metadata(sys.argv[1], 'mcap'); " \
        "print(json.dumps({t.topic_metadata.type: t.topic_metadata.type_description_hash for t in m.topics_with_message_count}))"
    done = subprocess.run([*PYTHON, "-c", read, run], capture_output=True, text=True, env=TOOLS, check=False)
    if done.returncode:
        fail(f"rosbag2_py cannot read {run}: {done.stderr}")
    hashes = json.loads(done.stdout.splitlines()[-1])
    (file,) = again.glob("*.db3")
    with sqlite3.connect(file) as db:
        texts = dict(db.execute("select topic_type, encoded_message_definition from message_definitions where encoding = 'ros2msg'"))
    for kind in sorted(set(TOPICS.values())):
        check("rosbag2 reads the hash of ROS 2's generators", hashes.get(kind) == installed_hash(kind), f"{kind}: {hashes.get(kind)}")
        check("and keeps our definition of the type", texts.get(kind, "").strip(), f"{kind}: {len(texts.get(kind, ''))} characters")


def installed_hash(kind):
    for prefix in os.environ["AMENT_PREFIX_PATH"].split(":"):
        file = pathlib.Path(prefix, "share", f"{kind}.json")
        if file.exists():
            return next(each["hash_string"] for each in json.loads(file.read_text())["type_hashes"] if each["type_name"] == kind)
    return fail(f"the sourced ROS 2 has no description of {kind}")


def played(run):
    """The nodes on the bag's time, from what `ros2 bag play` sends in a loop."""
    first = first_second(run)
    heard = []
    assessments = reader("rt/vedette_agent/assessment", t.Assessment, qos(True, depth=500))
    agent = Process("vedette_agent", "--ros-args", *MAPPING, "-p", "use_sim_time:=true")
    guardian = Process("vedette_guardian", "--ros-args", *MAPPING, "-p", "use_sim_time:=true")
    play = Following(
        "bag", "play", str(run), "--clock", "--loop", "--disable-keyboard-controls", "--playback-duration", "6", "--topics", *SENSORS)

    def assessed(number):
        heard.extend(a.header.stamp.sec for a in assessments.take(500) if not a.fault)
        return len(heard) >= number

    wait("assessments from ros2 bag play", lambda: assessed(3), 60)
    is_of_the_bag = all(first - 1 <= sec <= first + 10 for sec in heard)
    check("the agent assesses what ros2 bag play sends", is_of_the_bag, f"{len(heard)} pictures from {min(heard) - first} s on")
    decided = ("topic", "echo", "--once", "--field", "stamp.sec", "/vedette_guardian/decision")
    says("the guardian decides on the time of the bag", *decided, find=seconds_from(first))
    for process in (agent, guardian):
        wait(f"the loop's jump back in {process.name}", lambda: "time went back by" in process.log(), 60)
        check("a loop of the bag is noticed", True, process.name.split()[0])
    known = len(heard)
    wait("assessments after the loop", lambda: assessed(known + 3), 60)
    check("and the agent goes on", True, f"{len(heard)} pictures")
    for process in (agent, guardian):
        check("it ends cleanly", process.stop() == 0, process.name.split()[0])
    play.stop()


def first_second(bag):
    """Second in which a bag begins."""
    found = re.search(r"nanoseconds_since_epoch: (\d+)", (bag / "metadata.yaml").read_text())
    return int(found[1]) // 10**9


def seconds_from(first):
    """A pattern of the seconds that the nodes may name when a bag that begins with `first` is played to them."""
    return "|".join(str(first + age) for age in range(-1, 60))


def launched(bag):
    """replay.launch.py as it is."""
    file = WORK / "robot.yaml"
    file.write_text(f"/**:\n  ros__parameters:\n    node.service_mapping: {MAPPING_NAME}\n")
    run = Following("launch", "vedette", "replay.launch.py", f"bag:={bag}", "visualizer:=false", f"params_file:={file}")
    says("ros2 launch plays a bag to the nodes", "lifecycle", "get", "/vedette_guardian", find=r"active \[3\]")
    assessed = ("topic", "echo", "--once", "--field", "header.stamp.sec", "/vedette_agent/assessment")
    says("on its time", *assessed, find=seconds_from(first_second(bag)))
    check("and ends with the bag", run.end(90) == 0)
    ended = set(re.findall(r"\[(\w+)-\d+\]: process has finished cleanly", run.text()))
    check("the nodes end cleanly", {"vedette_agent", "vedette_guardian", "vedette_recorder", "ros2"} <= ended, str(sorted(ended)))


install()
with real_ros.session():
    real, ours, heard = record()
    counts = {bag: info(bag) for bag in (*real, ours)}
    truth(real[1])
    decisions = replays(ours, len(heard) - 1)
    for bag in real:
        # rosbag2 asks ten times a second which topics there are, and is late for the first decisions.
        replays(bag, len(heard) // 2)
        judged(bag)
    again, sensors = rewritten(ours)
    definitions(ours, again[0])
    for bag in again:
        check("ros2 bag info counts the same", info(bag) == counts[ours])
        check("what rosbag2 wrote of ours replays to the same bytes", replays(bag, len(heard) - 1) == decisions)
    played(ours)
    launched(sensors)
print(f"all checks with the real rosbag2 passed; logs and bags in {WORK}", flush=True)
