# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles, users and policies, for what is about them."""

from tests.unit.sandbox.rules.iam_policies import allow, trust

ISSUER = "https://token.actions.githubusercontent.com"


def new_role(world, name="app", **more):
    """A role."""
    return world.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(), **more)["Role"]


def new_policy(world, name="read", document=None):
    """The ARN of a managed policy."""
    return world.iam.create_policy(PolicyName=name, PolicyDocument=document or allow())["Policy"]["Arn"]


def with_policy(world):
    """A role with a managed policy, whose ARN it returns."""
    new_role(world)
    arn = new_policy(world)
    world.iam.attach_role_policy(RoleName="app", PolicyArn=arn)
    return arn


def with_profile(world):
    """A role in an instance profile, and both alone."""
    new_role(world)
    new_role(world, "free")
    world.iam.create_instance_profile(InstanceProfileName="app")
    world.iam.create_instance_profile(InstanceProfileName="free")
    world.iam.add_role_to_instance_profile(InstanceProfileName="app", RoleName="app")


def with_inline(world):
    """A role with a policy of its own, and one without."""
    new_role(world)
    new_role(world, "free")
    world.iam.put_role_policy(RoleName="app", PolicyName="one", PolicyDocument=allow())


def with_ten(world):
    """A role with ten managed policies; the ARNs of these and of one more."""
    new_role(world)
    arns = [new_policy(world, f"p{number}") for number in range(11)]
    for arn in arns[:10]:
        world.iam.attach_role_policy(RoleName="app", PolicyArn=arn)
    return arns


def with_versions(world, count):
    """The ARN of a managed policy with so many versions."""
    arn = new_policy(world)
    for number in range(count - 1):
        world.iam.create_policy_version(PolicyArn=arn, PolicyDocument=allow(Action=f"s3:Get{number}"))
    return arn


def new_user(world, name="ci"):
    """The name of a user."""
    world.iam.create_user(UserName=name)
    return name


def with_keys(world, count):
    """A user with so many access keys, and one without."""
    new_user(world)
    new_user(world, "free")
    return [world.iam.create_access_key(UserName="ci")["AccessKey"]["AccessKeyId"] for _ in range(count)]


def with_group(world):
    """A user in a group, and an empty group."""
    new_user(world)
    world.iam.create_group(GroupName="team")
    world.iam.create_group(GroupName="free")
    world.iam.add_user_to_group(GroupName="team", UserName="ci")


def with_groups(world):
    """A user in ten groups, and one group more."""
    new_user(world)
    for number in range(11):
        world.iam.create_group(GroupName=f"g{number}")
    for number in range(10):
        world.iam.add_user_to_group(GroupName=f"g{number}", UserName="ci")


def new_provider(world):
    """The ARN of an OIDC provider."""
    return world.iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=["sts.amazonaws.com"])[
        "OpenIDConnectProviderArn"
    ]


def new_linked_role(world):
    """The name of a role of ECS."""
    return world.iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")["Role"]["RoleName"]
