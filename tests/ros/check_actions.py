"""Asks the agent questions through its action ~/assess, from an independent DDS, in a network namespace that has nothing but loopback.

In -> out: folder of the binaries -> one line a check, exit code 1 at the first that fails.
"""
import itertools
import os
import subprocess
import time

from cyclonedds.domain import DomainParticipant
from cyclonedds.internal import InvalidSample
from cyclonedds.sub import DataReader
from cyclonedds.topic import Topic

import dds_action_types as d
import dds_agent_types as a
import dds_types as t
from harness import BINARIES, WORK, Client, Process, check, fail, now, participant, qos, reader, wait, writer

QUESTION, NEXT = 0, 1
UNKNOWN, EXECUTING, SUCCEEDED, CANCELED, ABORTED = 0, 2, 4, 5, 6
NO_ERROR, UNKNOWN_GOAL, TERMINATED = 0, 2, 3
WIDTH, HEIGHT = 320, 240
BASE = "/vedette_agent/assess/_action/"
CAMERA = "/camera/image_raw"
LATCHED = qos(True, latched=True, depth=1)

assessments = reader("rt/vedette_agent/assessment", t.Assessment, qos(True, depth=100))
images = writer("rt/camera/image_raw", t.Image, qos(False, depth=1))
feedbacks = reader(f"rt{BASE}feedback", d.AssessFeedbackMessage, qos(True, depth=100))
statuses = reader(f"rt{BASE}status", d.GoalStatusArray, LATCHED)
send = Client(f"{BASE}send_goal", d.AssessSendGoalRequest, d.AssessSendGoalResponse, seconds=5.0)
cancel = Client(f"{BASE}cancel_goal", d.CancelGoalRequest, d.CancelGoalResponse, seconds=5.0)
result = Client(f"{BASE}get_result", d.AssessGetResultRequest, d.AssessGetResultResponse, seconds=60.0)
change = Client("/vedette_agent/change_state", t.ChangeStateRequest, t.ChangeStateResponse)
enable = Client("/vedette_agent/enable", a.SetBoolRequest, a.SetBoolResponse, seconds=5.0)
self_test = Client("/vedette_agent/self_test", a.SelfTestRequest, a.SelfTestResponse, seconds=5.0)


def look(turn=itertools.count()):
    """Shows a picture, each another, and gives back the newest assessment."""
    shade = 60 + next(turn) * 37 % 120
    row = bytes((shade, shade, shade)) * (WIDTH // 2) + bytes((shade // 2, shade, 255 - shade)) * (WIDTH - WIDTH // 2)
    images.write(t.Image(
        header=t.Header(stamp=now(), frame_id="camera_optical"), height=HEIGHT, width=WIDTH, encoding="rgb8", step=WIDTH * 3,
        data=list(row * HEIGHT)))
    time.sleep(0.15)
    return next((sample for sample in reversed(assessments.take(100)) if not isinstance(sample, InvalidSample)), None)


def new_id():
    return d.UUID(uuid=list(os.urandom(16)))


def is_same(one, other):
    return bytes(one.uuid) == bytes(other.uuid)


def ask(goal_id, **fields):
    return send.call(goal_id=goal_id, goal=d.AssessGoal(**fields))


def give_up(goal_id, sec=0):
    return cancel.call(goal_info=d.GoalInfo(goal_id=goal_id, stamp=t.Time(sec=sec)))


def of(goal_id):
    """Feedback of one goal since the last call."""
    taken = [message for message in feedbacks.take(100) if not isinstance(message, InvalidSample)]
    return [message.feedback for message in taken if is_same(message.goal_id, goal_id)]


def secs(duration):
    return duration.sec + duration.nanosec * 1e-9


def keep_busy():
    """The model is with its self-test for a while; nobody waits for the answer."""
    self_test.number += 1
    self_test.writer.write(a.SelfTestRequest(client=0x1122334455667788, number=self_test.number))


def late_joiner_hears(goal_id, status):
    """Waits until somebody who joins now has heard of the goal as it stands; older messages may come before."""
    late = DomainParticipant(participant.domain_id)
    source = DataReader(late, Topic(late, f"rt{BASE}status", d.GoalStatusArray, qos=LATCHED), qos=LATCHED)

    def find():
        arrays = [sample for sample in source.take(10) if not isinstance(sample, InvalidSample)]
        return any(s.status == status for array in arrays for s in array.status_list if is_same(s.goal_info.goal_id, goal_id))

    wait(f"status {status} for a late joiner", find)
    return True


def refused_without_a_view():
    answer = ask(new_id(), question="what is there?")
    check("without a picture a goal is rejected", not answer.accepted)


def answered():
    wait("first assessment", look, 60)
    goal_id = new_id()
    answer = ask(goal_id, question="Is there smoke?", camera=CAMERA)
    check("a question is accepted", answer.accepted and answer.stamp.sec > 0)
    end = result.call(goal_id=goal_id)
    found = end.result.assessment
    check("it is answered", end.status == SUCCEEDED, f"verdict {found.verdict}, answer {found.answer!r}, {secs(end.result.elapsed):.2f} s")
    check("the answer is about the picture", found.camera == CAMERA and any(found.model_sha256) and end.result.tokens > 0)
    told = of(goal_id)
    check("there was feedback on the way", len(told) >= 1 and all(f.state in (0, 1) for f in told), f"{[(f.state, f.tokens) for f in told]}")
    check("a late joiner knows how it ended", late_joiner_hears(goal_id, SUCCEEDED))
    check("an id is used once", not ask(goal_id, question="again?").accepted)
    check("the result is kept", result.call(goal_id=goal_id).status == SUCCEEDED)
    check("what is over cannot be cancelled", give_up(goal_id).return_code == TERMINATED)
    check("nor what never was", give_up(new_id()).return_code == UNKNOWN_GOAL and result.call(goal_id=new_id()).status == UNKNOWN)
    return goal_id


def urgent():
    look()
    goal_id = new_id()
    check("a question that goes next is accepted", ask(goal_id, priority=NEXT).accepted)
    end = result.call(goal_id=goal_id)
    check("without words it is the standing question", end.status == SUCCEEDED and end.result.assessment.answer == "")
    wait("the standing look goes on", look)


def refused():
    look()
    for what, fields in (
        ("a priority that is none", {"priority": 9}),
        ("a camera that is none", {"camera": "/no/camera"}),
        ("a deadline that cannot be met", {"deadline": d.Duration(nanosec=1_000_000)}),
        ("a deadline that has passed", {"deadline": d.Duration(sec=-1)}),
        ("a question without end", {"question": "x" * 3000}),
    ):
        check(f"{what} is rejected", not ask(new_id(), **fields).accepted)


def given_up():
    look()
    keep_busy()
    goal_id = new_id()
    check("a question while the model is busy is accepted", ask(goal_id, question="Who is there?").accepted)
    check("and executing", late_joiner_hears(goal_id, EXECUTING))
    check("a second one is rejected", not ask(new_id(), question="And who else?").accepted)
    start = time.monotonic()
    answer = give_up(goal_id)
    check("it is cancelled at once", answer.return_code == NO_ERROR and len(answer.goals_canceling) == 1 and is_same(answer.goals_canceling[0].goal_id, goal_id),
          f"{time.monotonic() - start:.3f} s")
    end = result.call(goal_id=goal_id)
    check("its end is a cancel with the reason", (end.status, end.result.assessment.fault) == (CANCELED, "cancelled"))
    wait("an assessment after it", look)


def switched_off():
    look()
    keep_busy()
    goal_id = new_id()
    check("a question is accepted again", ask(goal_id, question="Is it on?").accepted)
    enable.call(data=False)
    end = result.call(goal_id=goal_id)
    check("switched off it ends", (end.status, end.result.assessment.fault) == (ABORTED, "disabled"))
    check("and none is taken on", not ask(new_id(), question="Is it on?").accepted)
    enable.call(data=True)
    wait("an assessment after it", look)


def inactive():
    look()
    keep_busy()
    goal_id = new_id()
    check("a question is accepted once more", ask(goal_id, question="Still there?").accepted)
    check("the agent deactivates", change.call(transition=t.Transition(id=4)).success)
    end = result.call(goal_id=goal_id)
    check("an open question ends with it", end.status == ABORTED and "not active" in end.result.assessment.fault)
    check("an inactive agent rejects goals", not ask(new_id(), question="Still there?").accepted)
    check("it activates again", change.call(transition=t.Transition(id=3)).success)


def forgotten(goal_id, ended):
    time.sleep(max(0.0, ended + 10.5 - time.monotonic()))
    check("a result is forgotten after 10 s", result.call(goal_id=goal_id).status == UNKNOWN)
    check("nor is it listed any more", not any(is_same(s.goal_info.goal_id, goal_id) for s in listed()))


def listed():
    """The goals of the newest status."""
    arrays = [sample for sample in statuses.take(10) if not isinstance(sample, InvalidSample)]
    return arrays[-1].status_list if arrays else []


def slow_pair():
    """A model whose answers take seconds on any machine, random weights: what is asked while it is busy finds it busy."""
    if not (BINARIES / "vedette").exists():
        fail(f"{BINARIES / 'vedette'} is missing; build it: make ros")
    folder = WORK / "slow"
    subprocess.run([BINARIES / "vedette", "model", "synth", "--like", "small-picture", "--image-size", "672", "--out", folder], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return next(folder.glob("small-*.gguf")), next(folder.glob("mmproj-*.gguf"))


def started(*arguments):
    return Process("vedette_agent", "--ros-args", "-p", "node.service_mapping:=cyclone", *arguments)


agent = started()
refused_without_a_view()
goal_id = answered()
ended = time.monotonic()
urgent()
refused()
forgotten(goal_id, ended)
check("it stops on SIGINT", agent.stop() == 0)

model, mmproj = slow_pair()
agent = started("-p", f"llama.model:={model}", "-p", f"llama.mmproj:={mmproj}")
wait("an assessment of the slow model", look, 60)
given_up()
switched_off()
inactive()
check("the slow one stops on SIGINT", agent.stop() == 0)
print("all checks of the agent's action passed", flush=True)
