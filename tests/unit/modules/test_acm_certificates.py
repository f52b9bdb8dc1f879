# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""acm_certificates against moto: requested once, superseded when domains change, deleted when unused."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.modules import acm_certificates
from moto.acm.models import AWSCertificateManagerBackend, acm_backends

MODULE = "acm_certificates"
NAME = "dougust-test"
TAGS = {"Platform": "dougust", "Environment": "test"}
OWNED = {**TAGS, "ManagedBy": "groundwork", "Component": "certificates"}
CERTIFICATE = {"name": NAME, "domain_name": "example.com", "alternative_names": ["*.example.com"]}
OTHER = {**CERTIFICATE, "alternative_names": ["api.example.com"]}
LISTENER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/lb/1234567890abcdef"


@pytest.fixture(autouse=True)
def tokens_of_deleted_certificates(monkeypatch):
    """Let moto forget the token of a certificate that is deleted, instead of failing over it."""
    delete = AWSCertificateManagerBackend.delete_certificate

    def delete_certificate(self, arn):
        delete(self, arn)
        self._idempotency_tokens = {
            token: known for token, known in self._idempotency_tokens.items() if known["arn"] != arn
        }

    monkeypatch.setattr(AWSCertificateManagerBackend, "delete_certificate", delete_certificate)


def run(cloud, *certificates, **params):
    return cloud.run(MODULE, **{"certificates": list(certificates) or [CERTIFICATE], "tags": TAGS, **params})


def fail(cloud, *certificates, **params):
    return cloud.run_failing(MODULE, **{"certificates": list(certificates) or [CERTIFICATE], "tags": TAGS, **params})


def arns(cloud):
    found = cloud.client("acm").list_certificates()["CertificateSummaryList"]
    return {one["CertificateArn"] for one in found}


def in_moto(arn):
    return acm_backends["123456789012"]["us-east-1"]._certificates[arn]


def arn_of(result):
    return result["certificates"][NAME]["arn"]


def test_the_life_of_a_certificate(cloud, life_cycle):
    certificate = life_cycle(MODULE, "certificates", certificates=[CERTIFICATE], tags=TAGS)[NAME]
    assert (certificate["status"], certificate["issued"], certificate["in_use"]) == ("PENDING_VALIDATION", False, False)
    assert (certificate["domain_name"], certificate["alternative_names"]) == ("example.com", ["*.example.com"])
    # The domain and its wildcard share one record.
    (record,) = certificate["validation_records"]
    assert record["name"].endswith(".example.com") and record["value"].endswith(".acm-validations.aws")
    assert (record["type"], certificate["tags"]) == ("CNAME", TAGS)


def test_check_mode_on_an_empty_account_predicts_the_certificate(cloud):
    certificate = run(cloud, check_mode=True, account_id="123456789012")["certificates"][NAME]
    assert certificate["arn"].startswith("arn:aws:acm:us-east-1:123456789012:certificate/dec1a4ed-")
    assert (certificate["issued"], certificate["validation_records"]) == (False, [])


def test_name_tags_and_token_are_in_the_request(cloud):
    run(cloud)
    (call,) = cloud.parameters("RequestCertificate")
    assert (call["ValidationMethod"], call["KeyAlgorithm"]) == ("DNS", "RSA_2048")
    assert {tag["Key"]: tag["Value"] for tag in call["Tags"]} == {**TAGS, "Name": NAME}
    assert len(call["IdempotencyToken"]) == 32 and call["IdempotencyToken"].isalnum()


def test_a_request_that_the_tags_do_not_show_yet_is_not_made_twice(cloud):
    first = run(cloud)
    cloud.answer("GetResources", lambda params: {"ResourceTagMappingList": []})
    assert arn_of(run(cloud)) == arn_of(first)
    assert arns(cloud) == {arn_of(first)}


def test_a_token_that_leads_to_a_deleted_certificate_is_replaced(cloud):
    cloud.fail("DescribeCertificate", "ResourceNotFoundException", times=11)
    run(cloud)
    tokens = [params["IdempotencyToken"] for params in cloud.parameters("RequestCertificate")]
    assert len(set(tokens)) == 2
    run(cloud, state="absent")
    cloud.fail("DescribeCertificate", "ResourceNotFoundException")
    assert "was requested and cannot be read. To fix: run again" in fail(cloud)["msg"]


def test_spelling_and_order_of_names_do_not_count(cloud):
    run(cloud, {**CERTIFICATE, "alternative_names": ["b.example.com", "a.example.com"]})
    names = ["A.example.com.", "b.example.com", "example.com"]
    assert not run(cloud, {**CERTIFICATE, "domain_name": "Example.com", "alternative_names": names})["changed"]


def test_records_that_come_later_are_waited_for(cloud):
    early = [{"DomainValidationOptions": None}, {}]

    def without_records(answer):
        if early:
            early.pop()
            for option in answer["Certificate"]["DomainValidationOptions"]:
                option.pop("ResourceRecord")

    cloud.adjust("DescribeCertificate", without_records)
    assert len(run(cloud)["certificates"][NAME]["validation_records"]) == 1
    assert (early, cloud.operations.count("DescribeCertificate")) == ([], 4)


def test_without_wait_nothing_is_waited_for(cloud):
    run(cloud, wait=False)
    assert cloud.operations.count("DescribeCertificate") == 1


def test_waiting_until_it_is_issued(cloud):
    arn = arn_of(run(cloud))
    polls = []

    def issue(answer):
        polls.append(answer)
        if len(polls) == 3:
            in_moto(arn).status = "ISSUED"

    cloud.adjust("DescribeCertificate", issue)
    certificate = run(cloud, wait_issued=True)["certificates"][NAME]
    assert (certificate["status"], certificate["issued"], certificate["tags"]) == ("ISSUED", True, TAGS)
    assert len(polls) == 5
    run(cloud, wait_issued=True)
    assert len(polls) == 6


def test_that_it_is_not_issued_in_time_is_no_failure(cloud):
    certificate = run(cloud, wait_issued=True, wait_timeout=20)["certificates"][NAME]
    assert (certificate["issued"], len(certificate["validation_records"])) == (False, 1)
    cloud.fail(
        "DescribeCertificate", "AccessDeniedException", when=lambda params: "ListTagsForCertificate" in cloud.operations
    )
    assert "Could not read new certificate" in fail(cloud, wait_issued=True)["msg"]


@pytest.mark.parametrize(
    "cause, fix",
    [("CAA_ERROR", 'let a CAA record of the domain allow it: 0 issue "amazon.com"'), ("OTHER", "see https:")],
)
def test_a_failed_certificate_says_why_and_is_requested_anew(cloud, cause, fix):
    failed_arn = arn_of(run(cloud))

    def refuse(answer):
        answer["Certificate"].update(Status="FAILED", FailureReason=cause)

    # It was usable when it was found; it fails while the run waits.
    cloud.answer("GetResources", lambda params: {"ResourceTagMappingList": []})
    cloud.adjust("DescribeCertificate", refuse)
    failed = fail(cloud, wait_issued=True)
    assert f"certificate {NAME} was not issued: {cause}. To fix: {fix}" in failed["msg"]
    cloud.heal()
    in_moto(failed_arn).status = "FAILED"
    again = run(cloud)
    assert [action["action"] for action in again["actions"]] == ["create"]
    assert cloud.mutations == ["RequestCertificate", "DeleteCertificate"]
    assert arns(cloud) == {arn_of(again)} != {failed_arn}


@pytest.mark.parametrize("status", ["EXPIRED", "VALIDATION_TIMED_OUT", "REVOKED"])
def test_a_dead_certificate_that_is_used_stays_until_it_is_not(cloud, status):
    dead = arn_of(run(cloud))
    in_moto(dead).status = status
    in_moto(dead).in_use_by = [LISTENER]
    fresh = arn_of(run(cloud))
    assert arns(cloud) == {dead, fresh}
    assert not run(cloud)["changed"]
    in_moto(dead).in_use_by = []
    assert run(cloud)["actions"][0]["fields"] == ["superseded"]
    assert arns(cloud) == {fresh}


def test_other_domains_are_another_certificate_and_the_former_goes_when_unused(cloud):
    former = arn_of(run(cloud))
    in_moto(former).status = "ISSUED"
    in_moto(former).in_use_by = [LISTENER]
    assert [action["action"] for action in run(cloud, OTHER, check_mode=True)["actions"]] == ["create"]
    assert cloud.mutations == []
    fresh = arn_of(run(cloud, OTHER))
    assert arns(cloud) == {former, fresh}
    assert not run(cloud, OTHER)["changed"]
    # The listener took the new one, which AWS has not issued: nothing is deleted that might be needed again.
    in_moto(former).in_use_by = []
    assert not run(cloud, OTHER)["changed"]
    in_moto(fresh).status = "ISSUED"
    plan = run(cloud, OTHER, check_mode=True)
    assert (plan["actions"][0]["fields"], cloud.mutations) == (["superseded"], [])
    assert run(cloud, OTHER)["actions"] == plan["actions"]
    assert (cloud.mutations, arns(cloud)) == (["DeleteCertificate"], {fresh})
    assert not run(cloud, OTHER)["changed"]


def test_another_algorithm_is_another_certificate(cloud):
    former = arn_of(run(cloud))
    cloud.adjust("DescribeCertificate", lambda answer: answer["Certificate"].update(KeyAlgorithm="RSA-2048"))
    assert arn_of(run(cloud)) == former
    assert run(cloud, {**CERTIFICATE, "key_algorithm": "EC_prime256v1"}, check_mode=True)["changed"]


def test_imported_certificates_and_those_of_others_do_not_count(cloud):
    theirs = arn_of(run(cloud, tags={**TAGS, "Environment": "production"}))
    ours = arn_of(run(cloud))
    assert theirs != ours
    in_moto(ours).type = "IMPORTED"
    assert not run(cloud, state="absent")["changed"]


def test_tags_change_in_place(cloud):
    run(cloud)
    tagged = {**CERTIFICATE, "tags": {"Tier": "edge"}}
    assert run(cloud, tagged)["actions"][0]["fields"] == ["tags"]
    assert cloud.mutations == ["AddTagsToCertificate"]
    run(cloud)
    assert cloud.mutations == ["RemoveTagsFromCertificate"]
    assert not run(cloud)["changed"]
    assert not cloud.run(MODULE, certificates=[CERTIFICATE])["changed"]


def test_everything_of_a_name_is_deleted(cloud):
    run(cloud)
    run(cloud, OTHER)
    assert len(arns(cloud)) == 2
    assert [action["action"] for action in run(cloud, {"name": NAME}, state="absent")["actions"]] == ["delete"]
    assert arns(cloud) == set()


def test_a_certificate_that_was_just_let_go_of_is_deleted(cloud):
    arn = arn_of(run(cloud))
    in_moto(arn).in_use_by = [LISTENER]
    polls = []

    def let_go(answer):
        polls.append(answer)
        if len(polls) == 3:
            in_moto(arn).in_use_by = []

    cloud.adjust("DescribeCertificate", let_go)
    cloud.fail("DeleteCertificate", "ResourceInUseException", times=2)
    assert run(cloud, state="absent")["changed"]
    assert (len(polls), arns(cloud)) == (4, set())


def test_a_certificate_in_use_is_kept(cloud):
    arn = arn_of(run(cloud))
    in_moto(arn).in_use_by = [LISTENER]
    failed = fail(cloud, state="absent", wait_timeout=20)
    assert (
        f"certificate {NAME} cannot be deleted: it is used by {LISTENER}. To fix: delete what uses it" in failed["msg"]
    )
    cloud.fail("DeleteCertificate", "ResourceInUseException")
    assert "To fix: delete what still uses it" in fail(cloud, state="absent", wait=False)["msg"]
    assert arns(cloud) == {arn}


def test_a_certificate_that_is_gone_already_is_no_error(cloud):
    run(cloud)
    cloud.fail("DescribeCertificate", "ResourceNotFoundException")
    assert not run(cloud, state="absent")["changed"]
    cloud.heal()
    cloud.fail("DeleteCertificate", "ResourceNotFoundException")
    assert run(cloud, state="absent")["changed"]


def test_what_is_no_longer_declared_is_deleted_once_it_is_unused(cloud):
    old = run(cloud, CERTIFICATE, {**OTHER, "name": "old"}, tags=OWNED)["certificates"]["old"]["arn"]
    in_moto(old).in_use_by = [LISTENER]
    assert [one["name"] for one in run(cloud, tags=OWNED, undeclared="report")["undeclared"]] == ["old"]
    assert not run(cloud, tags=OWNED, undeclared="delete")["changed"]
    in_moto(old).in_use_by = []
    deleted = run(cloud, tags=OWNED, undeclared="delete")
    assert [(action["name"], action["action"]) for action in deleted["actions"]] == [("old", "delete")]
    assert len(arns(cloud)) == 1


@pytest.mark.parametrize(
    "change, message",
    [
        ({"domain_name": None}, "has no domain_name. To fix:"),
        ({"domain_name": "example"}, "is for example, which is no domain. To fix:"),
        ({"alternative_names": ["a_b.example.com"]}, "is for a_b.example.com, which is no domain. To fix:"),
        ({"domain_name": f"{'a' * 60}.example.com"}, "has too long a domain_name. To fix:"),
        ({"alternative_names": [f"a{n}.example.com" for n in range(100)]}, "has 101 domains. To fix: at most 100."),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, change, message):
    wanted = {key: value for key, value in {**CERTIFICATE, **change}.items() if value is not None}
    assert message in fail(cloud, wanted)["msg"]
    assert cloud.calls == []


def test_domains_share_records():
    record = {"Name": "_a.example.com.", "Type": "CNAME", "Value": "_b.acm-validations.aws."}
    other = {**record, "Name": "_c.api.example.com."}
    options = [{"ResourceRecord": other}, {"ResourceRecord": record}, {"ResourceRecord": record}, {}]
    assert [one["name"] for one in acm_certificates.validation_records({"DomainValidationOptions": options})] == [
        "_a.example.com",
        "_c.api.example.com",
    ]
