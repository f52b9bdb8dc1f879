# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Lambda demands of a function."""

import base64
import binascii
import io
import zipfile

from .. import backend
from ..trust import may_assume
from .shared import body, invalid

# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-deprecated: what no function is created with
BLOCKED = {
    "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "go1.x", "java8", "nodejs", "nodejs10.x",
    "nodejs12.x", "nodejs14.x", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "provided", "python2.7",
    "python3.6", "python3.7", "ruby2.5", "ruby2.7",
}  # fmt: skip
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
RESERVED = {
    "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
}  # fmt: skip
MOST_ENVIRONMENT, MOST_LAYERS, MOST_TAGS = 4096, 5, 50
SOURCES = ("ZipFile", "S3Bucket", "ImageUri")


def check_settings(call, wanted):
    """Refuse what no function can have, of what is given."""
    if wanted.get("Role") and not may_assume(call, wanted["Role"], "lambda.amazonaws.com"):
        raise invalid("The role defined for the function cannot be assumed by Lambda.")
    if wanted.get("Runtime") in BLOCKED:
        raise invalid(
            f"The runtime parameter of {wanted['Runtime']} is no longer supported for creating or updating AWS Lambda "
            "functions. We recommend you use a supported runtime while creating or updating functions."
        )
    _check_environment((wanted.get("Environment") or {}).get("Variables") or {})
    _check_layers(call, wanted.get("Layers") or [])
    _check_network(call, wanted.get("VpcConfig") or {})
    target = (wanted.get("DeadLetterConfig") or {}).get("TargetArn")
    if target and target.split(":")[2] not in ("sns", "sqs"):
        raise invalid(f"The dead-letter target {target} is neither a queue nor a topic.")
    logging = wanted.get("LoggingConfig") or {}
    if logging.get("LogFormat", "Text") == "Text" and {"ApplicationLogLevel", "SystemLogLevel"} & set(logging):
        raise invalid("Log levels are for the log format JSON.")


def check_package(call, wanted):
    """Refuse a package that is not one, or lacks what its type needs."""
    code, image = wanted["Code"], wanted.get("PackageType") == "Image"
    if image != bool(code.get("ImageUri")):
        raise invalid("Please provide ImageUri when and only when the PackageType is Image.")
    if image and (wanted.get("Runtime") or wanted.get("Handler") or wanted.get("Layers")):
        raise invalid("Runtime, Handler and Layers are no parameters of functions created with container images.")
    if not image and not (wanted.get("Runtime") and wanted.get("Handler")):
        raise invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
    if len(wanted.get("Tags") or {}) > MOST_TAGS:
        raise invalid(f"A function has at most {MOST_TAGS} tags.")
    check_code(call, code)


def check_code(call, code):
    """Refuse code that is not there."""
    given = [name for name in SOURCES if code.get(name)]
    if len(given) != 1:
        raise invalid("Please provide one source for function code.")
    if code.get("S3Bucket"):
        _check_object(call, code["S3Bucket"], code.get("S3Key"))
    if code.get("ImageUri"):
        _check_image(call, code["ImageUri"])
    if code.get("ZipFile"):
        sent = body(call)
        _check_zip(sent.get("Code", sent)["ZipFile"])


def _check_zip(text):
    try:
        sound = zipfile.is_zipfile(io.BytesIO(base64.b64decode(text)))
    except binascii.Error:
        sound = False
    if not sound:
        raise invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")


def _check_object(call, name, key):
    failed = "Error occurred while GetObject. S3 Error Code:"
    bucket = backend(call, "s3").buckets.get(name)
    if bucket is None:
        raise invalid(f"{failed} NoSuchBucket. S3 Error Message: The specified bucket does not exist")
    if bucket.region_name != call.region:
        raise invalid(f"{failed} PermanentRedirect. The bucket is in this region: {bucket.region_name}")
    if key not in bucket.keys:
        raise invalid(f"{failed} NoSuchKey. S3 Error Message: The specified key does not exist.")


def _check_image(call, uri):
    registry, _slash, rest = uri.partition("/")
    if not registry.startswith(f"{call.account}.dkr.ecr.{call.region}."):
        return  # another account's, which may allow it
    name, _at, digest = rest.partition("@")
    name, _colon, tag = name.partition(":")
    repository = backend(call, "ecr").repositories.get(name)
    images = repository.images if repository else []
    if not any(digest == image.get_image_digest() or (tag or "latest") in image.image_tags for image in images):
        raise invalid(f"Source image {uri} does not exist. Provide a valid source image.")


def _check_environment(variables):
    reserved = sorted(set(variables) & RESERVED)
    if reserved:
        raise invalid(
            "Lambda was unable to configure your environment variables because the environment variables you have "
            "provided contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )
    if sum(len(name.encode()) + len(value.encode()) for name, value in variables.items()) > MOST_ENVIRONMENT:
        raise invalid(f"Environment variables have at most {MOST_ENVIRONMENT} bytes.")


def _check_layers(call, layers):
    if len(layers) > MOST_LAYERS:
        raise invalid(f"Cannot reference more than {MOST_LAYERS} layers.")
    if len({arn.rpartition(":")[0] for arn in layers}) < len(layers):
        raise invalid("Two different versions of the same layer are not allowed to be referenced in the same function.")
    for arn in layers:
        if is_own(call, arn) and backend(call).layers_versions_by_arn(arn) is None:
            raise invalid(f"Layer version {arn} does not exist.")


def is_own(call, arn):
    """Whether a layer is the caller's; of others nothing is known here."""
    return arn.split(":")[4] == call.account


def _check_network(call, network):
    subnets, groups = network.get("SubnetIds") or [], network.get("SecurityGroupIds") or []
    if bool(subnets) != bool(groups):
        raise invalid("Subnets and security groups have to be given together.")
    if subnets:
        vpc_of(call, subnets, groups)


def vpc_of(call, subnets, groups):
    """The VPC of subnets and security groups, which have to be there, and in the same."""
    network = backend(call, "ec2")
    known = {number: subnet.vpc_id for zone in network.subnets.values() for number, subnet in zone.items()}
    known |= {number: group.vpc_id for inside in network.groups.values() for number, group in inside.items()}
    for number in (*subnets, *groups):
        if number not in known:
            kind = "subnet" if number in subnets else "security group"
            raise invalid(
                f"Error occurred while DescribeSecurityGroups or DescribeSubnets. The {kind} ID '{number}' does not exist"
            )
    vpcs = {known[number] for number in (*subnets, *groups)}
    if len(vpcs) > 1:
        raise invalid("The subnets and security groups are not in the same VPC.")
    return vpcs.pop()
