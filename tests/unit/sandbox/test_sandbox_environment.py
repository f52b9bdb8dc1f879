# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment of commands that use the sandbox."""

import os

import pytest
from sandbox.environment import ACCESS_KEY_ID, SECRET_ACCESS_KEY, environment

ENDPOINT = "http://127.0.0.1:4566"


def test_credentials_have_the_length_of_real_ones():
    assert (len(ACCESS_KEY_ID), len(SECRET_ACCESS_KEY)) == (20, 40)


def test_points_at_the_sandbox():
    env = environment(ENDPOINT, {"PATH": "/bin"})
    assert env["AWS_ENDPOINT_URL"] == ENDPOINT
    assert env["AWS_ACCESS_KEY_ID"] == ACCESS_KEY_ID
    assert env["AWS_CONFIG_FILE"] == env["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert env["AWS_EC2_METADATA_DISABLED"] == "true"
    assert env["PATH"] == "/bin"


@pytest.mark.parametrize(
    "name",
    "AWS_PROFILE AWS_SESSION_TOKEN AWS_ROLE_ARN AWS_ENDPOINT_URL_S3 AWS_URL AWS_REGION AWS_CA_BUNDLE BOTO_CONFIG"
    " BOTO3_PROFILE EC2_URL EC2_ACCESS_KEY S3_URL aws_security_token".split(),
)
def test_removes_the_users_aws(name):
    assert name not in environment(ENDPOINT, {name: "x"})


def test_no_proxy_for_loopback():
    env = environment(ENDPOINT, {"no_proxy": "example.org"})
    assert env["no_proxy"] == "example.org,127.0.0.1,localhost,::1"
    assert env["NO_PROXY"] == "127.0.0.1,localhost,::1"


@pytest.mark.parametrize("endpoint", [ENDPOINT, "http://localhost:1", "http://[::1]:1", "http://127.9.9.9:80"])
def test_accepts_loopback(endpoint):
    assert environment(endpoint, {})["AWS_ENDPOINT_URL"] == endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://127.0.0.1:4566",
        "http://ec2.eu-central-1.amazonaws.com:80",
        "http://10.0.0.1:4566",
        "http://127.0.0.1.example.org:80",
        "http://localhost@example.org:80",
        "http://user@localhost:80",
        "http://127.0.0.1",
        "",
    ],
)
def test_refuses_everything_else(endpoint):
    with pytest.raises(ValueError, match="not a sandbox"):
        environment(endpoint, {})
