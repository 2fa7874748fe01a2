"""Holds `vedette sim` and `vedette up` against an independent DDS, in a network namespace that has nothing but loopback.

In -> out: folder of the binaries -> one line a check, exit code 1 at the first that fails. Simulator and nodes are processes of their own,
then all in one.
"""
import json
import math
import signal
import time

from cyclonedds.builtin import BuiltinDataReader, BuiltinTopicDcpsPublication, BuiltinTopicDcpsSubscription

import dds_sim_types as s
import dds_types as t
from harness import Process, WORK, check, participant, qos, reader, wait, writer

SIM_TIME = ("--ros-args", "-p", "use_sim_time:=true")
# A patrol begins at this second of simulated time.
START = 1_700_000_000
TRUTH = "rt/vedette_sim/truth"
SENSORS = {
    "rt/camera/image_raw": "sensor_msgs::msg::dds_::Image_",
    "rt/camera/image_raw/compressed": "sensor_msgs::msg::dds_::CompressedImage_",
    "rt/camera/camera_info": "sensor_msgs::msg::dds_::CameraInfo_",
    "rt/scan": "sensor_msgs::msg::dds_::LaserScan_",
    "rt/range": "sensor_msgs::msg::dds_::Range_",
    "rt/imu/data": "sensor_msgs::msg::dds_::Imu_",
    "rt/odom": "nav_msgs::msg::dds_::Odometry_",
    "rt/temperature": "sensor_msgs::msg::dds_::Temperature_",
    "rt/gas": "vedette_msgs::msg::dds_::GasReading_",
    "rt/battery_state": "sensor_msgs::msg::dds_::BatteryState_",
    "rt/tf": "tf2_msgs::msg::dds_::TFMessage_",
    "rt/tf_static": "tf2_msgs::msg::dds_::TFMessage_",
    "rt/clock": "rosgraph_msgs::msg::dds_::Clock_",
    TRUTH: "std_msgs::msg::dds_::String_",
}

assessments = reader("rt/vedette_agent/assessment", t.Assessment, qos(True, depth=100))
decisions = reader("rt/vedette_guardian/decision", t.Decision, qos(True, depth=1000))
hazards = reader("rt/vedette_guardian/hazards", t.HazardArray, qos(True, depth=1000))
clock = reader("rt/clock", s.Clock, qos(False, depth=1))
odometry = reader("rt/odom", s.Odometry, qos(True, depth=500))
twists = writer("rt/cmd_vel", s.Twist, qos(True, depth=1))
stamped_twists = writer("rt/cmd_vel", s.TwistStamped, qos(True, depth=1))
limits = writer("rt/speed_limit", t.SpeedLimit, qos(True, depth=10))
publications = BuiltinDataReader(participant, BuiltinTopicDcpsPublication)
subscriptions = BuiltinDataReader(participant, BuiltinTopicDcpsSubscription)


def secs(stamp):
    return stamp.sec + stamp.nanosec * 1e-9


def is_simulated(stamp):
    return START <= stamp.sec < START + 1000


def now():
    found, _ = wait("clock", lambda: clock.take(1))
    return secs(found[0].clock)


def last_odometry():
    found, _ = wait("odometry", lambda: odometry.take(500))
    return found[-1]


def speeds():
    twist = last_odometry().twist.twist
    return twist.linear.x, twist.angular.z


def pictures():
    raw = reader("rt/camera/image_raw", t.Image, qos(False, depth=1))
    found, took = wait("picture", lambda: raw.take(1), 40)
    image = found[0]
    check(
        "a foreign DDS gets pictures",
        (image.width, image.height, image.step, image.encoding) == (640, 480, 1920, "rgb8") and len(image.data) == 640 * 480 * 3,
        f"after {took:.1f} s")
    check("they show something, in simulated time", len(set(image.data[:300_000])) > 50 and is_simulated(image.header.stamp))
    compressed = reader("rt/camera/image_raw/compressed", s.CompressedImage, qos(False, depth=1))
    found, _ = wait("compressed picture", lambda: compressed.take(1))
    check("compressed ones too", bytes(found[0].data[:3]) == b"\xff\xd8\xff" and is_simulated(found[0].header.stamp))


def time_and_frames():
    before, at = now(), time.monotonic()
    time.sleep(1.0)
    passed, wall = now() - before, time.monotonic() - at
    check("the clock goes on, no faster than the rate", 0.2 < passed < 1.05 * wall + 0.1, f"{passed:.2f} s in {wall:.2f} s")
    fixed = reader("rt/tf_static", s.TFMessage, qos(True, latched=True, depth=1))
    found, _ = wait("fixed frames", lambda: fixed.take(1))
    frames = {edge.child_frame_id for edge in found[0].transforms}
    check("late joiners get the fixed frames", {"laser_link", "camera_optical"} <= frames, str(sorted(frames)))
    ranges = reader("rt/range", s.Range, qos(True, depth=1))
    found, _ = wait("range", lambda: ranges.take(1))
    check("the range finder looks ahead", found[0].range > 0.12 and found[0].header.frame_id == "laser_link", f"{found[0].range:.2f} m")
    seen = {}
    wait("every topic", lambda: seen.update((p.topic_name, p.type_name) for p in publications.take(500)) or SENSORS.items() <= seen.items())
    check("every sensor is offered under its type", True)


def the_truth_is_for_nobody(nodes):
    listeners = {}
    wait("subscriptions", lambda: listeners.update((str(x.key), x.topic_name) for x in subscriptions.take(500)) or "rt/gas" in listeners.values())
    check("no node listens to the truth", TRUTH not in listeners.values(), f"{len(nodes)} nodes, {len(listeners)} subscriptions")
    truth = reader(TRUTH, s.String, qos(True, depth=10))
    found, _ = wait("truth", lambda: truth.take(1))
    line = json.loads(found[0].data)
    check("the truth is there for whoever measures", is_simulated(t.Time(sec=line["stamp_nanos"] // 10**9)) and "hazards" in line)


def the_stack_works_on_it():
    found, took = wait("assessment", lambda: assessments.take(1), 60)
    check("the agent assesses simulated pictures", is_simulated(found[0].header.stamp), f"{found[0].camera} after {took:.1f} s")
    decided, _ = wait("decision", lambda: [d for d in decisions.take(1000) if d.has_image_stamp], 30)
    check("the guardian decides from them", is_simulated(decided[0].stamp) and is_simulated(decided[0].image_stamp))
    found, took = wait("hazards", lambda: [h for array in hazards.take(1000) for h in array.hazards], 50)
    kinds = {"fire", "smoke", "gas_leak", "liquid_spill", "person_down", "blocked_path"}
    check("hazards arrive", {h.kind for h in found} <= kinds and is_simulated(found[0].valid_until), f"{found[0].kind} after {took:.1f} s")


def limited():
    limits.write(t.SpeedLimit(percentage=True, speed_limit=10.0))
    wait("slow patrol", lambda: 0.0 < speeds()[0] < 0.06, 30)
    time.sleep(0.5)
    check("the patrol keeps to a speed limit", max(o.twist.twist.linear.x for o in odometry.take(500)) < 0.06)
    limits.write(t.SpeedLimit(percentage=False, speed_limit=0.0))
    _, took = wait("full speed", lambda: speeds()[0] > 0.15, 30)
    check("0 is no limit", True, f"fast again after {took:.1f} s")


def driven():
    def drive(out, command, is_reached):
        """Until the odometry says that it is done; the clock at the last command."""
        def order():
            out.write(command)
            time.sleep(0.05)
            return is_reached(*speeds())
        wait("driven", order, 15)
        return now()

    def rest(since):
        wait("rest", lambda: speeds() == (0.0, 0.0), 15)
        return secs(last_odometry().header.stamp) - since

    before = last_odometry().pose.pose
    turn = s.Twist(linear=s.Vector3(x=0.2), angular=s.Vector3(z=0.6))
    since = drive(twists, turn, lambda speed, turning: speed > 0.15 and abs(turning - 0.6) < 0.06)
    check("a Twist drives it off its patrol", "driven by cmd_vel" in sim.log())
    silence = rest(since)
    after = last_odometry().pose.pose
    way = math.dist((before.position.x, before.position.y), (after.position.x, after.position.y))
    check("the odometry follows", way > 0.05 and before.orientation != after.orientation, f"{way:.2f} m")
    check("it stops when nobody commands", silence < 2.0, f"after {silence:.2f} s of simulated time")
    command = s.TwistStamped(header=t.Header(stamp=t.Time(sec=START)), twist=s.Twist(angular=s.Vector3(z=-0.8)))
    rest(drive(stamped_twists, command, lambda speed, turning: abs(turning + 0.8) < 0.08 and abs(speed) < 0.02))
    check("a TwistStamped drives it too", True)
    stood = last_odometry().pose.pose.position
    twists.write(s.Twist(linear=s.Vector3(x=float("nan"))))
    wait("refusal", lambda: "refused on cmd_vel: linear.x and angular.z must be finite" in sim.log())
    stands = last_odometry().pose.pose.position
    check("what is no number moves nothing", math.dist((stood.x, stood.y), (stands.x, stands.y)) < 1e-6)


def separate_processes():
    nodes = [Process(name, *SIM_TIME) for name in ("vedette_agent", "vedette_guardian", "vedette_recorder")]
    pictures()
    time_and_frames()
    the_truth_is_for_nobody(nodes)
    the_stack_works_on_it()
    limited()
    driven()
    check("the simulator ends on SIGTERM", sim.stop(signal.SIGTERM) == 0)
    check("the nodes end on SIGINT", [node.stop() for node in nodes] == [0, 0, 0])
    run = next((WORK / "recordings").iterdir())
    recorded = json.loads((run / "summary.json").read_text())["topics"]
    wanted = ["/camera/image_raw/compressed", "/odom", "/range", "/gas", "/vedette_agent/assessment", "/vedette_guardian/decision"]
    check("it has what was said, and no truth", all(recorded.get(x) for x in wanted) and not any("truth" in x for x in recorded), str(recorded))


def one_process():
    for old in (assessments, decisions):
        old.take(1000)
    up = Process("vedette", "up", "--sim", "--seed", "2", "--pictures", "compressed", "--ros-args", "-r", "vedette_recorder:__node:=a-b")
    _, took = wait("decision", lambda: [d for d in decisions.take(1000) if is_simulated(d.stamp)], 40)
    check("all nodes run in one process", True, f"a decision after {took:.1f} s")
    wait("assessment", lambda: [a for a in assessments.take(100) if is_simulated(a.header.stamp)], 40)
    check("assessments too", True)
    check("a node that ends is told, and the others go on", "vedette_recorder has ended, what runs beside it goes on" in up.log())
    wait("later decision", lambda: [d for d in decisions.take(1000) if d.has_image_stamp], 20)
    check("log lines say whose they are", all(f"[vedette_{name}] " in up.log() for name in ("agent", "guardian", "sim")), up.log()[-2000:])
    check("a stop that follows a failure says so", up.stop(signal.SIGTERM) == 1 and "ended by a failure: vedette_recorder" in up.log())
    short = Process("vedette", "up", "guardian", "--sim", "--minutes", "0.03", "--hazard-count", "0")
    code = short.end()
    check("it ends with the patrol, all well", code == 0, f"exit code {code}" if code == 0 else short.log()[-2000:])


sim = Process("vedette", "sim", "--clock", "--minutes", "3", "--hazard-count", "45")
started = time.monotonic()
separate_processes()
one_process()
print(f"all live checks of the simulator passed in {time.monotonic() - started:.0f} s; logs and recording in {WORK}", flush=True)
