# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service's model says about parameters: required members, values, patterns, lengths and ranges."""

import functools
import re

from ..errors import AwsError


def check_shapes(call, code):
    """Refuse parameters that the model of the operation does not allow."""
    found = list(_problems(call.model.input_shape, call.parameters, ""))
    if found:
        plural = "" if len(found) == 1 else "s"
        raise AwsError(code, f"{len(found)} validation error{plural} detected: {'; '.join(found)}", 400)


def _problems(shape, value, path):
    if shape.type_name == "structure":
        yield from _of_structure(shape, value, path)
    elif shape.type_name == "list":
        yield from _of_size(shape, value, path, len(value), "length")
        for number, item in enumerate(value, 1):
            yield from _problems(shape.member, item, f"{path}.{number}.member")
    elif shape.type_name == "map":
        yield from _of_size(shape, value, path, len(value), "length")
        for key, item in value.items():
            yield from _problems(shape.key, key, path)
            yield from _problems(shape.value, item, f"{path}.{key}.member")
    elif shape.type_name == "string":
        yield from _of_string(shape, value, path)
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _of_size(shape, value, path, value, "value")


def _of_structure(shape, value, path):
    for name, member in shape.members.items():
        below = f"{path}.{name}".lstrip(".")
        below = below[:1].lower() + below[1:]
        # The query protocol parses a list that is not given as an empty one.
        given = value.get(name) is not None and not (value[name] == [] and name not in shape.required_members)
        if given:
            yield from _problems(member, value[name], below)
        elif name in shape.required_members and value.get(name) is None:
            yield f"Value null at '{below}' failed to satisfy constraint: Member must not be null"


def _of_string(shape, value, path):
    if shape.enum and value not in shape.enum:
        yield _failed(value, path, f"satisfy enum value set: [{', '.join(shape.enum)}]")
    yield from _of_size(shape, value, path, len(value), "length")
    pattern = shape.metadata.get("pattern")
    if pattern and not _matcher(pattern)(value):
        yield _failed(value, path, f"satisfy regular expression pattern: {pattern}")


def _of_size(shape, value, path, size, what):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield _failed(value, path, f"have {what} greater than or equal to {least}")
    if most is not None and size > most:
        yield _failed(value, path, f"have {what} less than or equal to {most}")


def _failed(value, path, rule):
    return f"Value '{value}' at '{path}' failed to satisfy constraint: Member must {rule}"


@functools.cache
def _matcher(pattern):
    # Classes of Unicode and a hyphen after a class are Java's; what they exclude is not what anybody mistypes.
    try:
        return re.compile(pattern).fullmatch
    except re.error:
        return lambda _value: True
