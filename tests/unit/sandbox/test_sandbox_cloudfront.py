# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudFront: what takes time, what several services agree on, and what other accounts have."""

import pytest
from sandbox import delays
from sandbox.client import Sandbox

from tests.unit.sandbox.edge import certificate, distribution_config, identified, listed

OTHER = "222222222222"
METRICS = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
FUNCTION = {"Name": "f", "FunctionConfig": {"Comment": "", "Runtime": "cloudfront-js-2.0"}, "FunctionCode": b"//"}


@pytest.fixture
def cloudfront(sandbox):
    """CloudFront."""
    return sandbox.client("cloudfront")


def create(cloudfront, **parts):
    """The answer to the creation of a distribution."""
    return cloudfront.create_distribution(DistributionConfig=distribution_config(**parts))


def viewed(arn, *aliases):
    """A distribution's certificate and names."""
    viewer = {"ACMCertificateArn": arn, "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"}
    return {"ViewerCertificate": viewer, "Aliases": listed(*aliases)}


def test_deployment_takes_time(sandbox, cloudfront, refused):
    sandbox.delays(scale=1)
    made = create(cloudfront, Enabled=False)
    number = identified(made)
    assert made["Distribution"]["Status"] == "InProgress"
    assert cloudfront.get_distribution(Id=number["Id"])["Distribution"]["Status"] == "InProgress"
    assert refused(cloudfront.delete_distribution, **number) == "DistributionNotDisabled"
    sandbox.advance(delays.TYPICAL["distribution-deploy"] + 1)
    cloudfront.get_waiter("distribution_deployed").wait(Id=number["Id"], WaiterConfig={"MaxAttempts": 1})
    cloudfront.delete_distribution(**number)
    assert "Items" not in cloudfront.list_distributions()["DistributionList"]


def test_an_update_is_deployed_anew(sandbox, cloudfront):
    number = identified(create(cloudfront))
    sandbox.delays(distribution_deploy=60)
    cloudfront.update_distribution(**number, DistributionConfig=distribution_config(Comment="other"))
    (summary,) = cloudfront.list_distributions()["DistributionList"]["Items"]
    assert (summary["Status"], summary["Comment"]) == ("InProgress", "other")
    sandbox.advance(61)
    assert cloudfront.get_distribution(Id=number["Id"])["Distribution"]["Status"] == "Deployed"


def test_invalidations_take_time(sandbox, cloudfront, refused):
    number = create(cloudfront)["Distribution"]["Id"]
    sandbox.delays(invalidation=60)

    def invalidate(reference, *paths):
        batch = {"CallerReference": reference, "Paths": listed(*paths)}
        return cloudfront.create_invalidation(DistributionId=number, InvalidationBatch=batch)["Invalidation"]

    made = invalidate("one", *(f"/{part}/*" for part in range(15)))
    assert made["Status"] == "InProgress"
    assert invalidate("one", *(f"/{part}/*" for part in range(15)))["Id"] == made["Id"]
    assert cloudfront.get_distribution(Id=number)["Distribution"]["InProgressInvalidationBatches"] == 1
    assert refused(invalidate, reference="two") == "InvalidArgument"
    batch = {"CallerReference": "two", "Paths": listed("/more/*")}
    create_one = cloudfront.create_invalidation
    code = refused(create_one, DistributionId=number, InvalidationBatch=batch)
    assert code == "TooManyInvalidationsInProgress"
    sandbox.advance(61)
    named = {"DistributionId": number, "Id": made["Id"]}
    cloudfront.get_waiter("invalidation_completed").wait(**named, WaiterConfig={"MaxAttempts": 1})
    assert cloudfront.get_distribution(Id=number)["Distribution"]["InProgressInvalidationBatches"] == 0
    create_one(DistributionId=number, InvalidationBatch=batch)


def test_a_function_goes_live(sandbox, cloudfront):
    made = cloudfront.create_function(**FUNCTION)
    arn = made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]

    def status(stage="LIVE"):
        return cloudfront.describe_function(Name="f", Stage=stage)["FunctionSummary"]["Status"]

    sandbox.delays(function_publish=10)
    assert status("DEVELOPMENT") == "UNPUBLISHED"
    cloudfront.publish_function(Name="f", IfMatch=made["ETag"])
    assert status() == "IN_PROGRESS"
    sandbox.advance(11)
    assert status() == "UNASSOCIATED"
    runs = listed({"FunctionARN": arn, "EventType": "viewer-request"})
    create(cloudfront, behavior={"FunctionAssociations": runs})
    assert status() == "DEPLOYED"


def test_a_function_is_not_run(cloudfront):
    made = cloudfront.create_function(**FUNCTION)
    with pytest.raises(cloudfront.exceptions.ClientError, match="it runs no JavaScript") as error:
        cloudfront.test_function(Name="f", IfMatch=made["ETag"], EventObject=b"{}")
    assert error.value.response["Error"]["Code"] == "NotImplemented"


def test_what_a_distribution_has_stays(sandbox, cloudfront, refused):
    acm, waf = sandbox.client("acm", "us-east-1"), sandbox.client("wafv2", "us-east-1")
    arn = certificate(sandbox)
    acl = waf.create_web_acl(
        Name="acl", Scope="CLOUDFRONT", DefaultAction={"Allow": {}}, VisibilityConfig=METRICS
    )  # fmt: skip
    summary = acl["Summary"]
    made = create(cloudfront, WebACLId=summary["ARN"], Enabled=False, **viewed(arn, "www.example.com"))
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["InUseBy"] == [made["Distribution"]["ARN"]]
    assert refused(acm.delete_certificate, CertificateArn=arn) == "ResourceInUseException"
    named = {"Name": "acl", "Scope": "CLOUDFRONT", "Id": summary["Id"], "LockToken": summary["LockToken"]}
    assert refused(waf.delete_web_acl, **named) == "WAFAssociatedItemException"
    cloudfront.delete_distribution(**identified(made))
    acm.delete_certificate(CertificateArn=arn)
    waf.delete_web_acl(**named)


def test_aliases_of_other_accounts(sandbox, cloudfront, refused):
    arn = certificate(sandbox)
    mine = create(cloudfront, **viewed(arn, "www.example.com"))["Distribution"]["Id"]
    theirs = sandbox.client("cloudfront", account=OTHER)
    number = create(theirs)["Distribution"]["Id"]
    found = theirs.list_conflicting_aliases(DistributionId=number, Alias="www.example.com")
    (conflict,) = found["ConflictingAliasesList"]["Items"]
    assert (conflict["DistributionId"], conflict["AccountId"]) == (mine, "123456789012")
    move = {"TargetDistributionId": number, "Alias": "www.example.com"}
    assert refused(theirs.associate_alias, **move) == "InvalidArgument"
    assert theirs.list_distributions()["DistributionList"]["Quantity"] == 1


def test_pages(cloudfront):
    for name in "abc":
        create(cloudfront, CallerReference=name)
    pages = cloudfront.get_paginator("list_distributions").paginate(PaginationConfig={"PageSize": 2})
    assert [page["DistributionList"]["Quantity"] for page in pages] == [2, 1]
    first = cloudfront.list_cache_policies(Type="managed", MaxItems="5")["CachePolicyList"]
    rest = cloudfront.list_cache_policies(Type="managed", Marker=first["NextMarker"])["CachePolicyList"]
    assert (first["Quantity"], rest["Quantity"]) == (5, 2)


def test_the_same_request_again(cloudfront):
    assert create(cloudfront)["Distribution"]["Id"] == create(cloudfront)["Distribution"]["Id"]
    assert cloudfront.list_distributions()["DistributionList"]["Quantity"] == 1


def test_promotion_switches_the_policy_off(cloudfront, refused):
    primary = create(cloudfront)
    copied = {"PrimaryDistributionId": primary["Distribution"]["Id"], "IfMatch": primary["ETag"], "Staging": True}
    staging = cloudfront.copy_distribution(**copied, CallerReference="two")
    name = staging["Distribution"]["DomainName"]
    config = {"StagingDistributionDnsNames": listed(name), "Enabled": True}
    policy = identified(cloudfront.create_continuous_deployment_policy(ContinuousDeploymentPolicyConfig=config))
    with_policy = distribution_config(ContinuousDeploymentPolicyId=policy["Id"])
    etag = cloudfront.update_distribution(**identified(primary), DistributionConfig=with_policy)["ETag"]
    assert refused(cloudfront.delete_continuous_deployment_policy, **policy) == "ContinuousDeploymentPolicyInUse"
    both = {"Id": primary["Distribution"]["Id"], "StagingDistributionId": staging["Distribution"]["Id"]}
    promote = cloudfront.update_distribution_with_staging_config
    assert refused(promote, **both, IfMatch=etag) == "InvalidIfMatchVersion"
    promote(**both, IfMatch=f"{etag}, {staging['ETag']}")
    found = cloudfront.get_continuous_deployment_policy_config(Id=policy["Id"])
    assert found["ContinuousDeploymentPolicyConfig"]["Enabled"] is False


def test_all_of_it_survives_a_restart(sandbox, cloudfront, tmp_path):
    made = create(cloudfront)["Distribution"]
    cloudfront.publish_function(Name="f", IfMatch=cloudfront.create_function(**FUNCTION)["ETag"])
    sandbox.save(tmp_path / "state")
    with Sandbox.start() as other:
        other.restore(tmp_path / "state")
        again = other.client("cloudfront")
        assert again.get_distribution(Id=made["Id"])["Distribution"]["DistributionConfig"] == made["DistributionConfig"]
        assert again.describe_function(Name="f", Stage="LIVE")["FunctionSummary"]["Status"] == "UNASSOCIATED"
