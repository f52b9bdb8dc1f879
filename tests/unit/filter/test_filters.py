# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of filters."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.groundwork.aws.plugins.filter import filters


def test_every_filter_is_documented_in_the_file_of_its_name():
    assert {path.stem for path in Path(filters.__file__).parent.glob("*.yml")} == set(filters.FILTERS)


def test_a_refusal_names_the_filter():
    with pytest.raises(AnsibleFilterError, match=r"groundwork\.aws\.subnet_layout: .+"):
        filters.FilterModule().filters()["subnet_layout"]("10.0.0.0/30", [{"name": "public"}], ["us-east-1a"])
