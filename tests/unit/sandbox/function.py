# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Lambda function, for what names one."""

import io
import json
import zipfile


def function(sandbox, name, caller=None):
    """The ARN of a new function, which a service may call."""
    client = sandbox.client("lambda")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): pass")
    code = {"ZipFile": content.getvalue()}
    wanted = {"FunctionName": name, "Runtime": "python3.12", "Handler": "index.handler", "Code": code}
    arn = client.create_function(**wanted, Role=_role(sandbox, name))["FunctionArn"]
    if caller:
        client.add_permission(
            FunctionName=name, StatementId="call", Action="lambda:InvokeFunction", Principal=caller
        )  # fmt: skip
    return arn


def _role(sandbox, name):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return sandbox.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
