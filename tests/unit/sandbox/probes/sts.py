# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions that AWS Security Token Service gives."""

import json


def _client(probe, answer):
    given = answer["Credentials"]
    keys = {
        "aws_access_key_id": given["AccessKeyId"], "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }  # fmt: skip
    return probe.sandbox.client("sts", credentials=keys)


def role(probe):
    sts, iam = probe.client("sts"), probe.client("iam")
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "123456789012"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    arn = iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    answer = probe.does(sts.assume_role, RoleArn=arn, RoleSessionName="release")
    shown = {"Account": "123456789012", "Arn": "arn:aws:sts::123456789012:assumed-role/deploy/release"}
    probe.shows(shown, _client(probe, answer).get_caller_identity)


def sessions(probe):
    sts = probe.client("sts")
    answer = probe.does(sts.get_session_token, DurationSeconds=900)
    probe.shows({"Arn": "arn:aws:iam::123456789012:user/sandbox"}, _client(probe, answer).get_caller_identity)
    answer = probe.does(sts.get_federation_token, Name="guest")
    shown = {"Arn": "arn:aws:sts::123456789012:federated-user/guest"}
    probe.shows(shown, _client(probe, answer).get_caller_identity)
    key = answer["Credentials"]["AccessKeyId"]
    probe.shows({"Account": "123456789012"}, sts.get_access_key_info, AccessKeyId=key)
