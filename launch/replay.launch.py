"""A bag played on topics to the live nodes, on the time of the bag. In -> out: launch arguments -> `ros2 bag play` and the nodes.

The nodes see what a robot's would; `vedette replay` is the exact and faster way to evaluate a bag. Topics that the nodes publish themselves
must not be in the bag, or be remapped there.
"""
from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, ExecuteProcess, IncludeLaunchDescription, Shutdown
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.substitutions import FindPackageShare

SHARE = FindPackageShare("vedette")
ARGUMENTS = [
    ("bag", None, "Folder or file of the bag"),
    ("rate", "1.0", "How fast it is played"),
    ("params_file", PathJoinSubstitution([SHARE, "params", "robot.yaml"]), "Parameters of this robot; they win over the defaults"),
    ("visualizer", "true", "Whether vedette_visualizer draws it"),
    ("viewer", "", "Address of a rerun viewer, host:port; empty connects to nothing"),
    ("log_level", "info", "debug, info, warn, error or fatal"),
]


def generate_launch_description():
    arguments = [DeclareLaunchArgument(name, default_value=default, description=text) for name, default, text in ARGUMENTS]
    passed = {name: LaunchConfiguration(name) for name in ("params_file", "visualizer", "viewer", "log_level")}
    nodes = IncludeLaunchDescription(
        PathJoinSubstitution([SHARE, "launch", "vedette.launch.py"]), launch_arguments=(passed | {"use_sim_time": "true"}).items())
    play = ExecuteProcess(
        cmd=["ros2", "bag", "play", LaunchConfiguration("bag"), "--clock", "--rate", LaunchConfiguration("rate")],
        output="screen",
        on_exit=Shutdown(reason="the bag is over"),
    )
    return LaunchDescription([*arguments, nodes, play])
