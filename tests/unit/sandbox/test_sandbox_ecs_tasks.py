# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECS: tasks that are run on their own, and the images that they need."""

import json

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app"


def test_task_runs_to_its_end(fargate):
    fargate.definition()
    fargate.sandbox.task_behaviour("nginx", command="migrate", log_lines=["one", "two"])
    override = {"containerOverrides": [{"name": "web", "command": ["bin/migrate", "--all"]}]}
    arn = fargate.run(overrides=override, startedBy="deploy", tags=[{"key": "a", "value": "b"}])
    task = fargate.task(arn)
    assert (task["lastStatus"], task["stopCode"], task["startedBy"]) == (
        "STOPPED",
        "EssentialContainerExited",
        "deploy",
    )
    assert task["containers"][0]["exitCode"] == 0 and task["tags"] == [{"key": "a", "value": "b"}]
    assert task["overrides"]["containerOverrides"] == override["containerOverrides"]
    assert task["containers"][0]["imageDigest"].startswith("sha256:")
    stream = f"app/web/{arn.rsplit('/', 1)[1]}"
    events = fargate.sandbox.client("logs").get_log_events(logGroupName="/app", logStreamName=stream)["events"]
    assert [event["message"] for event in events] == ["one", "two"]
    assert not fargate.ec2.describe_network_interfaces()["NetworkInterfaces"]


def test_task_that_fails(fargate):
    fargate.definition()
    fargate.sandbox.task_behaviour("nginx:*", exit_code=3)
    assert fargate.task(fargate.run())["containers"][0]["exitCode"] == 3


def test_task_takes_time_and_can_be_stopped(fargate):
    fargate.definition()
    fargate.sandbox.task_behaviour(seconds=600)
    fargate.sandbox.delays(ecs_task_start=600)
    waiting = fargate.run()
    assert fargate.task(waiting)["lastStatus"] == "PENDING"
    fargate.sandbox.delays(ecs_task_start=0)
    arn = fargate.run(startedBy="me")
    task = fargate.task(arn)
    details = {item["name"]: item["value"] for item in task["attachments"][0]["details"]}
    assert task["lastStatus"] == "RUNNING" and details["privateIPv4Address"].startswith("10.0.10.")
    ecs = fargate.ecs
    assert ecs.list_tasks(cluster="c", startedBy="me")["taskArns"] == [arn]
    assert ecs.list_tasks(cluster="c", family="other")["taskArns"] == []
    assert ecs.stop_task(cluster="c", task=arn, reason="enough")["task"]["lastStatus"] == "RUNNING"
    task = fargate.task(arn)
    assert (task["lastStatus"], task["stopCode"], task["stoppedReason"]) == ("STOPPED", "UserInitiated", "enough")
    assert task["containers"][0]["exitCode"] == 143
    assert ecs.list_tasks(cluster="c", desiredStatus="STOPPED")["taskArns"] == [arn]
    assert ecs.list_tasks(cluster="c")["taskArns"] == [waiting]


def test_task_is_refused(fargate, refused):
    fargate.definition()
    run = fargate.ecs.run_task
    wanted = {"cluster": "c", "taskDefinition": "web", "launchType": "FARGATE"}
    assert refused(run, **wanted) == "InvalidParameterException"
    wanted["networkConfiguration"] = fargate.network
    assert refused(run, **(wanted | {"taskDefinition": "x"})) == "ClientException"
    assert refused(run, **(wanted | {"cluster": "x"})) == "ClusterNotFoundException"
    missing = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
    assert refused(run, **(wanted | {"networkConfiguration": missing})) == "InvalidParameterException"
    override = {"containerOverrides": [{"name": "x"}]}
    assert refused(run, **wanted, overrides=override) == "InvalidParameterException"
    token = run(**wanted, clientToken="once")["tasks"][0]["taskArn"]
    assert run(**wanted, clientToken="once")["tasks"][0]["taskArn"] == token


def test_task_needs_its_image(fargate):
    fargate.sandbox.client("ecr").create_repository(repositoryName="app")
    fargate.definition(image=f"{IMAGE}:v1")
    task = fargate.task(fargate.run())
    assert (task["lastStatus"], task["stopCode"]) == ("STOPPED", "TaskFailedToStart")
    assert task["stoppedReason"].startswith("CannotPullContainerError") and "exitCode" not in task["containers"][0]
    digest = fargate.sandbox.push_image("app", "v1")
    assert fargate.task(fargate.run())["stopCode"] == "EssentialContainerExited"
    fargate.definition(image=f"{IMAGE}@{digest}")
    assert fargate.task(fargate.run())["containers"][0]["imageDigest"] == digest


def test_task_needs_its_secrets(fargate):
    secrets = fargate.sandbox.client("secretsmanager")
    arn = secrets.create_secret(Name="app", SecretString=json.dumps({"key": "x"}))["ARN"]
    for source, starts in (
        (f"{arn}:key::", True),
        (f"{arn}:other::", False),
        (arn, True),
        (f"{arn[:-6]}abcdef", False),
    ):
        fargate.definition(container={"secrets": [{"name": "KEY", "valueFrom": source}]})
        task = fargate.task(fargate.run())
        assert (task["stopCode"] == "EssentialContainerExited") == starts, source
        assert starts or task["stoppedReason"].startswith("ResourceInitializationError: unable to pull secrets")
    fargate.definition(container={"secrets": [{"name": "KEY", "valueFrom": "/app/key"}]})
    assert fargate.task(fargate.run())["stopCode"] == "TaskFailedToStart"
    fargate.sandbox.client("ssm").put_parameter(Name="/app/key", Value="x", Type="SecureString")
    assert fargate.task(fargate.run())["stopCode"] == "EssentialContainerExited"


def test_task_needs_its_log_group(fargate):
    options = {"awslogs-group": "/new", "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "a"}
    logging = {"logDriver": "awslogs", "options": options}
    fargate.definition(container={"logConfiguration": logging})
    assert fargate.task(fargate.run())["stoppedReason"].startswith("ResourceInitializationError: failed to validate")
    options["awslogs-create-group"] = "true"
    fargate.definition(container={"logConfiguration": logging})
    assert fargate.task(fargate.run())["stopCode"] == "EssentialContainerExited"
    assert fargate.sandbox.client("logs").describe_log_streams(logGroupName="/new")["logStreams"]


def test_execute_command(fargate, refused):
    fargate.definition(taskRoleArn="arn:aws:iam::123456789012:role/task")
    fargate.sandbox.task_behaviour(seconds=600)
    execute = fargate.ecs.execute_command
    wanted = {"cluster": "c", "command": "sh", "interactive": True}
    off = fargate.run()
    fargate.task(off)
    assert refused(execute, task=off, **wanted) == "InvalidParameterException"
    session = execute(task=fargate.run(enableExecuteCommand=True), **wanted)
    assert session["containerName"] == "web" and session["session"]["streamUrl"].startswith("wss://")


def test_cluster_with_tasks_stays(fargate, refused):
    fargate.definition()
    fargate.sandbox.task_behaviour(seconds=600)
    arn = fargate.run()
    assert refused(fargate.ecs.delete_cluster, cluster="c") == "ClusterContainsTasksException"
    fargate.ecs.tag_resource(resourceArn=arn, tags=[{"key": "x", "value": "y"}])
    assert fargate.ecs.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "x", "value": "y"}]
    fargate.ecs.stop_task(cluster="c", task=arn)
    fargate.ecs.delete_cluster(cluster="c")


def test_images_of_a_repository(sandbox, refused):
    ecr = sandbox.client("ecr")
    ecr.create_repository(repositoryName="app", imageTagMutability="IMMUTABLE")
    digest = sandbox.push_image("app")
    assert sandbox.push_image("app", "v2", digest=digest) == digest
    for identity in ({"imageTag": "v1"}, {"imageTag": "v2"}, {"imageDigest": digest}):
        (image,) = ecr.describe_images(repositoryName="app", imageIds=[identity])["imageDetails"]
        assert image["imageDigest"] == digest and sorted(image["imageTags"]) == ["v1", "v2"]
    describe = {"repositoryName": "app", "imageIds": [{"imageTag": "v3"}]}
    assert refused(ecr.describe_images, **describe) == "ImageNotFoundException"
    assert refused(sandbox.push_image, repository="app") == "ImageTagAlreadyExistsException"


def test_tags_that_may_move(sandbox, refused):
    ecr = sandbox.client("ecr")
    exclusions = [{"filterType": "WILDCARD", "filter": "*-latest"}]
    mode = {"imageTagMutability": "IMMUTABLE_WITH_EXCLUSION", "imageTagMutabilityExclusionFilters": exclusions}
    ecr.create_repository(repositoryName="app", **mode)
    first = sandbox.push_image("app", "main-latest")
    second = sandbox.push_image("app", "main-latest")
    (image,) = ecr.describe_images(repositoryName="app", imageIds=[{"imageTag": "main-latest"}])["imageDetails"]
    assert first != second == image["imageDigest"]
    sandbox.push_image("app", "v1")
    assert refused(sandbox.push_image, repository="app", tag="v1") == "ImageTagAlreadyExistsException"


def test_no_room_on_fargate(fargate):
    fargate.definition()
    fargate.sandbox.task_capacity(False, zone="eu-central-1a")
    assert fargate.task(fargate.run())["availabilityZone"] == "eu-central-1b"
    fargate.sandbox.task_capacity(False)
    answer = fargate.ecs.run_task(
        cluster="c", taskDefinition="web", launchType="FARGATE", networkConfiguration=fargate.network, count=2
    )
    reasons = {failure["reason"] for failure in answer["failures"]}
    assert not answer["tasks"] and len(answer["failures"]) == 2
    assert reasons == {
        "Capacity is unavailable at this time. Please try again later or in a different availability zone"
    }


def test_service_waits_for_room(fargate):
    fargate.definition()
    fargate.sandbox.task_capacity(False, provider="FARGATE")
    fargate.service()
    service = fargate.look()
    assert service["runningCount"] == 0 and "was unable to place a task" in service["events"][0]["message"]
    assert service["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    fargate.sandbox.task_capacity(True)
    assert fargate.look()["runningCount"] == 2


def test_spot_has_no_room_but_fargate_has(fargate):
    fargate.definition()
    providers = ["FARGATE", "FARGATE_SPOT"]
    fargate.ecs.put_cluster_capacity_providers(
        cluster="c", capacityProviders=providers, defaultCapacityProviderStrategy=[]
    )
    fargate.sandbox.task_capacity(False, provider="FARGATE_SPOT")
    for name, number in zip(providers, (2, 0), strict=True):
        strategy = [{"capacityProvider": name, "weight": 1}]
        fargate.ecs.create_service(
            cluster="c", serviceName=name, taskDefinition="web", desiredCount=2, capacityProviderStrategy=strategy,
            networkConfiguration=fargate.network,
        )  # fmt: skip
        assert fargate.look(name)["runningCount"] == number


def test_protected_tasks_are_not_scaled_in(fargate):
    fargate.definition()
    fargate.service(desiredCount=3)
    fargate.look()
    kept = fargate.ecs.list_tasks(cluster="c", serviceName="web")["taskArns"][-1]
    fargate.ecs.update_task_protection(cluster="c", tasks=[kept], protectionEnabled=True)
    fargate.ecs.update_service(cluster="c", service="web", desiredCount=1)
    assert fargate.ecs.list_tasks(cluster="c", serviceName="web")["taskArns"] == [kept]


def test_strategy_is_kept_to(fargate):
    fargate.definition()
    fargate.ecs.put_cluster_capacity_providers(
        cluster="c", capacityProviders=["FARGATE", "FARGATE_SPOT"], defaultCapacityProviderStrategy=[]
    )
    strategy = [
        {"capacityProvider": "FARGATE", "base": 2, "weight": 1}, {"capacityProvider": "FARGATE_SPOT", "weight": 3}
    ]  # fmt: skip
    settings = {"taskDefinition": "web", "capacityProviderStrategy": strategy, "networkConfiguration": fargate.network}
    fargate.ecs.create_service(cluster="c", serviceName="web", desiredCount=6, **settings)
    fargate.look()
    kept = fargate.ecs.describe_tasks(cluster="c", tasks=fargate.ecs.list_tasks(cluster="c")["taskArns"])["tasks"]
    once = fargate.ecs.run_task(cluster="c", count=6, **settings)["tasks"]
    for tasks in (kept, once):
        assert sorted(task["capacityProviderName"] for task in tasks) == ["FARGATE"] * 3 + ["FARGATE_SPOT"] * 3
