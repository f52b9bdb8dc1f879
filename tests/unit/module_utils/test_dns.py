# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and values of DNS in one spelling."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import dns


def test_names_are_small_without_dot_and_escapes():
    assert dns.normal_name(r"\052.Example.COM.") == "*.example.com"
    assert dns.normal_name("_dmarc.example.com") == "_dmarc.example.com"


@pytest.mark.parametrize("name", ["example.com", "*.example.com", "_a.b-c.example.com", "xn--bcher-kva.example"])
def test_names_of_hosts(name):
    assert dns.is_name(name)


@pytest.mark.parametrize(
    "name", ["", "com", "a..com", "-a.com", "a b.com", "a.*.com", f"{'a' * 64}.com", f"{'a.' * 128}com"]
)
def test_what_is_no_name_of_a_host(name):
    assert not dns.is_name(name)


@pytest.mark.parametrize(
    "record_type, value, normal",
    [
        ("CNAME", "Target.Example.com.", "target.example.com"),
        ("MX", "10  Mail.example.com.", "10 mail.example.com"),
        ("AAAA", "2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("A", "nothing", "nothing"),
        ("CAA", '0 issue "amazon.com"', '0 issue "amazon.com"'),
        ("TXT", "v=spf1 -all", '"v=spf1 -all"'),
        ("TXT", '"v=spf1 -all"', '"v=spf1 -all"'),
        ("TXT", '"a" "b"', '"ab"'),
        ("TXT", 'say "hi"', r'"say \"hi\""'),
        ("TXT", r'"say \"hi\""', r'"say \"hi\""'),
        ("TXT", "x" * 300, f'"{"x" * 255}" "{"x" * 45}"'),
        ("TXT", "", '""'),
    ],
)
def test_values_in_one_spelling(record_type, value, normal):
    assert dns.normal_value(record_type, value) == normal
    assert dns.normal_value(record_type, normal) == normal


@pytest.mark.parametrize(
    "record_type, values, message",
    [
        ("CNAME", ["a.example.com", "b.example.com"], "has several values"),
        ("A", ["a.example.com"], "has a.example.com as a value"),
        ("A", ["2001:db8::1"], "has 2001:db8::1 as a value"),
        ("AAAA", ["203.0.113.1"], "has 203.0.113.1 as a value"),
        ("A", ["203.0.113.1"], ""),
        ("TXT", ["a", "b"], ""),
    ],
)
def test_values_that_a_type_cannot_have(record_type, values, message):
    flaw = dns.value_flaw(record_type, values)
    assert flaw.startswith(message) and bool(flaw) == bool(message)
