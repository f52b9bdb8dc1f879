# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a file in probes/ shows that an operation works: another operation reads what it wrote, its change, and its end."""

from botocore.exceptions import ClientError


class Probe:
    """An empty account, and the operations that proved themselves in it.

    What writes counts once an operation that reads has shown its effect; that one counts then, too.
    """

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.proved, self._unproved = set(), set()

    def client(self, service, region="eu-central-1"):
        """A client of the account."""
        return self.sandbox.client(service, region)

    def does(self, method, **parameters):
        """Call what writes, updates or deletes; its answer. It counts with the next ``shows`` or ``lacks``."""
        answer = method(**parameters)
        self._unproved.add(_name(method))
        return answer

    def shows(self, expected, method, path="", **parameters):
        """Read with another operation: what lies on the path of its answer has every expected field. Returns what lies there.

        A path is made of members and numbers, such as ``Distribution.Origins.Items.0``. A list without order may be compared by ``same``.
        """
        assert expected not in ({}, [], None), "nothing is proved by expecting nothing"
        found = _at(method(**parameters), path)
        problems = list(_differences(expected, found, path))
        assert not problems, f"{_name(method)} after {sorted(self._unproved)}: {problems}"
        self._prove(method)
        return found

    def lacks(self, method, code=None, path="", **parameters):
        """Read what should be gone: the operation fails with this code, or nothing lies on the path of its answer."""
        try:
            found = _at(method(**parameters), path)
        except ClientError as error:
            assert error.response["Error"]["Code"] == code
        else:
            assert code is None and not found, f"{_name(method)} after {sorted(self._unproved)}: {found}"
        self._prove(method)

    def end(self):
        """Everything that was done has been shown."""
        assert not self._unproved, f"nothing shows what {sorted(self._unproved)} did"

    def _prove(self, method):
        assert _name(method) not in self._unproved, "an operation is no witness for itself"
        self.proved |= self._unproved | {_name(method)}
        self._unproved = set()


def _name(method):
    client = method.__self__
    return f"{client.meta.service_model.service_name}.{client.meta.method_to_api_mapping[method.__name__]}"


def _at(answer, path):
    for step in filter(None, path.split(".")):
        if isinstance(answer, list):
            answer = answer[int(step)] if int(step) < len(answer) else None
        else:
            answer = (answer or {}).get(step)
    return answer


def _differences(expected, found, path):
    """Where something differs from what was expected; a found structure may have more members."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name, value in expected.items():
            yield from _differences(value, found.get(name), f"{path}.{name}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from _differences(one, other, f"{path}.{number}")
    elif expected != found:
        yield f"{path}: expected {expected!r}, found {found!r}"
