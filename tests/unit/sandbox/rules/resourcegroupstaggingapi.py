# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Resource Groups Tagging API refuses."""

from tests.unit.sandbox.rule import Rule

PAGE = "https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html"
WRONG = "InvalidParameterException"
ARNS = [f"arn:aws:sqs:eu-central-1:123456789012:q{number}" for number in range(101)]

SERVICE = "resourcegroupstaggingapi"
RULES = [
    Rule(
        says="a page has 100 resources at most",
        page=PAGE,
        operation="get_resources",
        code=WRONG,
        refused={"ResourcesPerPage": 101},
        accepted={"ResourcesPerPage": 100},
    ),
    Rule(
        says="resources that are named do not come in pages",
        page=PAGE,
        operation="get_resources",
        code=WRONG,
        refused={"ResourceARNList": ARNS[:2], "ResourcesPerPage": 1},
        accepted={"ResourceARNList": ARNS[:2]},
    ),
    Rule(
        says="a token is from the page before",
        page=PAGE,
        operation="get_resources",
        code="PaginationTokenExpiredException",
        refused={"PaginationToken": "other"},
        accepted={"PaginationToken": ""},
    ),
]
