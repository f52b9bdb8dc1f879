# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service's model says about parameters, held before anything is answered: required, values, patterns, sizes."""

import functools
import itertools

import regex

from .errors import AwsError

# How a service names what its model does not allow: "Common Errors" and "Errors" of its API reference.
REFUSALS = {
    "backup": "InvalidParameterValueException",
    "cloudfront": "MalformedXML",
    "cloudwatch": "ValidationError",
    "cognito-idp": "InvalidParameterException",
    "ec2": "InvalidParameterValue",
    "ecr": "InvalidParameterException",
    "ecs": "InvalidParameterException",
    "eks": "InvalidParameterException",
    "elasticache": "InvalidParameterValue",
    "guardduty": "BadRequestException",
    "logs": "InvalidParameterException",
    "rds": "InvalidParameterValue",
    "route53": "InvalidInput",
    "s3": "MalformedXML",
    "securityhub": "InvalidInputException",
    "sns": "InvalidParameter",
    "sqs": "InvalidAttributeName",
    "xray": "InvalidRequestException",
}
OF_PROTOCOL = {"query": "ValidationError"}
ELSE = "ValidationException"
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
MISSING = {name: "MissingParameter" for name in ("ec2", "elasticache", "rds", "sqs")}
# What AWS takes although its model has no such value, with the page that names it.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl: log-delivery-write
WIDER = {"BucketCannedACL": {"log-delivery-write"}}
# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html: auth.example.com
WIDER_PATTERNS = {"DomainType": r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?"}
# A problem more is no help, and a big request may have thousands.
MOST = 10


def check_shapes(call):
    """Refuse parameters that the model of the operation does not allow."""
    if call.model is None or call.model.input_shape is None or call.problem:
        return
    # The query protocols parse a list that is not given as an empty one.
    absent = ([],) if call.protocol in ("query", "ec2") else ()
    found = list(itertools.islice(_problems(call.model.input_shape, call.parameters, "", absent), MOST))
    if found:
        plural = "" if len(found) == 1 else "s"
        messages = "; ".join(message for _missing, message in found)
        raise AwsError(_code(call, found), f"{len(found)} validation error{plural} detected: {messages}", 400)


def _code(call, found):
    if call.service in MISSING and any(missing for missing, _message in found):
        return MISSING[call.service]
    return REFUSALS.get(call.service) or OF_PROTOCOL.get(call.protocol, ELSE)


def _problems(shape, value, path, absent):
    """What is wrong: whether something is missing, and the message."""
    if shape.type_name == "structure":
        yield from _of_structure(shape, value, path, absent)
    elif shape.type_name == "list":
        yield from _of_size(shape, value, path, len(value), "length")
        for number, item in enumerate(value, 1):
            yield from _problems(shape.member, item, f"{path}.{number}.member", absent)
    elif shape.type_name == "map":
        yield from _of_size(shape, value, path, len(value), "length")
        for key, item in value.items():
            yield from _problems(shape.key, key, path, absent)
            yield from _problems(shape.value, item, f"{path}.{key}.member", absent)
    elif shape.type_name == "string":
        yield from _of_string(shape, value, path)
    elif shape.type_name == "blob":
        yield from _of_size(shape, value, path, len(value), "length")
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _of_size(shape, value, path, value, "value")


def _of_structure(shape, value, path, absent):
    for name, member in shape.members.items():
        below = f"{path}.{name}".lstrip(".")
        below = below[:1].lower() + below[1:]
        required = name in shape.required_members
        given = value.get(name) is not None and (required or value[name] not in absent)
        if given:
            yield from _problems(member, value[name], below, absent)
        elif required:
            yield True, f"Value null at '{below}' failed to satisfy constraint: Member must not be null"


def _of_string(shape, value, path):
    if not isinstance(value, str):
        return  # a header or a JSON value that the parser has made something else of
    if shape.enum and value not in shape.enum and value not in WIDER.get(shape.name, ()):
        yield _failed(shape, value, path, f"satisfy enum value set: [{', '.join(shape.enum)}]")
    yield from _of_size(shape, value, path, len(value), "length")
    pattern = shape.metadata.get("pattern")
    pattern = pattern and WIDER_PATTERNS.get(shape.name, pattern)
    if pattern and not _matcher(pattern)(value):
        yield _failed(shape, value, path, f"satisfy regular expression pattern: {pattern}")


def _of_size(shape, value, path, size, what):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield _failed(shape, value, path, f"have {what} greater than or equal to {least}")
    if most is not None and size > most:
        yield _failed(shape, value, path, f"have {what} less than or equal to {most}")


def _failed(shape, value, path, rule):
    value = "***" if shape.metadata.get("sensitive") else value
    return False, f"Value '{value}' at '{path}' failed to satisfy constraint: Member must {rule}"


@functools.cache
def _matcher(pattern):
    """Models write patterns for Java, which knows classes of Unicode and intersections of sets."""
    for version in (regex.V0, regex.V1):
        try:
            return regex.compile(pattern, version).fullmatch
        except regex.error:
            continue
    return lambda _value: True
