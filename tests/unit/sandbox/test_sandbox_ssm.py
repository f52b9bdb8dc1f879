# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions with the containers of tasks."""


def test_a_session_with_a_container_of_a_task_that_runs(sandbox, fargate, refused):
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html: a tunnel to a database by a task."""
    ssm = sandbox.client("ssm")
    fargate.definition(taskRoleArn="arn:aws:iam::123456789012:role/task")
    fargate.service(desiredCount=1, enableExecuteCommand=True)
    arn = fargate.ecs.list_tasks(cluster="c")["taskArns"][0]
    runtime = fargate.task(arn)["containers"][0]["runtimeId"]
    target = f"ecs:c_{arn.rpartition('/')[2]}_{runtime}"
    wanted = {
        "Target": target, "DocumentName": "AWS-StartPortForwardingSessionToRemoteHost",
        "Parameters": {"host": ["database"], "portNumber": ["5432"], "localPortNumber": ["5432"]},
    }  # fmt: skip
    session = ssm.start_session(**wanted)
    assert session["SessionId"] in session["StreamUrl"]
    fargate.ecs.update_service(cluster="c", service="web", desiredCount=0)
    assert fargate.task(arn)["lastStatus"] == "STOPPED"
    assert refused(ssm.start_session, **wanted) == "TargetNotConnected"
    owner = [{"key": "Owner", "value": "arn:aws:iam::123456789012:user/sandbox"}]
    assert [one["Target"] for one in ssm.describe_sessions(State="Active", Filters=owner)["Sessions"]] == [target]


def test_parameters_are_there_after_a_restart(sandbox, tmp_path):
    ssm = sandbox.client("ssm")
    ssm.put_parameter(Name="/app/host", Type="String", Value="one")
    ssm.put_parameter(Name="/app/host", Value="two", Overwrite=True)
    sandbox.save(tmp_path / "state")
    sandbox.reset()
    assert ssm.describe_parameters()["Parameters"] == []
    sandbox.restore(tmp_path / "state")
    assert ssm.get_parameter(Name="/app/host")["Parameter"]["Value"] == "two"
    assert [one["Version"] for one in ssm.get_parameter_history(Name="/app/host")["Parameters"]] == [1, 2]
