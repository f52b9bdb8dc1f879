# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The items of secrets, buckets and certificates."""

from __future__ import annotations

from ansible_collections.groundwork.aws.plugins.module_utils import planned
from ansible_collections.groundwork.aws.plugins.plugin_utils import domains, storage

PLACE = {"account_id": "123456789012", "region": "us-east-1", "partition": "aws"}


def bucket(**settings):
    (item,) = storage.bucket_items([{"name": "b", **settings}], "x-prod", PLACE, "arn:key")
    return item


def test_secrets_are_called_by_their_prefix_unless_they_say_otherwise():
    generated, given = storage.secret_items(
        [{"name": "jwt", "generate": {}}, {"name": "mail", "secret_name": "shared/mail"}], "prod/x", "arn:key"
    )
    assert (generated["name"], generated["generate"], generated["kms_key_arn"]) == ("prod/x/jwt", {}, "arn:key")
    assert given["name"] == "shared/mail" and "generate" not in given


def test_a_bucket_is_called_so_that_no_other_account_has_it():
    assert bucket()["name"] == "x-prod-b-123456789012-us-east-1"
    assert bucket(bucket_name="mine")["name"] == "mine"
    long = storage.bucket_name({"name": "b" * 60}, "x", "123456789012", "us-east-1")
    assert len(long) == storage.BUCKET_LIMIT and not long.endswith("-")


def test_a_private_bucket_has_the_key_and_refuses_plain_http():
    item = bucket(versioning=True)
    assert (item["encryption"], item["kms_key_arn"], item["versioning"]) == ("aws:kms", "arn:key", True)
    (statement,) = item["policy"]["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert len(statement["Resource"]) == 2


def test_a_bucket_for_logs_lets_only_this_accounts_load_balancers_deliver():
    item = bucket(purpose="load_balancer_logs")
    assert item["encryption"] == "AES256" and "kms_key_arn" not in item
    deliver = item["policy"]["Statement"][1]
    assert deliver["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert deliver["Resource"].endswith("/*AWSLogs/123456789012/*")
    assert deliver["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}


def test_what_expires_is_said_in_one_rule():
    (rule,) = bucket()["lifecycle_rules"]
    assert rule == {"id": "keep", "abort_incomplete_multipart_days": 7}
    moves = [{"days": 30, "storage_class": "STANDARD_IA"}]
    (rule,) = bucket(expire_days=90, noncurrent_expire_days=30, transitions=moves)["lifecycle_rules"]
    assert (rule["expiration_days"], rule["noncurrent_expiration_days"], rule["transitions"]) == (90, 30, moves)


RECORD = {"name": "_1.x.org", "type": "CNAME", "value": "_2.acm"}


def test_a_record_that_two_certificates_need_is_written_once():
    found = {"a": {"validation_records": [RECORD]}, "b": {"validation_records": [RECORD]}, "c": {}}
    assert domains.validation_records(found) == [
        {"name": "_1.x.org", "type": "CNAME", "ttl": 300, "values": ["_2.acm"]}
    ]


def test_a_certificate_counts_once_it_is_issued():
    wanted = [{"name": "a", "domain": "x.org"}, {"name": "b", "domain": "y.org"}, {"name": "c", "domain": "z.org"}]
    items = domains.certificate_items(wanted, "x")
    assert items[0] == {"name": "x-a", "domain_name": "x.org", "alternative_names": []}
    found = {"x-a": {"arn": "1", "issued": True}, "x-b": {"arn": "2", "issued": False, "status": "PENDING_VALIDATION"}}
    outputs = domains.certificate_outputs(wanted, items, found)
    assert outputs["arns"] == {"a": "1", "b": None, "c": None}
    assert set(outputs["certificates"]) == {"a", "b"}
    assert outputs["certificates"]["b"]["status"] == "PENDING_VALIDATION"
    assert outputs["unsettled"] is False
    assert domains.certificate_outputs(wanted, items, found, True)["unsettled"] is True
    found["x-b"]["issued"] = True
    assert domains.certificate_outputs(wanted, items, found, True)["unsettled"] is False


def test_a_plan_may_count_on_a_certificate_that_it_would_request():
    wanted = [{"name": "a", "domain": "x.org"}]
    items = domains.certificate_items(wanted, "x")
    arn = f"arn:aws:acm:us-east-1:1:certificate/{planned.uuid('acm', 'x-a')}"
    found = {"x-a": {"arn": arn, "issued": False}}
    assert domains.certificate_outputs(wanted, items, found)["arns"] == {"a": None}
    assert domains.certificate_outputs(wanted, items, found, True)["arns"] == {"a": arn}
    assert domains.certificate_outputs(wanted, items, found, True)["unsettled"] is False
    found["x-a"]["arn"] = "arn:aws:acm:us-east-1:1:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
    assert domains.certificate_outputs(wanted, items, found, True)["arns"] == {"a": None}
