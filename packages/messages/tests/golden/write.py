"""Writes the golden messages beside this file with PyPI `rosbags` (checked with 0.11.9), a codec that shares no code with ours.

In -> out: nothing -> NAME.le.cdr, NAME.be.cdr for one message of each type that is read, and hashes.txt with the RIHS01 hash that
`rosbags` computes for every standard type we generate. Run: pip install rosbags numpy pillow && python write.py
"""
import io
import re
import pathlib

import numpy as np
from PIL import Image as Picture
from rosbags.typesys import Stores, get_typestore, get_types_from_msg

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[3]
store = get_typestore(Stores.ROS2_JAZZY)
own = {}
for path in sorted((ROOT / "msgs/msg").glob("*.msg")):
    own.update(get_types_from_msg(path.read_text(), f"vedette_msgs/msg/{path.stem}"))
store.register(own)
T = store.types


def time(sec, nanosec):
    return T["builtin_interfaces/msg/Time"](sec=sec, nanosec=nanosec)


def header(frame):
    return T["std_msgs/msg/Header"](stamp=time(1700000000, 33366700), frame_id=frame)


def vector(x, y, z):
    return T["geometry_msgs/msg/Vector3"](x=x, y=y, z=z)


def quaternion(x, y, z, w):
    return T["geometry_msgs/msg/Quaternion"](x=x, y=y, z=z, w=w)


def jpeg():
    out = io.BytesIO()
    Picture.fromarray((np.arange(16 * 16 * 3) % 251).astype(np.uint8).reshape(16, 16, 3)).save(out, "JPEG", quality=60)
    return np.frombuffer(out.getvalue(), dtype=np.uint8)


def field(name, offset):
    return T["sensor_msgs/msg/PointField"](name=name, offset=offset, datatype=7, count=1)


half = np.sqrt(0.5)
f64, f32, u8 = np.float64, np.float32, np.uint8
point = T["geometry_msgs/msg/Point"]
pose = T["geometry_msgs/msg/PoseWithCovariance"](
    pose=T["geometry_msgs/msg/Pose"](position=point(x=1.0, y=-2.0, z=0.5), orientation=quaternion(0.0, 0.0, half, half)),
    covariance=np.arange(36, dtype=f64))
twist = T["geometry_msgs/msg/TwistWithCovariance"](
    twist=T["geometry_msgs/msg/Twist"](linear=vector(0.4, 0.0, 0.0), angular=vector(0.0, 0.0, -0.2)), covariance=np.zeros(36))
hazard = T["vedette_msgs/msg/Hazard"](
    kind="fire", severity=3, confidence=0.75, bearing_rad=0.25, range_m=3.5,
    position=T["geometry_msgs/msg/PointStamped"](header=header("map"), point=point(x=1.0, y=2.0, z=3.0)), valid_until=time(1700000003, 0))

messages = {
    "image": T["sensor_msgs/msg/Image"](
        header=header("camera_optical"), height=2, width=3, encoding="rgb8", is_bigendian=0, step=12, data=np.arange(24, dtype=u8)),
    "compressed_image": T["sensor_msgs/msg/CompressedImage"](header=header("camera_optical"), format="rgb8; jpeg compressed bgr8", data=jpeg()),
    "camera_info": T["sensor_msgs/msg/CameraInfo"](
        header=header("camera_optical"), height=480, width=640, distortion_model="plumb_bob", d=np.zeros(5),
        k=np.array([500.0, 0, 320, 0, 501, 240, 0, 0, 1]), r=np.eye(3).ravel(),
        p=np.array([500.0, 0, 320, 0, 0, 501, 240, 0, 0, 0, 1, 0]), binning_x=0, binning_y=0,
        roi=T["sensor_msgs/msg/RegionOfInterest"](x_offset=0, y_offset=0, height=0, width=0, do_rectify=True)),
    "laser_scan": T["sensor_msgs/msg/LaserScan"](
        header=header("laser"), angle_min=-1.0, angle_max=1.0, angle_increment=0.5, time_increment=0.0, scan_time=0.1, range_min=0.1,
        range_max=10.0, ranges=np.array([1, np.inf, np.nan, 2, -np.inf], dtype=f32), intensities=np.zeros(0, dtype=f32)),
    "point_cloud2": T["sensor_msgs/msg/PointCloud2"](
        header=header("depth"), height=1, width=3, fields=[field("x", 4), field("y", 8), field("z", 12)], is_bigendian=False, point_step=16,
        row_step=48, data=np.array([0, 1, 2, 3, 0, np.nan, 2, 3, 0, 4, 5, 6], dtype="<f4").view(u8), is_dense=False),
    "range": T["sensor_msgs/msg/Range"](
        header=header("sonar"), radiation_type=0, field_of_view=0.5, min_range=0.02, max_range=4.0, range=1.25, variance=0.0),
    "imu": T["sensor_msgs/msg/Imu"](
        header=header("imu"), orientation=quaternion(0.0, 0.0, half, half), orientation_covariance=np.zeros(9),
        angular_velocity=vector(0.1, 0.2, 0.3), angular_velocity_covariance=np.zeros(9),
        linear_acceleration=vector(0.0, 0.0, 9.81), linear_acceleration_covariance=np.zeros(9)),
    "odometry": T["nav_msgs/msg/Odometry"](header=header("odom"), child_frame_id="base_link", pose=pose, twist=twist),
    "tf_message": T["tf2_msgs/msg/TFMessage"](transforms=[
        T["geometry_msgs/msg/TransformStamped"](
            header=header("/odom"), child_frame_id="base_link",
            transform=T["geometry_msgs/msg/Transform"](translation=vector(1.0, 2.0, 3.0), rotation=quaternion(0.0, 0.0, 0.0, 2.0))),
        T["geometry_msgs/msg/TransformStamped"](
            header=header("base_link"), child_frame_id="laser",
            transform=T["geometry_msgs/msg/Transform"](translation=vector(0.0, 0.0, 0.5), rotation=quaternion(0.0, 0.0, half, half)))]),
    "temperature": T["sensor_msgs/msg/Temperature"](header=header("air"), temperature=21.5, variance=0.0),
    "battery_state": T["sensor_msgs/msg/BatteryState"](
        header=header(""), voltage=12.5, temperature=25.0, current=-1.5, charge=np.nan, capacity=np.nan, design_capacity=5.0, percentage=0.5,
        power_supply_status=2, power_supply_health=1, power_supply_technology=3, present=True,
        cell_voltage=np.array([4.1, 4.2, 4.2], dtype=f32), cell_temperature=np.zeros(0, dtype=f32), location="slot", serial_number="7"),
    "gas_reading": T["vedette_msgs/msg/GasReading"](header=header("nose"), gas="co", ppm=35.0),
    "decision": T["vedette_msgs/msg/Decision"](
        stamp=time(-1, 999999999), has_image_stamp=True, image_stamp=time(1700000000, 33366700), verdict=2, hazards=[hazard, hazard], response=4,
        reasons=["fire 0.75", "", "co 35 ppm"], valid_until=time(1700000003, 0)),
}
for name, message in messages.items():
    for order, little in (("le", True), ("be", False)):
        (HERE / f"{name}.{order}.cdr").write_bytes(store.serialize_cdr(message, message.__msgtype__, little_endian=little))

def order(name):
    """By package and name; halves of services and parts of actions (`srv/X_Request`) stand where Rust has them (`XRequest`)."""
    package, _, last = name.split("/")
    return package, last.replace("_", "")


# Its .msg says `char`, which rosidl turns into the uint8 that is hashed.
for name in [name for name in store.types if name.startswith("rmw_dds_common/")]:
    del store.types[name], store.fielddefs[name]
wanted = {}
for path in sorted((ROOT / "packages/messages/src/generated").glob("*.rs")):
    wanted.update(re.findall(r'const TYPE: &\'static str = "([^"]+)";.*?const DEFINITION: &\'static str = r##"(.*?)"##', path.read_text(), re.S))


def renamed(value, old, new):
    """The same with the name `new` in place of `old`, however deep it stands."""
    if isinstance(value, str):
        return new if value == old else value
    return type(value)(renamed(inner, old, new) for inner in value) if isinstance(value, (tuple, list)) else value


for name, definition in wanted.items():
    # rosbags knows messages only; a half of a service or a part of an action is read as one and hashed under its own name.
    as_message = name.replace("/srv/", "/msg/").replace("/action/", "/msg/")
    found = get_types_from_msg(definition.replace("/action/", "/"), as_message)
    for own in {name, *re.findall(r"\w+/action/\w+", definition)}:
        read = own.replace("/srv/", "/msg/").replace("/action/", "/msg/")
        found = {own if key == read else key: renamed(fields, read, own) for key, fields in found.items()}
    store.register({key: fields for key, fields in found.items() if key not in store.types})
(HERE / "hashes.txt").write_text("".join(f"{name} {store.hash_rihs01(name)}\n" for name in sorted(wanted, key=order)))
