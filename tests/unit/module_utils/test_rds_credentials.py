# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins as secrets hold them: written, read back, compared, and never shown."""

from __future__ import annotations

import json
import traceback

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import rds_credentials

URL = {
    "secret_format": "url",
    "url_scheme": "postgresql",
    "url_parameters": {"sslmode": "require"},
    "json_keys": None,
}
JSON = {**URL, "secret_format": "json", "json_keys": {"password": "DB_PASSWORD", "host": "DB_HOST"}}
LOGIN = rds_credentials.Login("user", "p~ss.w_rd-1", "db.example", 5432, "app", "postgres")


def test_passwords_are_long_different_and_accepted_by_every_engine():
    passwords = {rds_credentials.new_password() for _number in range(200)}
    assert len(passwords) == 200 and {len(one) for one in passwords} == {40}
    for engine in ("postgres", "mysql", "mariadb"):
        assert not any(rds_credentials.password_flaw(one, engine) for one in passwords)
    assert set("".join(passwords)) == set(rds_credentials.ALPHABET)


def test_a_generated_password_needs_no_encoding_in_a_url():
    password = rds_credentials.ALPHABET[:40]
    assert f":{password}@" in rds_credentials.write(URL, LOGIN._replace(password=password))


@pytest.mark.parametrize(
    "change, parameters, expected",
    [
        ({}, {"sslmode": "require"}, "postgresql://user:p~ss.w_rd-1@db.example:5432/app?sslmode=require"),
        ({"password": "a b%:c"}, {}, "postgresql://user:a%20b%25%3Ac@db.example:5432/app"),
        ({"username": "a@b", "dbname": "x/y"}, None, "postgresql://a%40b:p~ss.w_rd-1@db.example:5432/x%2Fy"),
        ({"dbname": ""}, {"b": 2, "a": "x y"}, "postgresql://user:p~ss.w_rd-1@db.example:5432/?a=x%20y&b=2"),
    ],
)
def test_urls_are_encoded(change, parameters, expected):
    login = LOGIN._replace(**change)
    form = {**URL, "url_parameters": parameters}
    assert rds_credentials.write(form, login) == expected
    assert rds_credentials.read(form, expected) == (login.password, "db.example")


def test_json_has_the_wanted_keys_and_keeps_others():
    text = rds_credentials.write(JSON, LOGIN, '{"mine": "1", "DB_HOST": "old"}')
    assert json.loads(text) == {
        "username": "user",
        "DB_PASSWORD": "p~ss.w_rd-1",
        "DB_HOST": "db.example",
        "port": "5432",
        "dbname": "app",
        "engine": "postgres",
        "mine": "1",
    }
    assert rds_credentials.read(JSON, text) == ("p~ss.w_rd-1", "db.example")


def test_either_format_is_read_whatever_is_wanted():
    url, usual = rds_credentials.write(URL, LOGIN), rds_credentials.write({**JSON, "json_keys": None}, LOGIN)
    assert rds_credentials.read(JSON, url) == rds_credentials.read(URL, usual) == ("p~ss.w_rd-1", "db.example")
    assert rds_credentials.read(JSON, usual).password == "p~ss.w_rd-1"


@pytest.mark.parametrize(
    "text",
    [
        "hunter2",
        "postgresql://hunter2@host/db",
        "postgresql://user:hunter2@/db",
        "postgresql://[hunter2:hunter2@x",
        '{"password": "hunter2"',
        '{"password": "hunter2"}',
        '["hunter2"]',
        "",
    ],
)
def test_what_is_neither_is_refused_without_showing_it(text):
    with pytest.raises(ValueError, match="is neither a URL") as raised:
        rds_credentials.read(URL, text)
    assert "hunter2" not in "".join(traceback.format_exception(raised.value, chain=True)).replace(repr(text), "")


def test_contents_are_the_same_whatever_the_order_and_the_type_of_the_port():
    text = rds_credentials.write(JSON, LOGIN)
    content = json.loads(text)
    assert rds_credentials.same(json.dumps({**dict(reversed(content.items())), "port": 5432}), text)
    assert not rds_credentials.same(json.dumps({**content, "port": 1}), text)
    assert not rds_credentials.same(None, text) and not rds_credentials.same("postgresql://", text)
    assert rds_credentials.same("postgresql://x", "postgresql://x")


@pytest.mark.parametrize(
    "password, engine, message",
    [
        ("short", "postgres", "not 8 to 128 characters long"),
        ("x" * 129, "postgres", "not 8 to 128"),
        ("x" * 42, "mysql", "not 8 to 41"),
        ("with/slash", "postgres", "a character that RDS refuses"),
        ('with"quote', "postgres", "a character that RDS refuses"),
        ("with@sign", "postgres", "a character that RDS refuses"),
        ("with space", "postgres", "a character that RDS refuses"),
        ("wïth-umlaut", "postgres", "a character that RDS refuses"),
        ("x" * 41, "mysql", ""),
        ("x" * 128, "postgres", ""),
    ],
)
def test_passwords_that_rds_refuses_are_known_before(password, engine, message):
    flaw = rds_credentials.password_flaw(password, engine)
    assert message in flaw and bool(message) == bool(flaw) and password not in flaw
