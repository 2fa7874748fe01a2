"""A node of rclpy for check_real_ros.py, run by the Python of ROS 2 and not by that of the checkers.

In -> out: `camera` publishes pictures as camera drivers do until the agent says something of one; `viewer` subscribes to /camera/image_raw as rviz does;
`asker` asks the agent a question while its model is busy and takes it back.
One line of JSON on standard output, exit code 1 where nothing came within a minute.
"""
import json
import sys
import time

import rclpy
from action_msgs.msg import GoalStatus
from diagnostic_msgs.srv import SelfTest
from rclpy.action import ActionClient
from rclpy.qos import qos_profile_sensor_data
from sensor_msgs.msg import Image
from vedette_msgs.action import Assess
from vedette_msgs.msg import Assessment

LONGEST_SECS = 60


def picture(node, shade):
    image = Image(height=480, width=640, encoding="rgb8", step=1920)
    image.header.stamp = node.get_clock().now().to_msg()
    image.header.frame_id = "camera_optical"
    image.data.frombytes(bytes([shade]) * (480 * 1920))
    return image


def spin(node, result, every=None):
    """Until `result` gives something."""
    start = time.monotonic()
    while time.monotonic() - start < LONGEST_SECS:
        if every:
            every()
        rclpy.spin_once(node, timeout_sec=0.1)
        if (found := result()) is not None:
            return found
    print(f"{node.get_name()}: nothing within {LONGEST_SECS} s", flush=True)
    sys.exit(1)


def camera(node):
    heard, sent = [], []
    node.create_subscription(Assessment, "/vedette_agent/assessment", heard.append, 10)
    publisher = node.create_publisher(Image, "/camera/image_raw", qos_profile_sensor_data)

    def publish():
        image = picture(node, len(sent) * 60 % 256)
        sent.append((image.header.stamp.sec, image.header.stamp.nanosec))
        publisher.publish(image)

    found = spin(node, lambda: heard[0] if heard else None, publish)
    is_ours = (found.header.stamp.sec, found.header.stamp.nanosec) in sent
    return {"camera": found.camera, "is_ours": is_ours, "verdict": found.verdict, "fault": found.fault, "sent": len(sent)}


def viewer(node):
    heard = []
    node.create_subscription(Image, "/camera/image_raw", heard.append, qos_profile_sensor_data)
    spin(node, lambda: True if len(heard) >= 10 else None)
    last = heard[-1]
    is_whole = all(len(image.data) == image.step * image.height for image in heard)
    return {
        "pictures": len(heard), "is_whole": is_whole, "encoding": last.encoding, "width": last.width, "height": last.height,
        "frame_id": last.header.frame_id, "shades": len(set(last.data[:30000])),
    }


def asker(node):
    self_test, client = node.create_client(SelfTest, "/vedette_agent/self_test"), ActionClient(node, Assess, "/vedette_agent/assess")
    spin(node, lambda: True if self_test.service_is_ready() and client.server_is_ready() else None)

    def said(future):
        return spin(node, lambda: future.result() if future.done() else None)

    # The self-test keeps the model busy for a while.
    tested = self_test.call_async(SelfTest.Request())
    goal = said(client.send_goal_async(Assess.Goal(question="Who is there?")))
    if not goal.accepted:
        return {"status": "rejected"}
    cancelled = said(goal.cancel_goal_async())
    end = said(goal.get_result_async())
    said(tested)
    status = "canceled" if end.status == GoalStatus.STATUS_CANCELED else end.status
    return {"status": status, "cancelled": len(cancelled.goals_canceling), "fault": end.result.assessment.fault}


rclpy.init()
node = rclpy.create_node(f"vedette_check_{sys.argv[1]}")
print(json.dumps({"camera": camera, "viewer": viewer, "asker": asker}[sys.argv[1]](node)), flush=True)
node.destroy_node()
rclpy.shutdown()
