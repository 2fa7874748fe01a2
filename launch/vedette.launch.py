"""Guardian, agent, recorder, on request visualizer and simulated robot: a process each. In -> out: arguments -> nodes, started again when they die."""
from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument
from launch.conditions import IfCondition
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue
from launch_ros.substitutions import FindPackageShare

SHARE = FindPackageShare("vedette")
ARGUMENTS = [
    ("namespace", "", "Namespace of all nodes"),
    ("params_file", PathJoinSubstitution([SHARE, "params", "robot.yaml"]), "Parameters of this robot; they win over the defaults"),
    ("sim", "false", "Whether the simulated robot patrols, with its clock, in place of a real one"),
    ("use_sim_time", LaunchConfiguration("sim"), "Whether time is what /clock says"),
    ("autostart", "true", "Whether the nodes activate themselves; false waits for a lifecycle manager of their own"),
    ("log_level", "info", "debug, info, warn, error or fatal"),
    ("model", "", "Text model (GGUF); empty takes the one that comes with the program"),
    ("mmproj", "", "Vision tower and projector of the model (GGUF)"),
    ("visualizer", "false", "Whether vedette_visualizer draws a live rerun recording into visualizer/ where this is started"),
    ("viewer", "", "Address of a rerun viewer that it also draws to, host:port; empty connects to nothing"),
]


def node(name, condition=None, **parameters):
    """One node; `parameters` are those that launch arguments set."""
    common = {
        "use_sim_time": ParameterValue(LaunchConfiguration("use_sim_time"), value_type=bool),
        "node.autostart": ParameterValue(LaunchConfiguration("autostart"), value_type=bool),
    }
    return Node(
        package="vedette",
        executable=name,
        name=name,
        condition=condition,
        namespace=LaunchConfiguration("namespace"),
        parameters=[PathJoinSubstitution([SHARE, "params", f"{name}.yaml"]), common | parameters, LaunchConfiguration("params_file")],
        arguments=["--ros-args", "--log-level", LaunchConfiguration("log_level")],
        output="screen",
        respawn=True,
        respawn_delay=1.0,
    )


def simulated_robot():
    """`vedette sim`; when its patrol is over it is not started again."""
    arguments = ["sim", "--clock", "--minutes", "10", "--ros-args", "--log-level", LaunchConfiguration("log_level")]
    common = {"namespace": LaunchConfiguration("namespace"), "output": "screen", "condition": IfCondition(LaunchConfiguration("sim"))}
    return Node(package="vedette", executable="vedette", name="vedette_sim", arguments=arguments, **common)


def generate_launch_description():
    model = {f"llama.{name}": ParameterValue(LaunchConfiguration(name), value_type=str) for name in ("model", "mmproj")}
    arguments = [DeclareLaunchArgument(name, default_value=default, description=text) for name, default, text in ARGUMENTS]
    viewer = {"visualizer.viewer": ParameterValue(LaunchConfiguration("viewer"), value_type=str)}
    visualizer = node("vedette_visualizer", IfCondition(LaunchConfiguration("visualizer")), **viewer)
    nodes = [node("vedette_guardian"), node("vedette_agent", **model), node("vedette_recorder"), visualizer, simulated_robot()]
    return LaunchDescription([*arguments, *nodes])
