# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings: found by their fields, and worked on."""

from ...errors import missing as not_here
from .. import answer, backend
from ..governance import chosen, clean, given, now, page
from .hub import hub_of

# Where the fields are that findings are filtered by.
FIELDS = {
    "AwsAccountId": ("AwsAccountId",), "GeneratorId": ("GeneratorId",), "Id": ("Id",), "ProductArn": ("ProductArn",),
    "RecordState": ("RecordState",), "SeverityLabel": ("Severity", "Label"), "Title": ("Title",),
    "WorkflowStatus": ("Workflow", "Status"),
}  # fmt: skip
COMPARISONS = {
    "EQUALS": lambda value, wanted: value == wanted,
    "PREFIX": lambda value, wanted: value.startswith(wanted),
    "CONTAINS": lambda value, wanted: wanted in value,
    "NOT_EQUALS": lambda value, wanted: value != wanted,
    "PREFIX_NOT_EQUALS": lambda value, wanted: not value.startswith(wanted),
    "NOT_CONTAINS": lambda value, wanted: wanted not in value,
}
WORKED_ON = ("Note", "Severity", "VerificationState", "Confidence", "Criticality", "Types", "UserDefinedFields",
             "Workflow", "RelatedFindings")  # fmt: skip


@answer("securityhub", "GetFindings")
def get_findings(call):
    """moto does not filter."""
    hub_of(call)
    filters = given(call.parameters.get("Filters") or {})
    unknown = sorted(set(filters) - set(FIELDS))
    if unknown:
        raise not_here(call, f"filters of {', '.join(unknown)}")
    found = [_view(finding) for finding in backend(call).findings]
    found = [item for item in found if all(_passes(item, field, wanted) for field, wanted in filters.items())]
    return page(call, "Findings", found, refusal="InvalidInputException")


def _view(finding):
    return {"RecordState": "ACTIVE", "Workflow": {"Status": "NEW"}, **finding.data}


def _passes(item, field, conditions):
    """One of the conditions that ask for something, and all that exclude something."""
    value = item
    for step in FIELDS[field]:
        value = (value or {}).get(step)
    if value is None:
        return False
    results = [(one["Comparison"], COMPARISONS[one["Comparison"]](value, one["Value"])) for one in conditions]
    asked = [fits for comparison, fits in results if "NOT_" not in comparison]
    return (any(asked) or not asked) and all(fits for comparison, fits in results if "NOT_" in comparison)


@answer("securityhub", "BatchUpdateFindings")
def update_findings(call):
    """moto does not have it. What is not there is answered, not refused."""
    hub_of(call)
    change = clean(chosen(call.parameters, *WORKED_ON))
    if "Note" in change:
        change["Note"]["UpdatedAt"] = now().isoformat().replace("+00:00", ".000Z")
    known = {(item.id, item.data["ProductArn"]): item for item in backend(call).findings}
    done, failed = [], []
    for wanted in call.parameters["FindingIdentifiers"]:
        finding = known.get((wanted["Id"], wanted["ProductArn"]))
        if finding is None:
            reason = {"ErrorCode": "FindingNotFound", "ErrorMessage": "Finding Not Found"}
            failed.append({"FindingIdentifier": wanted, **reason})
        else:
            finding.data.update(change)
            done.append(wanted)
    return {"ProcessedFindings": done, "UnprocessedFindings": failed}
