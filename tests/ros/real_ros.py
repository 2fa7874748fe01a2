"""What a check with the tools of a real ROS 2 needs: that one is sourced, its tools as processes, and the package `vedette` in a prefix of its own.

In -> out: a sourced ROS 2 with `vedette_msgs` -> tools and answers; where none is sourced, or it lacks a package, one line that says so and exit code 77.
The middleware is the one that `RMW_IMPLEMENTATION` names. What a real installation finds of the package `vedette` (launch files, parameters, programs)
is laid into a prefix, as `colcon build` would install it.
"""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

ROS2 = shutil.which("ros2")
# The interpreter that ROS 2 was built for; the one that runs this script is another.
PYTHON = pathlib.Path(ROS2).read_text().splitlines()[0].removeprefix("#!").split() if ROS2 else []


def skip(what, need):
    print(f"SKIPPED {what}: {need}, then run this again")
    sys.exit(77)


def needs(what, *packages):
    """Ends the script where ROS 2 is not sourced with `packages`."""
    if not ROS2 or subprocess.run([*PYTHON, "-c", "import rclpy, vedette_msgs.msg"], stderr=subprocess.DEVNULL, check=False).returncode:
        skip(what, "source a ROS 2 (`ros2`, rclpy) and a workspace with msgs/ (vedette_msgs)")
    if missing := [package for package in packages if not has_package(package)]:
        skip(what, f"the sourced ROS 2 has no {', '.join(missing)}; install or build what is missing")


def has_package(name):
    prefixes = os.environ.get("AMENT_PREFIX_PATH", "").split(":")
    return any(pathlib.Path(prefix, "share/ament_index/resource_index/packages", name).exists() for prefix in prefixes if prefix)


needs("the tools of a real ROS 2")

from harness import BINARIES, ENVIRONMENT, WORK, check, fail, wait

ROOT = pathlib.Path(__file__).parents[2]
MIDDLEWARE = os.environ.get("RMW_IMPLEMENTATION") or "rmw_fastrtps_cpp"
MAPPING_NAME = "cyclone" if MIDDLEWARE == "rmw_cyclonedds_cpp" else "fastdds"
MAPPING = ("-p", f"node.service_mapping:={MAPPING_NAME}")
PREFIX = WORK / "prefix"
TOOLS = {
    **ENVIRONMENT,
    "AMENT_PREFIX_PATH": f"{PREFIX}:{os.environ.get('AMENT_PREFIX_PATH', '')}",
    "PYTHONUNBUFFERED": "1",
    "ROS_HOME": str(WORK / "ros_home"),
    "RMW_IMPLEMENTATION": MIDDLEWARE,
}


def ros2(*arguments, seconds=60, warnings=True):
    """What a tool that ends by itself says; without `warnings` what it prints alone."""
    try:
        done = subprocess.run(["ros2", *arguments], capture_output=True, text=True, timeout=seconds, env=TOOLS, cwd=WORK, check=False)
    except subprocess.TimeoutExpired as error:
        fail(f"ros2 {' '.join(arguments)} did not end within {seconds} s: {error.stdout} {error.stderr}")
    return done.stdout + (done.stderr if warnings else "")


def says(what, *arguments, find, seconds=40):
    """Repeats a tool until its answer has the pattern `find`, since a graph takes its time to form. The match."""
    start, text = time.monotonic(), ""
    while time.monotonic() - start < seconds:
        text = ros2(*arguments)
        if found := re.search(find, text, re.DOTALL):
            check(what, True, f"(ros2 {' '.join(arguments)[:80]})")
            return found
        time.sleep(0.5)
    fail(f"{what}: ros2 {' '.join(arguments)} never said `{find}`:\n{text}")


class Following:
    """A tool that goes on until it is stopped: of `ros2`, or the program that `command` names."""

    running = []

    def __init__(self, *arguments, command=("ros2",)):
        self.command, self.file = [*command, *arguments], WORK / f"{pathlib.Path(command[-1]).name}-{time.monotonic_ns()}.log"
        self.child = subprocess.Popen(
            self.command, stdout=self.file.open("wb"), stderr=subprocess.STDOUT, env=TOOLS, cwd=WORK, start_new_session=True,
            # A shell starts what runs in the background with SIGINT ignored, and that is inherited.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        Following.running.append(self)

    def text(self):
        return self.file.read_text(errors="replace")

    def wait(self, what, find, seconds=60, after=0):
        """The match of `find` in what it said from character `after` on, and how long that took."""
        start = time.monotonic()
        while time.monotonic() - start < seconds:
            if found := re.search(find, self.text()[after:], re.DOTALL):
                return found, time.monotonic() - start
            time.sleep(0.05)
        fail(f"{what}: {' '.join(self.command)} never said `{find}` within {seconds} s:\n{self.text()[-5000:]}")

    def stop(self, seconds=40, tell=os.killpg):
        """As Ctrl-C in a terminal does it: everything that it started is told too, or with `os.kill` it alone."""
        tell(self.child.pid, signal.SIGINT)
        return self.end(seconds)

    def end(self, seconds=40):
        """Its exit code, once it has ended by itself."""
        try:
            code = self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            fail(f"{' '.join(self.command)} did not end:\n{self.text()[-3000:]}")
        Following.running.remove(self)
        return code

    def kill(self):
        """With all that it started, which would outlive a check that failed."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()


def install():
    """The package `vedette` as launch/CMakeLists.txt installs it."""
    share, programs = PREFIX / "share/vedette", PREFIX / "lib/vedette"
    index = PREFIX / "share/ament_index/resource_index/packages"
    for folder in (share / "launch", programs, index):
        folder.mkdir(parents=True)
    (index / "vedette").touch()
    for file in ROOT.glob("launch/*.launch.py"):
        (share / "launch" / file.name).symlink_to(file)
    for name, source in (("params", "params"), ("maps", "maps"), ("rviz", "launch/rviz"), ("package.xml", "launch/package.xml")):
        (share / name).symlink_to(ROOT / source)
    for program in ("vedette", "vedette_agent", "vedette_guardian", "vedette_recorder", "vedette_visualizer"):
        (programs / program).symlink_to(BINARIES / program)


@contextlib.contextmanager
def session():
    """Ends every tool and the daemon of `ros2` when the checks are over or failed."""
    print(f"   {MIDDLEWARE}, ROS_DISTRO={os.environ.get('ROS_DISTRO')}", flush=True)
    try:
        yield
    finally:
        for tool in Following.running:
            tool.kill()
        subprocess.run(["ros2", "daemon", "stop"], capture_output=True, env=TOOLS, check=False)
