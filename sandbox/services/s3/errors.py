# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What S3 says of a request that is wrong."""

from ...errors import AwsError


def invalid(message):
    """Of a value."""
    return AwsError("InvalidArgument", message, 400)


def unfit(message):
    """Of a request that does not fit the bucket."""
    return AwsError("InvalidRequest", message, 400)


def malformed():
    """Of XML."""
    message = "The XML you provided was not well-formed or did not validate against our published schema"
    return AwsError("MalformedXML", message, 400)
