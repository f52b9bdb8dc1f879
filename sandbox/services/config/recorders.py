# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recorder, and the channel that delivers what it recorded."""

from ...errors import AwsError
from .. import after, answer, backend, check, correct
from ..governance import allows, bucket_of, chosen, clean, key_of, may, now, role_of, topic_exists

SERVICE = "config.amazonaws.com"


@check("config", "PutConfigurationRecorder")
def check_role(call):
    """moto crashes without a role."""
    if not call.parameters["ConfigurationRecorder"].get("roleARN"):
        raise AwsError("InvalidRoleException", "You have provided a null or empty role ARN.")


@after("config", "PutConfigurationRecorder")
def keep_mode(call):
    """moto drops how often is recorded."""
    wanted = call.parameters["ConfigurationRecorder"]
    usual = {"recordingFrequency": "CONTINUOUS", "recordingModeOverrides": []}
    mode = {**usual, **clean(wanted.get("recordingMode") or {})}
    backend(call).recorders[wanted["name"]].sandbox_mode = mode


@correct("config", "DescribeConfigurationRecorders")
def answer_mode(call, parsed):
    """Everything that was written."""
    for view in parsed["ConfigurationRecorders"]:
        arn = f"arn:aws:config:{call.region}:{call.account}:configuration-recorder/{view['name']}/default"
        mode = backend(call).recorders[view["name"]].sandbox_mode
        view.update(arn=arn, recordingMode=mode, recordingScope="PAID")


@check("config", "PutDeliveryChannel")
def check_channel(call):
    """moto believes that bucket, key and topic exist, and that the bucket may be written to."""
    state, wanted = backend(call), call.parameters["DeliveryChannel"]
    if not state.recorders:
        message = "Configuration recorder is not available to put delivery channel."
        raise AwsError("NoAvailableConfigurationRecorderException", message)
    name = wanted.get("s3BucketName") or ""
    bucket = bucket_of(call, name)
    if bucket is None:
        raise AwsError("NoSuchBucketException", f"Cannot find a S3 bucket with an empty or unknown name '{name}'.")
    key, topic = wanted.get("s3KmsKeyArn"), wanted.get("snsTopicARN")
    if key and key_of(call, key) is None:
        raise AwsError("InvalidS3KmsKeyArnException", f"The KMS key {key} is not valid.")
    if topic and not topic_exists(call, topic):
        raise AwsError("InvalidSNSTopicARNException", f"The sns topic arn '{topic}' is not valid.")
    _check_writing(call, state, bucket, wanted.get("s3KeyPrefix"))


def _check_writing(call, state, bucket, prefix):
    start = f"{prefix}/" if prefix else ""
    target = f"arn:aws:s3:::{bucket.name}/{start}AWSLogs/{call.account}/Config/ConfigWritabilityCheckFile"
    if allows(bucket.policy, SERVICE, "s3:PutObject", target):
        return
    for recorder in state.recorders.values():
        role = role_of(call, recorder.role_arn)
        if role is not None and may(role, "s3:PutObject", target):
            return
    message = (
        f"Insufficient delivery policy to s3 bucket: {bucket.name}, unable to write to bucket, "
        f"provided s3 key prefix is '{prefix or 'null'}', provided kms key is 'null'."
    )
    raise AwsError("InsufficientDeliveryPolicyException", message)


@answer("config", "DescribeDeliveryChannelStatus")
def channel_status(call):
    """moto does not have it."""
    state, wanted = backend(call), call.parameters.get("DeliveryChannelNames")
    for name in wanted or ():
        if name not in state.delivery_channels:
            message = f"Cannot find delivery channel with specified name '{name}'."
            raise AwsError("NoSuchDeliveryChannelException", message)
    recording = any(recorder.status.recording for recorder in state.recorders.values())
    stream = {"lastStatus": "Success", "lastStatusChangeTime": now()} if recording else {"lastStatus": "Not_Applicable"}
    found = [{"name": name, "configStreamDeliveryInfo": stream} for name in wanted or state.delivery_channels]
    return {"DeliveryChannelsStatus": found}


# --- saved queries -------------------------------------------------------------------------------------------------


def _queries(call):
    return vars(backend(call)).setdefault("sandbox_queries", {})


def _query(call):
    name = call.parameters["QueryName"]
    if name not in _queries(call):
        raise AwsError("ResourceNotFoundException", f"The query {name} does not exist.")
    return _queries(call)[name]


@answer("config", "PutStoredQuery")
def put_query(call):
    """moto does not have it."""
    wanted, queries = clean(call.parameters["StoredQuery"]), _queries(call)
    if not wanted.get("Expression", "").strip().upper().startswith("SELECT"):
        raise AwsError("ValidationException", "The expression of a query begins with SELECT.")
    number = f"query-{len(queries) + 1:08d}"
    arn = f"arn:aws:config:{call.region}:{call.account}:stored-query/{wanted['QueryName']}/{number}"
    own = chosen(queries.get(wanted["QueryName"], {}), "QueryId", "QueryArn")
    queries[wanted["QueryName"]] = {"QueryId": number, "QueryArn": arn, **own, **wanted}
    return chosen(queries[wanted["QueryName"]], "QueryArn")


@answer("config", "GetStoredQuery")
def get_query(call):
    """moto does not have it."""
    return {"StoredQuery": _query(call)}


@answer("config", "ListStoredQueries")
def list_queries(call):
    """moto does not have it."""
    names = ("QueryId", "QueryArn", "QueryName", "Description")
    return {"StoredQueryMetadata": [chosen(item, *names) for item in _queries(call).values()]}


@answer("config", "DeleteStoredQuery")
def delete_query(call):
    """moto does not have it."""
    del _queries(call)[_query(call)["QueryName"]]
    return {}
