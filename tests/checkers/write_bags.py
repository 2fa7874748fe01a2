"""Writes small rosbag2 bags with tools that are not ours, for the tests of the readers.

In -> out: OUTDIR -> one folder per bag, and expected.json with the topics of each bag and, in reading order (log time, then file, then place
in the file), log time and SHA-256 of every payload. Everything is computed, nothing is random: two runs give the same bags.
Deliberately absent: damage (the tests cut and flip the bytes themselves) and large pictures.
"""

import hashlib
import io
import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from mcap.writer import CompressionType, IndexType, Writer as McapWriter
from PIL import Image
from rosbags.interfaces import Qos, QosDurability, QosHistory, QosLiveliness, QosReliability, QosTime
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin, Writer
from rosbags.typesys import Stores, get_types_from_msg, get_typestore
from ruamel.yaml import YAML

WIDTH, HEIGHT = 64, 48
START_NANOS = 1_700_000_000_000_000_000
FRAME_NANOS = 100_000_000
FRAMES = 30
GAS_READING = Path(__file__).parents[2] / "msgs" / "msg" / "GasReading.msg"

STORE = get_typestore(Stores.ROS2_JAZZY)
STORE.register(get_types_from_msg(GAS_READING.read_text(), "vedette_msgs/msg/GasReading"))
TYPES = STORE.types


def qos(durability, depth=10):
    forever = QosTime(9223372036, 854775807)
    return Qos(
        QosHistory.KEEP_LAST, depth, QosReliability.RELIABLE, durability, forever, forever, QosLiveliness.AUTOMATIC, forever, False
    )


@dataclass
class Message:
    """One serialized message; file is its part of a split bag."""

    topic: str
    type: str
    time: int
    data: bytes
    file: int = 0


@dataclass
class Bag:
    """What a written bag must give back."""

    name: str
    path: str
    messages: list = field(default_factory=list)

    def expected(self):
        ordered = sorted(self.messages, key=lambda m: (m.time, m.file))
        topics = {}
        for message in ordered:
            entry = {"type": message.type, "count": 0, "type_hash": STORE.hash_rihs01(message.type)}
            topics.setdefault(message.topic, entry)["count"] += 1
        return {
            "name": self.name,
            "path": self.path,
            "message_count": len(ordered),
            "first_log_time": ordered[0].time,
            "last_log_time": ordered[-1].time,
            "topics": [{"name": name, **topics[name]} for name in sorted(topics)],
            "messages": [[m.topic, m.time, hashlib.sha256(m.data).hexdigest()] for m in ordered],
        }


# Messages


def stamp(nanos):
    return TYPES["builtin_interfaces/msg/Time"](sec=nanos // 10**9, nanosec=nanos % 10**9)


def header(nanos, frame):
    return TYPES["std_msgs/msg/Header"](stamp=stamp(nanos), frame_id=frame)


def vector(x, y, z):
    return TYPES["geometry_msgs/msg/Vector3"](x=x, y=y, z=z)


def turn(angle):
    return TYPES["geometry_msgs/msg/Quaternion"](x=0.0, y=0.0, z=float(np.sin(angle / 2)), w=float(np.cos(angle / 2)))


def say(topic, type_name, time, file=0, **fields):
    message = TYPES[type_name](**fields)
    return Message(topic, type_name, time, bytes(STORE.serialize_cdr(message, type_name)), file)


def picture(frame):
    """A grey room with a brighter patch that moves: rows x columns x RGB."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    shade = (60 + rows + columns // 2).astype(np.uint8)
    rgb = np.stack([shade, shade, shade], axis=2)
    left = 8 + frame % 24
    rgb[20:32, left : left + 12] = (230, 120, 30)
    return rgb


def encoded(frame, encoding):
    rgb = picture(frame)
    grey = rgb.mean(axis=2).astype(np.uint8)
    if encoding == "rgb8":
        return rgb, 3
    if encoding == "bgr8":
        return rgb[:, :, ::-1], 3
    if encoding == "mono8":
        return grey, 1
    if encoding == "bayer_rggb8":
        mosaic = rgb[:, :, 1].copy()
        mosaic[0::2, 0::2] = rgb[0::2, 0::2, 0]
        mosaic[1::2, 1::2] = rgb[1::2, 1::2, 2]
        return mosaic, 1
    # UYVY without colour, as sensor_msgs defines yuv422: U Y0 V Y1.
    uyvy = np.full((HEIGHT, WIDTH, 2), 128, np.uint8)
    uyvy[:, :, 1] = grey
    return uyvy, 2


def image(topic, frame, time, encoding="rgb8", frame_id="camera_optical", header_time=None, file=0):
    pixels, bytes_per_pixel = encoded(frame, encoding)
    stamped = header(time if header_time is None else header_time, frame_id)
    data = np.ascontiguousarray(pixels).reshape(-1)
    return say(
        topic, "sensor_msgs/msg/Image", time, file, header=stamped, height=HEIGHT, width=WIDTH, encoding=encoding, is_bigendian=0,
        step=WIDTH * bytes_per_pixel, data=data,
    )


def compressed(topic, frame, time, form, frame_id="camera_optical"):
    buffer = io.BytesIO()
    Image.fromarray(picture(frame)).save(buffer, form.upper())
    data = np.frombuffer(buffer.getvalue(), np.uint8)
    return say(topic, "sensor_msgs/msg/CompressedImage", time, header=header(time, frame_id), format=form, data=data)


def camera_info(topic, time, frame_id="camera_optical", file=0):
    focal = 60.0
    roi = TYPES["sensor_msgs/msg/RegionOfInterest"](x_offset=0, y_offset=0, height=0, width=0, do_rectify=False)
    intrinsics = [focal, 0, WIDTH / 2, 0, focal, HEIGHT / 2, 0, 0, 1]
    projection = [focal, 0, WIDTH / 2, 0, 0, focal, HEIGHT / 2, 0, 0, 0, 1, 0]
    return say(
        topic, "sensor_msgs/msg/CameraInfo", time, file, header=header(time, frame_id), height=HEIGHT, width=WIDTH,
        distortion_model="plumb_bob", d=np.zeros(5), k=np.array(intrinsics, float), r=np.eye(3).reshape(-1),
        p=np.array(projection, float), binning_x=0, binning_y=0, roi=roi,
    )


def transforms(topic, time, links, file=0):
    stamped = [
        TYPES["geometry_msgs/msg/TransformStamped"](
            header=header(time, parent), child_frame_id=child,
            transform=TYPES["geometry_msgs/msg/Transform"](translation=vector(*offset), rotation=turn(angle)),
        )
        for parent, child, offset, angle in links
    ]
    return say(topic, "tf2_msgs/msg/TFMessage", time, file, transforms=stamped)


def static_transforms(file=0, time=START_NANOS):
    links = [("base_link", "camera_optical", (0.2, 0.0, 0.5), 0.0), ("base_link", "laser", (0.1, 0.0, 0.3), 0.0)]
    return transforms("/tf_static", time, links, file)


def scan(time):
    ranges = (2 + np.sin(np.linspace(-1.5, 1.5, 90))).astype(np.float32)
    ranges[3] = np.inf
    return say(
        "/scan", "sensor_msgs/msg/LaserScan", time, header=header(time, "laser"), angle_min=-1.5, angle_max=1.5,
        angle_increment=3 / 89, time_increment=0.0, scan_time=0.1, range_min=0.1, range_max=12.0, ranges=ranges,
        intensities=np.zeros(0, np.float32),
    )


def points(time):
    cloud = np.stack([np.linspace(1, 3, 50), np.linspace(-1, 1, 50), np.full(50, 0.4)], axis=1).astype(np.float32)
    kind = TYPES["sensor_msgs/msg/PointField"]
    fields = [kind(name=name, offset=4 * i, datatype=7, count=1) for i, name in enumerate("xyz")]
    return say(
        "/points", "sensor_msgs/msg/PointCloud2", time, header=header(time, "laser"), height=1, width=50, fields=fields,
        is_bigendian=False, point_step=12, row_step=600, data=cloud.reshape(-1).view(np.uint8), is_dense=True,
    )


def imu(time):
    none = np.zeros(9)
    return say(
        "/imu/data", "sensor_msgs/msg/Imu", time, header=header(time, "base_link"), orientation=turn(0.1), orientation_covariance=none,
        angular_velocity=vector(0.0, 0.0, 0.05), angular_velocity_covariance=none, linear_acceleration=vector(0.0, 0.0, 9.81),
        linear_acceleration_covariance=none,
    )


def odometry(frame, time):
    point = TYPES["geometry_msgs/msg/Point"](x=0.02 * frame, y=0.0, z=0.0)
    pose = TYPES["geometry_msgs/msg/Pose"](position=point, orientation=turn(0.0))
    twist = TYPES["geometry_msgs/msg/Twist"](linear=vector(0.2, 0.0, 0.0), angular=vector(0.0, 0.0, 0.0))
    none = np.zeros(36)
    return say(
        "/odom", "nav_msgs/msg/Odometry", time, header=header(time, "odom"), child_frame_id="base_link",
        pose=TYPES["geometry_msgs/msg/PoseWithCovariance"](pose=pose, covariance=none),
        twist=TYPES["geometry_msgs/msg/TwistWithCovariance"](twist=twist, covariance=none),
    )


def slow_sensors(frame, time):
    yield say(
        "/temperature", "sensor_msgs/msg/Temperature", time, header=header(time, "base_link"), temperature=21.5 + frame / 10, variance=0.0
    )
    yield say(
        "/range", "sensor_msgs/msg/Range", time, header=header(time, "base_link"), radiation_type=0, field_of_view=0.3, min_range=0.02,
        max_range=4.0, range=1.5, variance=0.0,
    )
    yield say(
        "/battery_state", "sensor_msgs/msg/BatteryState", time, header=header(time, "base_link"), voltage=24.1, temperature=float("nan"),
        current=-1.2, charge=float("nan"), capacity=float("nan"), design_capacity=10.0, percentage=0.8, power_supply_status=2,
        power_supply_health=1, power_supply_technology=2, present=True, cell_voltage=np.zeros(0, np.float32),
        cell_temperature=np.zeros(0, np.float32), location="", serial_number="",
    )
    yield say("/gas", "vedette_msgs/msg/GasReading", time, header=header(time, "base_link"), gas="co", ppm=4.0 + frame)


def sensors(frame, time):
    """Everything but pictures, a few milliseconds apart, as a recorder receives it."""
    yield transforms("/tf", time + 1_000_000, [("odom", "base_link", (0.02 * frame, 0.0, 0.0), 0.0)])
    yield odometry(frame, time + 2_000_000)
    yield imu(time + 3_000_000)
    yield scan(time + 4_000_000)
    yield points(time + 5_000_000)
    if frame % 5 == 0:
        yield from slow_sensors(frame, time + 6_000_000)


def everything():
    """Every sensor type of the readers, and every picture encoding on a topic of its own."""
    messages = [static_transforms()]
    for frame in range(FRAMES):
        time = START_NANOS + frame * FRAME_NANOS
        messages.append(camera_info("/camera/camera_info", time))
        messages.append(image("/camera/image_raw", frame, time))
        messages.extend(sensors(frame, time))
        if frame % 3 == 0:
            for encoding in ("bgr8", "mono8", "yuv422", "bayer_rggb8"):
                messages.append(image(f"/{encoding}/image_raw", frame, time + 10_000_000, encoding))
            messages.append(compressed("/jpeg/image_raw/compressed", frame, time + 11_000_000, "jpeg"))
            messages.append(compressed("/png/image_raw/compressed", frame, time + 12_000_000, "png"))
    return messages


def without_images():
    return [m for m in everything() if "mage" not in m.type]


def several_cameras():
    messages = []
    for frame in range(FRAMES):
        time = START_NANOS + frame * FRAME_NANOS
        messages.append(image("/robot1/front/image_raw", frame, time, frame_id="robot1/front_optical"))
        messages.append(camera_info("/robot1/front/camera_info", time, "robot1/front_optical"))
        rear = time + 30_000_000
        messages.append(compressed("/robot1/rear/image_raw/compressed", frame, rear, "jpeg", "robot1/rear_optical"))
        messages.append(camera_info("/robot1/rear/camera_info", rear, "robot1/rear_optical"))
    return messages


def late_headers():
    """Header stamps go back and forth while log times go on: every third picture was held up for 250 ms."""
    messages = [static_transforms()]
    for frame in range(FRAMES):
        time = START_NANOS + frame * FRAME_NANOS
        taken = time - 250_000_000 if frame % 3 == 2 else time - 20_000_000
        messages.append(image("/camera/image_raw", frame, time, header_time=taken))
        messages.extend(sensors(frame, time))
    return messages


def shuffled():
    """The same messages as `everything`, written in an order that has nothing to do with time."""
    messages = everything()
    return [messages[(i * 137) % len(messages)] for i in range(len(messages))] if len(messages) % 137 else messages


# Writers


def write(out, name, messages, plugin, mode=CompressionMode.NONE, version=9):
    """A bag of PyPI rosbags."""
    writer = Writer(out / name, version=version, storage_plugin=plugin)
    writer.set_compression(mode, CompressionFormat.ZSTD)
    connections = {}
    with writer:
        for m in messages:
            if m.topic not in connections:
                latched = m.topic == "/tf_static"
                durability = QosDurability.TRANSIENT_LOCAL if latched else QosDurability.VOLATILE
                profiles = [qos(durability, 1 if latched else 10)]
                connections[m.topic] = writer.add_connection(m.topic, m.type, typestore=STORE, offered_qos_profiles=profiles)
            writer.write(connections[m.topic], m.time, m.data)
    return Bag(name, name, messages)


def write_mcap_file(path, messages, compression, **options):
    """A single file of PyPI mcap, with small chunks so that there are many."""
    with path.open("wb") as stream:
        writer = McapWriter(stream, compression=compression, chunk_size=64 * 1024, **options)
        writer.start(profile="ros2", library="vedette checkers")
        channels = {}
        for sequence, m in enumerate(messages):
            if m.topic not in channels:
                definition, _ = STORE.generate_msgdef(m.type, ros_version=2)
                schema = writer.register_schema(m.type, "ros2msg", definition.encode())
                metadata = {"topic_type_hash": STORE.hash_rihs01(m.type)}
                channels[m.topic] = writer.register_channel(m.topic, "cdr", schema, metadata)
            writer.add_message(channels[m.topic], m.time, m.data, publish_time=m.time - 1000, sequence=sequence)
        writer.finish()


def write_lz4(out, name):
    messages = everything()
    (out / name).mkdir()
    write_mcap_file(out / name / f"{name}.mcap", messages, CompressionType.LZ4)
    return Bag(name, f"{name}/{name}.mcap", messages)


def write_unindexed(out, name):
    """As a stream writer leaves it: chunks, but neither index nor statistics."""
    messages = everything()
    (out / name).mkdir()
    nothing = {"index_types": IndexType.NONE, "use_statistics": False, "use_summary_offsets": False}
    without = {"repeat_channels": False, "repeat_schemas": False, **nothing}
    write_mcap_file(out / name / f"{name}.mcap", messages, CompressionType.ZSTD, **without)
    return Bag(name, f"{name}/{name}.mcap", messages)


def write_split(out, name, plugin):
    """Two files of one recording. The latched transforms are in the first only; the second begins before the first ends."""
    parts = [[], []]
    for m in everything():
        part = int(m.time >= START_NANOS + FRAMES // 2 * FRAME_NANOS)
        # Images reach the recorder's disk thread late: the first second of the new file is in part older than the end of the old one.
        if m.type.endswith("/Image") and START_NANOS + 13 * FRAME_NANOS <= m.time < START_NANOS + 15 * FRAME_NANOS:
            part = 1
        m.file = part
        parts[part].append(m)
    suffix = ".mcap" if plugin == StoragePlugin.MCAP else ".db3"
    (out / name).mkdir()
    metadata = None
    for number, messages in enumerate(parts):
        piece = write(out, f"{name}.part", messages, plugin)
        folder = out / piece.name
        file_name = f"{name}_{number}{suffix}"
        next(folder.glob(f"*{suffix}")).rename(out / name / file_name)
        metadata = joined(metadata, yaml_load(folder / "metadata.yaml"), file_name)
        shutil.rmtree(folder)
    yaml_dump(metadata, out / name / "metadata.yaml")
    return Bag(name, name, parts[0] + parts[1])


def joined(whole, part, file_name):
    """metadata.yaml of a split bag; rosbags writes one file only."""
    info = part["rosbag2_bagfile_information"]
    info["relative_file_paths"] = [file_name]
    info["files"][0]["path"] = file_name
    if whole is None:
        return part
    total = whole["rosbag2_bagfile_information"]
    total["relative_file_paths"] += info["relative_file_paths"]
    total["files"] += info["files"]
    total["message_count"] += info["message_count"]
    end = max(i["starting_time"]["nanoseconds_since_epoch"] + i["duration"]["nanoseconds"] for i in (total, info))
    total["duration"]["nanoseconds"] = end - total["starting_time"]["nanoseconds_since_epoch"]
    known = {t["topic_metadata"]["name"]: t for t in total["topics_with_message_count"]}
    for topic in info["topics_with_message_count"]:
        name = topic["topic_metadata"]["name"]
        if name in known:
            known[name]["message_count"] += topic["message_count"]
        else:
            total["topics_with_message_count"].append(topic)
    return whole


def yaml_load(path):
    return YAML(typ="safe").load(path)


def yaml_dump(data, path):
    yaml = YAML(typ="safe")
    yaml.default_flow_style = False
    yaml.dump(data, path)


def write_all(out):
    mcap, sqlite = StoragePlugin.MCAP, StoragePlugin.SQLITE3
    yield write(out, "plain_mcap", everything(), mcap)
    yield write(out, "zstd_chunks_mcap", everything(), mcap, CompressionMode.STORAGE)
    yield write_lz4(out, "lz4_chunks_mcap")
    yield write_unindexed(out, "unindexed_mcap")
    yield write(out, "message_zstd_mcap", everything(), mcap, CompressionMode.MESSAGE)
    yield write(out, "file_zstd_mcap", everything(), mcap, CompressionMode.FILE)
    yield write(out, "plain_sqlite3", everything(), sqlite)
    yield write(out, "version8_sqlite3", everything(), sqlite, version=8)
    yield write(out, "message_zstd_sqlite3", everything(), sqlite, CompressionMode.MESSAGE)
    yield write(out, "file_zstd_sqlite3", everything(), sqlite, CompressionMode.FILE)
    yield write_split(out, "split_mcap", mcap)
    yield write_split(out, "split_sqlite3", sqlite)
    yield write(out, "late_headers_mcap", late_headers(), mcap)
    yield write(out, "shuffled_mcap", shuffled(), mcap)
    yield write(out, "shuffled_sqlite3", shuffled(), sqlite)
    yield write(out, "several_cameras_mcap", several_cameras(), mcap)
    yield write(out, "without_images_mcap", without_images(), mcap)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: write_bags.py OUTDIR")
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    expected = [bag.expected() for bag in write_all(out)]
    (out / "expected.json").write_text(json.dumps({"bags": expected}, indent=1))
    print(f"{len(expected)} bags in {out}")


if __name__ == "__main__":
    main()
