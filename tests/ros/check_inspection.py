"""Sends the guardian to look at hazards: a Nav2 action server of an independent DDS takes its goals, in a network namespace that has nothing but
loopback.

In -> out: folder of the binaries -> one line a check, exit code 1 at the first that fails.
"""
import time

from cyclonedds.internal import InvalidSample

import dds_action_types as d
import dds_guardian_types as g
import dds_types as t
from harness import Client, Process, check, fail, qos, reader, wait, writer

HIGH = 3
OK, WARN = 0, 1
SUCCEEDED, CANCELED, ABORTED = 4, 5, 6
BASE = "/navigate_to_pose/_action/"

LATCHED = qos(True, latched=True, depth=1)
RELIABLE = qos(True)
decisions = reader("rt/vedette_guardian/decision", t.Decision, qos(True, depth=1000))
diagnostics = reader("rt/diagnostics", g.DiagnosticArray, qos(True, depth=100))
gas = writer("rt/gas", t.GasReading, qos(False, depth=5))
assessments = writer("rt/vedette_agent/assessment", t.Assessment, RELIABLE)
statics = writer("rt/tf_static", g.TFMessage, LATCHED)
change = Client("/vedette_guardian/change_state", t.ChangeStateRequest, t.ChangeStateResponse)
enable = Client("/vedette_guardian/enable", g.SetBoolRequest, g.SetBoolResponse)


def heard(source, most=100):
    return [sample for sample in source.take(most) if not isinstance(sample, InvalidSample)]


def is_same(one, other):
    return bytes(one.uuid) == bytes(other.uuid)


def stamp(seconds=0.0):
    nanos = time.time_ns() + int(seconds * 1e9)
    return t.Time(sec=nanos // 10**9, nanosec=nanos % 10**9)


class World:
    """What the guardian hears all the time: gas, and what the agent sees."""

    def __init__(self):
        self.ppm, self.smoke, self.said = 2.0, False, 0.0

    def turn(self):
        if time.monotonic() - self.said < 0.2:
            return
        self.said = time.monotonic()
        gas.write(t.GasReading(header=t.Header(stamp=stamp(), frame_id="nose"), gas="co", ppm=self.ppm))
        point = t.PointStamped(header=t.Header(frame_id="odom"), point=t.Point(x=5.0))
        smoke = t.Hazard(
            kind="smoke", severity=HIGH, confidence=0.9, bearing_rad=0.0, range_m=5.0, position=point, valid_until=stamp(2.0))
        assessments.write(t.Assessment(
            header=t.Header(stamp=stamp(-0.2)), camera="/camera/image_raw", arrived=stamp(), verdict=2 if self.smoke else 1, confidence=0.9,
            hazards=[smoke] if self.smoke else [], valid_until=stamp(2.0)))


class Nav2:
    """An action server navigate_to_pose as rmw_cyclonedds has one."""

    def __init__(self):
        def service(name, request, response):
            return reader(f"rq{BASE}{name}Request", request, RELIABLE), writer(f"rr{BASE}{name}Reply", response, RELIABLE)

        self.goals, self.accepts = service("send_goal", d.NavigateToPoseSendGoalRequest, d.NavigateToPoseSendGoalResponse)
        self.cancels, self.grants = service("cancel_goal", d.CancelGoalRequest, d.CancelGoalResponse)
        self.awaited, self.ends = service("get_result", d.NavigateToPoseGetResultRequest, d.NavigateToPoseGetResultResponse)
        self.feedback = writer(f"rt{BASE}feedback", d.NavigateToPoseFeedbackMessage, RELIABLE)
        self.status = writer(f"rt{BASE}status", d.GoalStatusArray, LATCHED)
        self.waiting = {}

    def goal(self):
        return next(iter(heard(self.goals)), None)

    def answer(self, request, accepted=True):
        self.accepts.write(d.NavigateToPoseSendGoalResponse(client=request.client, number=request.number, accepted=accepted, stamp=stamp()))

    def tell(self, goal_id, left):
        self.feedback.write(d.NavigateToPoseFeedbackMessage(goal_id=goal_id, feedback=d.NavigateToPoseFeedback(distance_remaining=left)))

    def cancelled(self):
        """The goal that is to be given up; the wish is granted."""
        request = next(iter(heard(self.cancels)), None)
        if request is None:
            return None
        self.grants.write(d.CancelGoalResponse(client=request.client, number=request.number, goals_canceling=[request.goal_info]))
        return request.goal_info

    def end(self, goal_id, status, **result):
        """Answers whoever waits for the end of the goal."""
        def asked():
            world.turn()
            self.waiting.update({bytes(request.goal_id.uuid): request for request in heard(self.awaited)})
            return self.waiting.pop(bytes(goal_id.uuid), None)

        request, _ = wait("a request for the result", asked)
        self.ends.write(d.NavigateToPoseGetResultResponse(
            client=request.client, number=request.number, status=status, result=d.NavigateToPoseResult(**result)))


def meanwhile(find):
    def turned():
        world.turn()
        return find()

    return turned


def told(text, level):
    """Waits until /diagnostics says that of the inspection; its figures."""
    def find():
        for status in (status for array in heard(diagnostics) for status in array.status):
            if status.name == "vedette_guardian: inspection" and text in status.message and status.level == level:
                return status
        return None

    status, took = wait(f"diagnostics: {text}", meanwhile(find))
    print(f"   {status.message} ({took:.2f} s)", flush=True)
    return {value.key: value.value for value in status.values}


def quiet(what, find, seconds=1.5):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if meanwhile(find)():
            fail(what)
        time.sleep(0.02)
    check(what, True)


def new_goal(nav2):
    """Smoke is over, and then it is back: another inspection is due. Accepted."""
    world.smoke = False
    told_over()
    world.smoke = True
    request, _ = wait("a goal", meanwhile(nav2.goal))
    nav2.answer(request)
    told("drives", OK)
    return request.goal_id


def told_over():
    """The alert has ended: 1 s against it, and a little more."""
    end = time.monotonic() + 2.5
    while time.monotonic() < end:
        world.turn()
        time.sleep(0.02)


def nobody_there():
    world.smoke = True
    told("no action server navigate_to_pose", WARN)
    check("a Nav2 that is not there is told, not waited for", True)


def looked_at(nav2):
    request, took = wait("a goal", meanwhile(nav2.goal))
    pose = request.goal.pose
    at = (pose.header.frame_id, round(pose.pose.position.x, 3), round(pose.pose.position.y, 3), round(pose.pose.orientation.w, 3))
    check("the goal is 1.5 m before the hazard, towards it", at == ("map", 4.5, 2.0, 1.0), f"{at} after {took:.2f} s")
    nav2.answer(request)
    told("drives", OK)

    def left():
        nav2.tell(request.goal_id, 2.5)
        return told("drives", OK).get("distance_remaining_m") == "2.5"

    wait("feedback in diagnostics", left)
    check("feedback is told", True)
    quiet("there is one goal at most", nav2.goal)
    nav2.end(request.goal_id, SUCCEEDED)
    told("looked at", OK)
    quiet("an alert is looked at once", nav2.goal)


def stopped(nav2):
    goal_id = new_goal(nav2)
    world.ppm = 80.0
    info, took = wait("a cancel", meanwhile(nav2.cancelled))
    check("a stop cancels the goal, and no other", is_same(info.goal_id, goal_id) and info.stamp.sec == 0, f"after {took:.3f} s")
    nav2.end(goal_id, CANCELED)
    told("cancelled (a stop stands)", OK)
    world.ppm = 2.0
    wait("the stop to end", meanwhile(lambda: any(decision.response < 4 for decision in heard(decisions, 1000)[-1:])), 30)


def aborted(nav2):
    goal_id = new_goal(nav2)
    nav2.end(goal_id, ABORTED, error_code=9002, error_msg="no transform")
    told("aborted, error 9002 no transform", WARN)
    check("an abort is told with its reason", True)


def rejected(nav2):
    world.smoke = False
    told_over()
    world.smoke = True
    request, _ = wait("a goal", meanwhile(nav2.goal))
    nav2.answer(request, accepted=False)
    told("rejected", WARN)
    check("a rejection is told", True)


def unanswered(nav2):
    world.smoke = False
    told_over()
    world.smoke = True
    request, _ = wait("a goal", meanwhile(nav2.goal))
    info, took = wait("a cancel", meanwhile(nav2.cancelled))
    check("a goal that gets no answer is given up", is_same(info.goal_id, request.goal_id) and took < 3, f"after {took:.2f} s")
    told("did not answer", WARN)
    nav2.answer(request)
    info, _ = wait("another cancel", meanwhile(nav2.cancelled))
    check("and cancelled again when Nav2 takes it on all the same", is_same(info.goal_id, request.goal_id))


def over(nav2):
    goal_id = new_goal(nav2)
    world.smoke = False
    info, took = wait("a cancel", meanwhile(nav2.cancelled))
    check("an alert that is over cancels its goal", is_same(info.goal_id, goal_id), f"after {took:.2f} s")
    nav2.end(goal_id, CANCELED)
    told("cancelled (the alert is over)", OK)


def turned_off(nav2):
    goal_id = new_goal(nav2)
    check("an operator turns the Nav2 outputs off", enable.call(data=False).success)
    info, _ = wait("a cancel", meanwhile(nav2.cancelled))
    nav2.end(goal_id, CANCELED)
    check("and with them the goal", is_same(info.goal_id, goal_id))
    check("on again", enable.call(data=True).success)


def deactivated(nav2):
    goal_id = new_goal(nav2)
    check("the guardian deactivates", change.call(transition=t.Transition(id=4)).success)
    info, _ = wait("a cancel", nav2.cancelled)
    check("and gives its goal up", is_same(info.goal_id, goal_id))
    world.smoke = True
    quiet("an inactive guardian sends no goal", nav2.goal)
    world.smoke = False
    check("it activates again", change.call(transition=t.Transition(id=3)).success)


def ended(nav2):
    goal_id = new_goal(nav2)
    check("it ends on SIGINT", guardian.stop() == 0)
    info, took = wait("a cancel", nav2.cancelled, 2)
    check("and gives its goal up first", is_same(info.goal_id, goal_id))


# map is 1, 2 off odom, and the robot stands at the origin of odom.
shift = g.Transform(translation=g.Vector3(x=1.0, y=2.0))
statics.write(g.TFMessage(transforms=[
    g.TransformStamped(header=t.Header(frame_id="map"), child_frame_id="odom", transform=shift),
    g.TransformStamped(header=t.Header(frame_id="odom"), child_frame_id="base_link")]))
world = World()
ARGUMENTS = (
    "--ros-args", "-p", "node.service_mapping:=cyclone", "-p", "alerts.clear_secs:=1.0", "-p", "alerts.ended_secs:=0.0",
    "-p", "inspection.enabled:=true", "-p", "inspection.answer_secs:=1.0", "-p", "inspection.retry_secs:=1.0")
guardian = Process("vedette_guardian", *ARGUMENTS)
wait("first decision", meanwhile(lambda: heard(decisions)))
nobody_there()
nav2 = Nav2()
looked_at(nav2)
stopped(nav2)
aborted(nav2)
rejected(nav2)
unanswered(nav2)
over(nav2)
turned_off(nav2)
deactivated(nav2)
ended(nav2)
print("all checks of inspections passed", flush=True)
