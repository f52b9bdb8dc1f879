# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life cycle with a kind of resource that lives in a dictionary: what it calls, in which order, and what it reports."""

from __future__ import annotations

import pytest
from botocore.exceptions import ConnectionClosedError

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle as lifecycles
from ansible_collections.groundwork.aws.plugins.module_utils import planned
from ansible_collections.groundwork.aws.plugins.module_utils.errors import AwsCallError, UserError
from ansible_collections.groundwork.aws.plugins.module_utils.lifecycle import Kind, Lifecycle

PLANNED_VPC = planned.ec2_id("vpc", "t")


class Thing(Kind):
    """Things have a color that can be changed and a size that cannot."""

    service = "ec2"
    type = "big-thing"
    result = "things"
    items = "things"
    parents = ("vpc_id",)

    def __init__(self, module):
        super().__init__(module)
        self.calls = []
        self.account = module.account

    def validate(self, items):
        for item in items:
            if item.get("color") == "ultraviolet":
                raise UserError("ultraviolet cannot be seen. To fix: choose another color.")

    def find(self, items):
        self.calls.append(("find", [item["name"] for item in items]))
        return {item["name"]: self.account[item["name"]] for item in items if item["name"] in self.account}

    def planned(self, item):
        return {"thing_id": planned.ec2_id("thing", item["name"])}

    def fixed(self, item):
        return {"size": item.get("size")}

    def desired(self, item):
        return {"color": item.get("color")}

    def create(self, item):
        self.calls.append(("create", item["name"]))
        self.account[item["name"]] = {
            "name": item["name"],
            "thing_id": f"thing-{item['name']}",
            "size": item.get("size"),
            "color": "white",
            "tags": self.tags(item) or {},
        }
        return self.account[item["name"]]

    def update_color(self, resource, before, after):
        self.calls.append(("color", resource["name"], before, after))

    def update_tags(self, resource, before, after):
        self.calls.append(("tags", resource["name"], before, after))

    def delete(self, resource):
        self.calls.append(("delete", resource["name"]))
        del self.account[resource["name"]]

    def settle(self, resources, timeout):
        self.calls.append(("settle", [resource["name"] for resource in resources], timeout))

    def settle_deleted(self, resources, timeout):
        self.calls.append(("settle_deleted", [resource["name"] for resource in resources], timeout))


class OneThing(Thing):
    result = "thing"
    items = ""


class ReplaceableThing(Thing):
    replaceable = True


class Module:
    """As much of an AnsibleAWSModule as the life cycle uses."""

    def __init__(self, account, check_mode, params):
        self.account = account
        self.check_mode = check_mode
        defaults = {"state": "present", "wait": True, "wait_timeout": 60, "tags": None, "purge_tags": True}
        defaults["undeclared"] = "ignore"
        self.argument_spec = {"things": {"options": {"name": {}, "color": {}, "size": {"default": 3}}}}
        self.params = {**defaults, "vpc_id": "vpc-1", **params}


@pytest.fixture
def account():
    return {}


@pytest.fixture
def run(account):
    def go(things=None, kind=Thing, check_mode=False, **params):
        if things is not None:
            params["things"] = things
        module = Module(account, check_mode, params)
        lifecycle = Lifecycle(module, kind(module))
        lifecycle.run()
        return lifecycle.outcome(), lifecycle.kind.calls

    return go


def changing(calls):
    return [call for call in calls if call[0] not in ("find", "settle", "settle_deleted")]


def done(outcome):
    return [(one["name"], one["action"], one["fields"]) for one in outcome["actions"]]


def test_all_are_created_before_any_is_changed_and_settled_together(run):
    outcome, calls = run([{"name": "a", "color": "red"}, {"name": "b"}])
    assert calls == [
        ("find", ["a", "b"]),
        ("create", "a"),
        ("create", "b"),
        ("color", "a", "white", "red"),
        ("settle", ["a", "b"], 60),
    ]
    assert done(outcome) == [("a", "create", []), ("b", "create", [])]
    assert outcome["actions"][0]["service"] == "ec2" and outcome["actions"][0]["type"] == "big-thing"
    assert (outcome["changed"], outcome["things"]["a"]["color"]) == (True, "red")
    assert outcome["diff"][0] == {
        "before_header": "big thing a",
        "after_header": "big thing a",
        "before": {},
        "after": {"color": "red"},
    }


def test_a_second_run_changes_nothing_but_settles(run):
    run([{"name": "a", "color": "red"}])
    outcome, calls = run([{"name": "a", "color": "red"}])
    assert (outcome["changed"], outcome["actions"], outcome["diff"]) == (False, [], [])
    assert calls == [("find", ["a"]), ("settle", ["a"], 60)]


def test_without_wait_nothing_settles(run):
    assert run([{"name": "a"}], wait=False)[1][-1] == ("create", "a")


def test_a_change_is_reported_by_field_before_and_after(run):
    run([{"name": "a", "color": "red"}])
    outcome, calls = run([{"name": "a", "color": "blue"}], tags={"Team": "us"})
    assert done(outcome) == [("a", "update", ["color", "tags"])]
    assert changing(calls) == [("color", "a", "red", "blue"), ("tags", "a", {}, {"Team": "us"})]
    assert outcome["diff"][0]["before"] == {"color": "red", "tags": {}}
    assert outcome["diff"][0]["after"] == {"color": "blue", "tags": {"Team": "us"}}


def test_check_mode_predicts_what_a_run_does(run, account):
    run([{"name": "a", "color": "red"}])
    items = [{"name": "a", "color": "blue"}, {"name": "b", "color": "red", "size": 2}]
    predicted, calls = run(items, check_mode=True)
    assert changing(calls) == [] and "settle" not in [call[0] for call in calls]
    assert planned.is_planned(predicted["things"]["b"]["thing_id"])
    assert predicted["things"]["b"]["color"] == "red" and predicted["things"]["b"]["size"] == 2
    account["a"]["color"] = "red"  # the prediction was written into what the fake account returned
    actual = run(items)[0]
    assert (predicted["actions"], predicted["diff"]) == (actual["actions"], actual["diff"])


def test_what_cannot_change_is_refused_before_anything_is_done(run):
    run([{"name": "b", "size": 1}])
    with pytest.raises(UserError) as caught:
        run([{"name": "a"}, {"name": "b", "size": 2, "color": "red"}])
    assert caught.value.message == (
        "big thing b: size is 1 and cannot become 2. To fix: put the old value back, or give the new resource "
        "another name."
    )


def test_what_cannot_change_is_replaced_where_that_loses_nothing(run):
    run([{"name": "a", "size": 1}])
    wanted = [{"name": "a", "size": 2, "color": "red"}]
    predicted = run(wanted, kind=ReplaceableThing, check_mode=True)
    outcome, calls = run(wanted, kind=ReplaceableThing)
    assert done(outcome) == done(predicted[0]) == [("a", "replace", ["size"])]
    assert changing(calls) == [("delete", "a"), ("create", "a"), ("color", "a", "white", "red")]
    assert changing(predicted[1]) == [] and planned.is_planned(predicted[0]["things"]["a"])


def test_deleting_goes_backwards_and_twice_is_no_change(run):
    run([{"name": "a"}, {"name": "b"}])
    assert changing(run([{"name": "a"}, {"name": "b"}], state="absent", check_mode=True)[1]) == []
    outcome, calls = run([{"name": "a"}, {"name": "b"}], state="absent")
    assert changing(calls) == [("delete", "b"), ("delete", "a")]
    assert calls[-1] == ("settle_deleted", ["b", "a"], 60)
    assert (done(outcome), outcome["things"]) == ([("b", "delete", []), ("a", "delete", [])], {})
    outcome, calls = run([{"name": "a"}, {"name": "b"}], state="absent")
    assert (outcome["changed"], calls) == (False, [("find", ["a", "b"])])


def test_what_a_killed_run_was_deleting_is_waited_for(account):
    module = Module(account, False, {"state": "absent", "things": [{"name": "a"}]})
    kind = Thing(module)
    kind.leaving = [{"name": "a"}]
    Lifecycle(module, kind).run()
    assert kind.calls[-1] == ("settle_deleted", ["a"], 60)


def test_gathered_reads(run):
    run([{"name": "a"}])
    outcome, calls = run([{"name": "a"}, {"name": "b"}], state="gathered")
    assert (list(outcome["things"]), outcome["changed"], calls) == (["a"], False, [("find", ["a", "b"])])
    outcome = run([{"name": "a"}, {"name": "b"}], state="gathered", check_mode=True)[0]
    assert planned.is_planned(outcome["things"]["b"]) and not planned.is_planned(outcome["things"]["a"])
    assert not outcome["changed"]


def test_in_a_planned_parent_nothing_is_asked(run):
    outcome, calls = run([{"name": "a"}], vpc_id=PLANNED_VPC, check_mode=True)
    assert (calls, done(outcome)) == ([], [("a", "create", [])])


@pytest.mark.parametrize("params", [{"vpc_id": PLANNED_VPC}, {"tags": {"Vpc": PLANNED_VPC}}])
def test_a_real_run_refuses_planned_ids_wherever_they_are(run, params):
    with pytest.raises(UserError, match="big thing a: a planned id of a --check run was passed to a real one"):
        run([{"name": "a"}], **params)


def test_without_a_parent_there_is_nothing_to_find_and_nothing_to_make(run):
    assert run([{"name": "a"}], vpc_id=None, state="absent")[1] == []
    assert run([{"name": "a"}], vpc_id=None, state="gathered")[0]["things"] == {}
    with pytest.raises(UserError, match="big thing a: vpc_id is not known: its role has not run yet"):
        run([{"name": "a"}], vpc_id=None)


def test_an_empty_list_asks_nothing(run):
    outcome, calls = run([])
    assert (outcome["changed"], outcome["things"], changing(calls)) == (False, {}, [])
    assert ("find", []) not in calls


def test_a_name_has_one_item(run):
    with pytest.raises(UserError, match="big thing a is listed twice"):
        run([{"name": "a"}, {"name": "a"}])


def test_impossible_wishes_are_refused_before_the_first_call_and_only_where_they_are_wished(run):
    with pytest.raises(UserError, match="ultraviolet cannot be seen"):
        run([{"name": "a", "color": "ultraviolet"}])
    assert run([{"name": "a", "color": "ultraviolet"}], state="absent")[1] == [("find", ["a"])]


def test_one_thing_is_its_own_parameters(run):
    outcome, calls = run(kind=OneThing, name="a", color="red")
    assert outcome["thing"]["color"] == "red" and done(outcome) == [("a", "create", [])]
    assert run(kind=OneThing, name="a", state="absent")[0]["thing"] is None


def test_a_failure_leaves_the_account_of_what_was_done(account):
    class Breaking(Thing):
        def create(self, item):
            if item["name"] == "b":
                raise UserError("no")
            return super().create(item)

    module = Module(account, False, {"things": [{"name": "a"}, {"name": "b"}]})
    lifecycle = Lifecycle(module, Breaking(module))
    with pytest.raises(UserError):
        lifecycle.run()
    assert lifecycle.outcome()["changed"] and list(lifecycle.outcome()["things"]) == ["a"]


def test_the_tags_of_an_item_come_beside_and_before_those_of_all(run):
    outcome = run([{"name": "a", "tags": {"Team": "a", "Own": 1}}, {"name": "b"}], tags={"Team": "all"})[0]
    assert outcome["things"]["a"]["tags"] == {"Team": "a", "Own": "1"}
    assert outcome["things"]["b"]["tags"] == {"Team": "all"}


def test_tags_that_are_not_given_are_left_alone_and_purged_only_where_asked(run, account):
    run([{"name": "a"}], tags={"Team": "us"})
    assert not run([{"name": "a"}])[0]["changed"]
    assert not run([{"name": "a"}], tags={}, purge_tags=False)[0]["changed"]
    assert changing(run([{"name": "a"}], tags={})[1]) == [("tags", "a", {"Team": "us"}, {})]


OWNED = {"Platform": "dougust", "Environment": "test", "ManagedBy": "groundwork.aws", "Component": "things"}


class OwnedThing(Thing):
    """A thing that AWS finds by its tags."""

    tagged_as = "ec2:thing"

    def owned(self):
        return sorted(name for name, thing in self.account.items() if thing["tags"] == OWNED)


class PreciousThing(OwnedThing):
    holds_data = True


def undeclared(action, *names):
    return [{"service": "ec2", "type": "big-thing", "name": name, "action": action} for name in names]


@pytest.fixture
def two_owned(run, account):
    run([{"name": "kept"}, {"name": "old"}], kind=OwnedThing, tags=OWNED)
    account["else"] = {"name": "else", "tags": {}}
    return [{"name": "kept"}]


def test_what_is_no_longer_declared_is_left_alone_and_said_when_asked(run, account, two_owned):
    assert run(two_owned, kind=OwnedThing, tags=OWNED)[0]["undeclared"] == []
    for check_mode in (True, False):
        outcome, calls = run(two_owned, kind=OwnedThing, tags=OWNED, undeclared="report", check_mode=check_mode)
        assert (outcome["changed"], outcome["undeclared"]) == (False, undeclared("undeclared", "old"))
    assert set(account) == {"kept", "old", "else"}


@pytest.mark.parametrize("state, left", [("present", {"kept", "else"}), ("absent", {"else"})])
def test_what_is_no_longer_declared_is_deleted_and_waited_for_when_asked(run, account, two_owned, state, left):
    outcome, calls = run(two_owned, kind=OwnedThing, tags=OWNED, undeclared="delete", state=state)
    assert (set(account), outcome["undeclared"]) == (left, [])
    assert [action["name"] for action in outcome["actions"]][-1] == "old"
    assert "settle_deleted" in [call[0] for call in calls]


def test_what_holds_data_is_deleted_only_by_its_own_word(run, account, two_owned):
    outcome, calls = run(two_owned, kind=PreciousThing, tags=OWNED, undeclared="delete")
    assert (outcome["changed"], outcome["undeclared"]) == (False, undeclared("undeclared", "old"))
    outcome, calls = run(two_owned, kind=PreciousThing, tags=OWNED, undeclared="delete_with_data")
    assert set(account) == {"kept", "else"}


def test_in_a_planned_parent_nothing_can_be_undeclared(run, account, two_owned):
    outcome, calls = run(
        two_owned, kind=OwnedThing, tags=OWNED, undeclared="delete", check_mode=True, vpc_id=PLANNED_VPC
    )
    assert [action["action"] for action in outcome["actions"]] == ["create"]
    assert "find" not in [call[0] for call in calls]


def test_a_kind_may_change_several_fields_in_one_call(run, account):
    class Batching(Thing):
        def update(self, resource, changes):
            self.calls.append(("update", sorted(changes)))

    run([{"name": "one"}], kind=Batching, tags={"a": "b"})
    outcome, calls = run([{"name": "one", "color": "red"}], kind=Batching, tags={"a": "c"})
    assert ("update", ["color", "tags"]) in calls
    assert outcome["things"]["one"]["color"] == "red"


class Answered(Exception):
    """What a module says at its end."""


class RunModule(Module):
    """A module that run() makes."""

    region = "eu-west-1"

    def exit_json(self, **outcome):
        raise Answered(outcome)

    def fail_json(self, **outcome):
        raise Answered({"failed": True, **outcome})


class LossyThing(Thing):
    """Creations and deletions lose their answers, as often as the account says; it says too whether AWS carries them out."""

    def lose(self, call, argument):
        how = self.account["how"]
        how["lost"] -= 1
        done = call(argument) if how["lost"] < 0 or how["arrives"] else None
        if how["lost"] >= 0:
            raise AwsCallError("change", how["error"])
        return done

    def create(self, item):
        return self.lose(super().create, item)

    def delete(self, resource):
        self.lose(super().delete, resource)


def broken(may_be_done):
    error = ConnectionClosedError(endpoint_url="x")
    if may_be_done:
        error.may_be_done = True
    return error


@pytest.fixture
def lossy(monkeypatch, account):
    """lossy(lost, ...): what run() says of two things, how often it paused, and which calls changed something."""

    def answer(lost, arrives=True, may_be_done=True, state="present"):
        account["how"] = {"lost": lost, "arrives": arrives, "error": broken(may_be_done)}
        params = {"vpc_id": "vpc-1", "state": state, "things": [{"name": "a", "color": "red"}, {"name": "b"}]}
        pauses, kinds = [], []
        monkeypatch.setattr(lifecycles, "AnsibleAWSModule", lambda **_arguments: RunModule(account, False, params))
        monkeypatch.setattr(lifecycles.time, "sleep", pauses.append)
        with pytest.raises(Answered) as said:
            lifecycles.run(lambda module: kinds.append(LossyThing(module)) or kinds[-1], {})
        return said.value.args[0], pauses, [call[0] for kind in kinds for call in kind.calls]

    return answer


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_lost_answer_is_looked_for_and_nothing_is_created_twice(lossy, lost, arrives):
    outcome, pauses, calls = lossy(lost, arrives)
    assert "failed" not in outcome and sorted(outcome["things"]) == ["a", "b"] and calls.count("create") == 2
    # each thing once, whether its creation was seen to succeed or was found afterwards
    assert [(name, action) for name, action, _fields in done(outcome)] == [("a", "create"), ("b", "create")]
    assert pauses == [lifecycles.VISIBLE_AFTER] * (min(lost, 2) if arrives else lost)


@pytest.mark.parametrize("arrives", [True, False])
def test_a_deletion_whose_answer_was_lost_is_a_change_once(lossy, run, arrives):
    run([{"name": "a"}, {"name": "b"}])
    outcome, _pauses, calls = lossy(1, arrives, state="absent")
    assert "failed" not in outcome and not outcome["things"] and calls.count("delete") == 2
    assert [(name, action) for name, action, _fields in done(outcome)] == [("b", "delete"), ("a", "delete")]
    assert len(outcome["diff"]) == 2


def test_a_connection_that_keeps_breaking_is_a_failure(lossy):
    outcome, pauses, _calls = lossy(9, arrives=False)
    assert outcome["failed"] and "ConnectionClosedError" in outcome["msg"] and len(pauses) == lifecycles.LOOKS_AGAIN


def test_what_botocore_has_sent_again_in_vain_is_a_failure_at_once(lossy):
    outcome, pauses, _calls = lossy(1, arrives=False, may_be_done=False)
    assert outcome["failed"] and not pauses
