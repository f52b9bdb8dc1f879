# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first run of a platform whose domain nobody has delegated yet: everything else works, and it says what to do."""

from tests.integration.account import Account, tags_of
from tests.integration.attribution import planned_resources, resources

HOST = "dougust-staging"
DOMAIN = "api.staging.dougust.com"


def test_a_zone_that_is_not_delegated_stops_nothing_else(sandbox, ansible):
    run, plan = ansible.plan("staging")
    assert not run.ok().mutating
    run = ansible.converge("staging").ok()
    account = Account(sandbox)
    assert resources(run.mutating, account.snapshot) == planned_resources(plan)

    zone = account.one("route53/zone")
    for server in zone["DelegationSet"]["NameServers"]:
        assert server in run.text
    assert "Delegate dougust.com" in run.text and "PENDING_VALIDATION" in run.text and "run again" in run.text
    # Environments share it.
    assert tags_of(zone) == {"Platform": "dougust", "ManagedBy": "groundwork.aws", "Component": "dns"}
    everything_but_tls(account)
    ansible.converge("staging").unchanged()

    sandbox.delegate("dougust.com")
    run, plan = ansible.plan("staging")
    assert ("elbv2", "listener", "https") in planned_resources(plan)
    run = ansible.converge("staging").ok()
    assert resources(run.mutating, Account(sandbox).snapshot, account.snapshot) == planned_resources(plan)
    assert "Delegate" not in run.text
    tls(Account(sandbox))
    ansible.converge("staging").unchanged()


def everything_but_tls(account):
    """Nobody is served over plain HTTP meanwhile; the service waits behind a rule that no request meets."""
    assert account.one("acm/certificate")["Status"] == "PENDING_VALIDATION"
    (answer,) = account.one("elbv2/listener", "http")["DefaultActions"]
    assert answer["FixedResponseConfig"]["StatusCode"] == "503"
    assert account.names("elbv2/listener") == ["http"]
    (condition,) = account.one("elbv2/rule")["Conditions"]
    assert condition["HostHeaderConfig"]["Values"] == ["api.invalid"]
    assert account.one("rds/db")["DBInstanceStatus"] == "available"
    definition = account.one("ecs/task-definition", f"{HOST}-api")
    assert account.one("ecs/service")["taskDefinition"] == definition["taskDefinitionArn"]
    (image,) = {container["image"] for container in definition["containerDefinitions"]}
    assert image.startswith("public.ecr.aws/docker/library/busybox:")
    assert len(account.snapshot["ecs/task"]) == 2 and account.names("scheduler/schedule")
    assert account.names("cloudwatch/dashboard") == [HOST]


def tls(account):
    """Users are served with the certificate, and led there."""
    certificate = account.one("acm/certificate")
    assert (certificate["Status"], certificate["DomainName"]) == ("ISSUED", DOMAIN)
    https = account.one("elbv2/listener", "https")
    assert [one["CertificateArn"] for one in https["Certificates"]] == [certificate["CertificateArn"]]
    (forward,) = https["DefaultActions"]
    assert forward["TargetGroupArn"] == account.one("elbv2/target-group")["TargetGroupArn"]
    (redirect,) = account.one("elbv2/listener", "http")["DefaultActions"]
    assert redirect["RedirectConfig"]["StatusCode"] == "HTTP_301"
    assert account.names("elbv2/rule") == []
