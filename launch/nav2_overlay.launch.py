"""Vedette beside a running Nav2: the nodes under a lifecycle manager of their own, with their Nav2 outputs on. In -> out: launch arguments -> nodes.

Never list these nodes in Nav2's own lifecycle manager: it takes all of Nav2 down when one of its nodes dies. What Nav2 itself must be told stands in
params/nav2/nav2_overlay.yaml.
"""
from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue
from launch_ros.substitutions import FindPackageShare

SHARE = FindPackageShare("vedette")
NODES = ["vedette_guardian", "vedette_agent", "vedette_recorder"]
ARGUMENTS = [
    ("namespace", "", "Namespace of all nodes"),
    ("params_file", PathJoinSubstitution([SHARE, "params", "nav2", "vedette_nav2.yaml"]), "Parameters that turn the Nav2 outputs on"),
    ("use_sim_time", "false", "Whether time is what /clock says"),
    ("log_level", "info", "debug, info, warn, error or fatal"),
    ("model", "", "Text model (GGUF); empty takes the one that comes with the program"),
    ("mmproj", "", "Vision tower and projector of the model (GGUF)"),
]


def generate_launch_description():
    arguments = [DeclareLaunchArgument(name, default_value=default, description=text) for name, default, text in ARGUMENTS]
    passed = {name: LaunchConfiguration(name) for name, *_ in ARGUMENTS}
    nodes = IncludeLaunchDescription(
        PathJoinSubstitution([SHARE, "launch", "vedette.launch.py"]), launch_arguments=(passed | {"autostart": "false"}).items())
    manager = Node(
        package="nav2_lifecycle_manager",
        executable="lifecycle_manager",
        name="lifecycle_manager_vedette",
        namespace=LaunchConfiguration("namespace"),
        parameters=[{
            "use_sim_time": ParameterValue(LaunchConfiguration("use_sim_time"), value_type=bool),
            "autostart": True,
            "node_names": NODES,
            # A node that falls silent for longer is taken down, and back up when it is there again.
            "bond_timeout": 4.0,
            "attempt_respawn_reconnection": True,
        }],
        output="screen",
    )
    return LaunchDescription([*arguments, nodes, manager])
