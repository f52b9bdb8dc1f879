# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many of a function may run at once, and how many are kept ready."""

from ... import delays
from ...errors import AwsError
from .. import answer, backend, check
from .shared import function_of, invalid, kept, listed, moment, plain_arn, qualifier_of

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, .../configuration-concurrency.html
QUOTA, UNRESERVED = 1000, 100
GIB = 1024**3


@check("lambda", "PutFunctionConcurrency")
def check_reserved(call):
    """Some of the account's quota stays for all other functions."""
    function, wanted = function_of(call, qualified=False), call.parameters["ReservedConcurrentExecutions"]
    if QUOTA - _reserved(call, function) - wanted < UNRESERVED:
        raise invalid(
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
            f"below its minimum value of [{UNRESERVED}]."
        )


def _reserved(call, apart=None):
    others = (item for item in backend(call).list_functions() if item is not apart)
    return sum(int(item.reserved_concurrency or 0) for item in others)


@answer("lambda", "GetAccountSettings")
def get_account_settings(call):
    """The quotas of every account, and what is left."""
    functions = list(backend(call).list_functions())
    limit = {
        "TotalCodeSize": 75 * GIB,
        "CodeSizeUnzipped": 250 * 1024**2,
        "CodeSizeZipped": 50 * 1024**2,
        "ConcurrentExecutions": QUOTA,
        "UnreservedConcurrentExecutions": QUOTA - _reserved(call),
    }
    usage = {"TotalCodeSize": sum(item.code_size for item in functions), "FunctionCount": len(functions)}
    return {"AccountLimit": limit, "AccountUsage": usage}


# --- provisioned ---------------------------------------------------------------------------------------------------


@answer("lambda", "PutProvisionedConcurrencyConfig")
def put_provisioned(call):
    """moto does not have it."""
    function, qualifier = function_of(call), qualifier_of(call)
    if qualifier == "$LATEST":
        raise invalid("Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
    wanted = call.parameters["ProvisionedConcurrentExecutions"]
    reserved = backend(call).get_function(function.function_name).reserved_concurrency
    others = sum(item["wanted"] for name, item in _configs(call).items() if name != qualifier)
    if wanted + others > (QUOTA - UNRESERVED if reserved is None else int(reserved)):
        raise invalid(
            "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function"
        )
    ready = delays.ready_at("lambda-provisioned-concurrency")
    _configs(call)[qualifier] = {"wanted": wanted, "ready": ready, "modified": moment()}
    return _view(_configs(call)[qualifier])


def _configs(call):
    return kept(call, "provisioned", function_of(call, qualified=False))


def _view(config):
    ready = delays.is_past(config["ready"])
    number = config["wanted"] if ready else 0
    return {
        "RequestedProvisionedConcurrentExecutions": config["wanted"],
        "AvailableProvisionedConcurrentExecutions": number,
        "AllocatedProvisionedConcurrentExecutions": number,
        "Status": "READY" if ready else "IN_PROGRESS",
        "LastModified": config["modified"],
    }


def _config(call):
    function_of(call)
    if qualifier_of(call) not in _configs(call):
        message = "No Provisioned Concurrency Config found for this function"
        raise AwsError("ProvisionedConcurrencyConfigNotFoundException", message, 404)
    return _configs(call)[qualifier_of(call)]


@answer("lambda", "GetProvisionedConcurrencyConfig")
def get_provisioned(call):
    """moto does not have it."""
    return _view(_config(call))


@answer("lambda", "ListProvisionedConcurrencyConfigs")
def list_provisioned(call):
    """moto does not have it."""
    arn = plain_arn(function_of(call, qualified=False))
    views = [{"FunctionArn": f"{arn}:{name}", **_view(item)} for name, item in sorted(_configs(call).items())]
    return listed(call, "ProvisionedConcurrencyConfigs", views)


@answer("lambda", "DeleteProvisionedConcurrencyConfig")
def delete_provisioned(call):
    """moto does not have it."""
    function_of(call)
    _configs(call).pop(qualifier_of(call), None)
    return {}
