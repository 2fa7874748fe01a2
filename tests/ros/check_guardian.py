"""Holds what the guardian tells operators and Nav2 against an independent DDS, in a network namespace that has nothing but loopback.

In -> out: folder of the binaries -> one line a check, exit code 1 at the first that fails.
"""
import math
import time

from cyclonedds.domain import DomainParticipant
from cyclonedds.internal import InvalidSample
from cyclonedds.sub import DataReader
from cyclonedds.topic import Topic

import dds_guardian_types as g
import dds_types as t
from harness import Client, Process, check, participant, qos, reader, wait, writer

STOP, HIGH = 4, 3
NAN = float("nan")
ARGUMENTS = (
    "--ros-args", "-p", "node.service_mapping:=cyclone", "-p", "alerts.clear_secs:=1.0", "-p", "alerts.ended_secs:=0.0",
    "-p", "nav2.hold_secs:=0.0", "-p", "nav2.restore_secs:=2.0")

LATCHED = qos(True, latched=True, depth=1)
decisions = reader("rt/vedette_guardian/decision", t.Decision, qos(True, depth=1000))
alerts = reader("rt/vedette_guardian/alerts", g.AlertArray, qos(True, depth=100))
infos = reader("rt/hazard_filter_info", g.CostmapFilterInfo, LATCHED)
masks = reader("rt/hazard_filter_mask", g.OccupancyGrid, qos(True, latched=True, depth=10))
polygons = reader("rt/hazard_polygons", g.PolygonInstanceStamped, qos(False, depth=100))
diagnostics = reader("rt/diagnostics", g.DiagnosticArray, qos(True, depth=10))
gas = writer("rt/gas", t.GasReading, qos(False, depth=5))
assessments = writer("rt/vedette_agent/assessment", t.Assessment, qos(True))
statics = writer("rt/tf_static", g.TFMessage, LATCHED)
limits = reader("rt/speed_limit", t.SpeedLimit, qos(True, depth=100))
speed_filter = writer("rt/speed_limit", t.SpeedLimit, qos(True, depth=100))
maps = writer("rt/map", g.OccupancyGrid, LATCHED)


acknowledge = Client("/vedette_guardian/acknowledge_alert", g.AcknowledgeAlertRequest, g.AcknowledgeAlertResponse)
enable = Client("/vedette_guardian/enable", g.SetBoolRequest, g.SetBoolResponse)
change = Client("/vedette_guardian/change_state", t.ChangeStateRequest, t.ChangeStateResponse)
parameters = Client("/vedette_guardian/set_parameters", t.SetParametersRequest, t.SetParametersResponse)


def heard(source, most=100):
    """What was heard since the last call; that a writer is gone is no message."""
    return [sample for sample in source.take(most) if not isinstance(sample, InvalidSample)]


def late_joiner(name, kind, predicate):
    """What somebody hears who joins now; older messages may come before the one that stands."""
    late = DomainParticipant(participant.domain_id)
    source = DataReader(late, Topic(late, name, kind, qos=LATCHED), qos=LATCHED)
    return wait(f"the late joiner of {name}", lambda: [found for found in heard(source) if predicate(found)])[0]


def stamp(seconds=0.0):
    nanos = time.time_ns() + int(seconds * 1e9)
    return t.Time(sec=nanos // 10**9, nanosec=nanos % 10**9)


def read_gas(ppm):
    gas.write(t.GasReading(header=t.Header(stamp=stamp(), frame_id="nose"), gas="co", ppm=ppm))


def turn(*names):
    """Turns boolean parameters on; the reasons of those that were refused."""
    value = t.ParameterValue(type=1, bool_value=True)
    results = parameters.call(parameters=[t.Parameter(name=name, value=value) for name in names]).results
    return [result.reason for result in results if not result.successful]


def hazard(kind, frame, x, range_m, valid_secs):
    point = t.PointStamped(header=t.Header(frame_id=frame), point=t.Point(x=x, y=0.0 if frame else NAN, z=0.0 if frame else NAN))
    return t.Hazard(
        kind=kind, severity=HIGH, confidence=0.9, bearing_rad=0.0, range_m=range_m, position=point, valid_until=stamp(valid_secs))


def assess(*hazards):
    """What the agent would say of a picture 0.2 s old."""
    assessments.write(t.Assessment(
        header=t.Header(stamp=stamp(-0.2)), camera="/camera/image_raw", arrived=stamp(), verdict=2 if hazards else 1, confidence=0.9,
        hazards=list(hazards), valid_until=stamp(5.0)))


def see_fire(valid_secs=30.0):
    """A fire 2 m along x of odom, which is 3, 2 on the map; and smoke of which nobody knows how far it is."""
    assess(hazard("fire", "odom", 2.0, 2.0, valid_secs), hazard("smoke", "", NAN, NAN, valid_secs))


def cell(mask, x, y):
    origin, size = mask.info.origin.position, mask.info.resolution
    return mask.data[int((y - origin.y) / size) * mask.info.width + int((x - origin.x) / size)]


def mask_is(what, predicate, seconds=10.0):
    """Waits for a mask; gives it back with the seconds it took."""
    return wait(what, lambda: next((mask for mask in heard(masks) if predicate(mask)), None), seconds)


def is_empty(mask):
    return len(mask.data) > 0 and not any(mask.data)


def listed(what, predicate, meanwhile=lambda: None):
    """The next list of alerts that is as wanted."""
    def find():
        meanwhile()
        return next((said for said in heard(alerts) if predicate(said.alerts)), None)

    return list(wait(what, find)[0].alerts)


def operators():
    wait("first decision", lambda: heard(decisions))
    [alert] = listed("an alert", lambda alerts: [a for a in alerts if not a.is_cleared], lambda: read_gas(80.0))
    check("a gas alarm raises an alert", (alert.kind, alert.severity, alert.is_acknowledged) == ("gas_leak", HIGH, False), alert.reasons[0])
    late_joiner("rt/vedette_guardian/alerts", g.AlertArray, lambda said: [a.id for a in said.alerts] == [alert.id])
    check("a late joiner gets the active alerts", True)
    refused = acknowledge.call(id="fire-1", by="ann")
    check("an alert that is not listed cannot be acknowledged", not refused.success and alert.id in refused.message, refused.message)
    check("nor by nobody", not acknowledge.call(id=alert.id, by=" ").success)
    started = time.monotonic()
    while time.monotonic() - started < 2.0:
        read_gas(20.0)
        time.sleep(0.1)
    [over] = listed("the end of the alert", lambda alerts: [a for a in alerts if a.is_cleared])
    check("an alert that matters stays listed after its end", over.id == alert.id and not over.is_acknowledged, over.text)
    check("it is acknowledged by name", acknowledge.call(id=alert.id, by="ann").success)
    listed("an empty list", lambda alerts: not alerts)
    check("and is gone then", True)


def limit_is(percentage, figure):
    """Waits for a limit that the guardian says."""
    is_wanted = lambda said: said.header.frame_id == "" and (said.percentage, said.speed_limit) == (percentage, figure)
    wait(f"a limit of {figure}", lambda: next((said for said in heard(limits) if is_wanted(said)), None))


def two_writers_of_one_limit():
    check("a speed limit is turned on", turn("nav2.speed_limit_enabled") == [])
    # Unknown is answered with slow_down.
    limit_is(True, 50.0)
    strict, none = t.Header(stamp=stamp(), frame_id="map"), t.Header(stamp=stamp(1.0), frame_id="map")
    speed_filter.write(t.SpeedLimit(header=strict, percentage=True, speed_limit=20.0))
    limit_is(True, 20.0)
    speed_filter.write(t.SpeedLimit(header=none, percentage=False, speed_limit=0.0))
    limit_is(True, 50.0)
    check("beside Nav2's SpeedFilter the stricter limit is said", True)


def turned_on():
    check("Nav2 outputs are off until enabled", not heard(infos) and not heard(masks) and not heard(polygons))
    two_writers_of_one_limit()
    check("masks and polygons are turned on", turn("nav2.keepout_enabled", "nav2.polygons_enabled") == [])
    info, _ = wait("filter info", lambda: next(iter(heard(infos)), None))
    check("the filter is told where its mask is", (info.type, info.filter_mask_topic, info.base, info.multiplier) == (0, "/hazard_filter_mask", 0, 1))
    beats, _ = wait("heartbeat", lambda: heard(polygons))
    check("the collision monitor always has a polygon, far away", beats[0].header.frame_id == "base_link" and all(
        p.x < -900 for p in beats[0].polygon.polygon.points))
    mask, _ = mask_is("an empty mask", is_empty)
    check("a mask covers the map", (mask.header.frame_id, mask.info.origin.position.x, mask.info.width * mask.info.height) == ("map", -4.0, 20000))


def places():
    see_fire()
    mask, took = mask_is("the fire", lambda mask: cell(mask, 3.0, 2.0) == 100)
    lethal = sum(1 for value in mask.data if value)
    check("a hazard is a keepout zone where it is", cell(mask, 4.0, 2.0) == 0 and 60 < lethal < 130, f"{lethal} cells after {took:.2f} s")
    found, _ = wait("its polygon", lambda: next((p for p in heard(polygons) if p.header.frame_id == "map"), None))
    off = [math.hypot(p.x - 3.0, p.y - 2.0) for p in found.polygon.polygon.points]
    check("and an obstacle of its size", max(off) < 0.31 and min(off) > 0.29 and found.polygon.id > 0, f"id {found.polygon.id}")
    said = lambda: [s.message for d in heard(diagnostics) for s in d.status if "not on any map" in s.message]
    text, _ = wait("diagnostics", said)
    check("a hazard whose place is not known is on no map, and said to be", "smoke" in text[0], text[0])
    late_joiner("rt/hazard_filter_mask", g.OccupancyGrid, lambda mask: cell(mask, 3.0, 2.0) == 100)
    check("a late joiner gets the mask", True)
    return found.polygon.id


def turned_off_by_an_operator(number):
    heard(polygons)
    answer = enable.call(data=False)
    check("an operator turns the Nav2 outputs off", answer.success, answer.message)
    mask_is("an empty mask", is_empty)
    wait("the obstacle out of the way", lambda: [p for p in heard(polygons) if p.polygon.id == number and p.header.frame_id == "base_link"])
    wait("heartbeat", lambda: [p for p in heard(polygons) if p.polygon.id == 0])
    heard(decisions, 1000)
    read_gas(80.0)
    wait("the reflex", lambda: next((d for d in heard(decisions, 1000) if d.response == STOP and any("co" in r for r in d.reasons)), None))
    check("the reflex cannot be turned off", True)
    check("an operator turns them on again", enable.call(data=True).success)
    mask_is("the fire", lambda mask: cell(mask, 3.0, 2.0) == 100)


def ends():
    check("the guardian deactivates", change.call(transition=t.Transition(id=4)).success)
    mask_is("an empty mask", is_empty)
    time.sleep(0.3)
    heard(polygons)
    time.sleep(1.5)
    check("nothing is on the map of an inactive guardian, and Nav2 hears that it is silent", not heard(polygons))
    check("it activates again", change.call(transition=t.Transition(id=3)).success)
    see_fire(valid_secs=2.5)
    mask_is("the fire", lambda mask: cell(mask, 3.0, 2.0) == 100)
    _, took = mask_is("its end", is_empty)
    check("what expires is taken back", True, f"after {took:.1f} s")


def killed(guardian):
    see_fire()
    mask_is("the fire", lambda mask: cell(mask, 3.0, 2.0) == 100)
    guardian.kill()
    for source in (masks, decisions):
        heard(source, 1000)
    guardian = Process("vedette_guardian", *ARGUMENTS, "-p", "nav2.keepout_enabled:=true", "-p", "nav2.polygons_enabled:=true")
    started = time.monotonic()
    wait("a decision", lambda: heard(decisions, 1000), 5)
    judged = time.monotonic() - started
    _, took = mask_is("an empty mask", is_empty, 5)
    check("a killed guardian judges anew, then restores, within 5 s", took + judged < 5, f"{judged:.2f} s, {took + judged:.2f} s")
    late_joiner("rt/vedette_guardian/alerts", g.AlertArray, lambda said: not said.alerts)
    check("its list of alerts is new", True)
    see_fire()
    mask_is("the fire", lambda mask: cell(mask, 3.0, 2.0) == 100)
    check("it ends on SIGINT", guardian.stop() == 0)
    mask_is("an empty mask", is_empty, 5)
    check("and takes its mask back first", True)


# map is 1, 2 off odom.
shift = g.Transform(translation=g.Vector3(x=1.0, y=2.0))
statics.write(g.TFMessage(transforms=[g.TransformStamped(header=t.Header(frame_id="map"), child_frame_id="odom", transform=shift)]))
corner = g.Pose(position=t.Point(x=-4.0, y=-3.0))
maps.write(g.OccupancyGrid(
    header=t.Header(frame_id="map"), info=g.MapMetaData(resolution=0.5, width=40, height=20, origin=corner), data=[0] * 800))
guardian = Process("vedette_guardian", *ARGUMENTS)
operators()
turned_on()
turned_off_by_an_operator(places())
ends()
killed(guardian)
print("all checks of the guardian passed", flush=True)
