# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The secret with the login of a database: found, made before the instance, corrected after it.

No method returns or raises anything of its content, except the password to who hands it on to RDS.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    boto3_tag_list_to_ansible_dict,
    compare_aws_tags,
)

from ansible_collections.groundwork.aws.plugins.module_utils import rds_credentials
from ansible_collections.groundwork.aws.plugins.module_utils.api import secretsmanager as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError
from ansible_collections.groundwork.aws.plugins.module_utils.kms_keys import same_key
from ansible_collections.groundwork.aws.plugins.module_utils.rds_credentials import Login

# What a secret can be, seen from the instance.
FITS = "fits the instance"
DIFFERS = "does not fit the instance"
MISSING = "is missing"
EMPTY = "has no value"
DELETED = "waits for its deletion"
RESETTING = "holds a password that was not set yet"
OTHER_KEY = "is encrypted with another key"
OTHER_TAGS = "has other tags"
WITHOUT_PASSWORD = (MISSING, EMPTY, RESETTING)


class MasterSecret:
    """One secret, as the item C(credentials) wants it."""

    def __init__(self, client: Any, credentials: Dict[str, Any], engine: str):
        self.client = client
        self.form = credentials
        self.name: str = credentials["secret_name"]
        self.tags: Optional[Dict[str, str]] = None  # None: not managed
        self.engine = engine
        self.arn: Optional[str] = None
        self.deletion_date: Optional[str] = None
        self._key: Optional[str] = None
        self.current_tags: Dict[str, str] = {}
        self._text: Optional[str] = None
        self._stored: Optional[rds_credentials.Stored] = None

    def find(self, identity: Dict[str, str]) -> None:
        """Read what there is without the value, and refuse what is somebody else's."""
        described = api.describe_secret(self.client, self.name)
        if not described:
            return
        self.current_tags = boto3_tag_list_to_ansible_dict(described.get("Tags") or [])
        others = {
            key: self.current_tags[key]
            for key in identity
            if self.current_tags.get(key, identity[key]) != identity[key]
        }
        if others:
            owner = ", ".join(f"{key}={value}" for key, value in sorted(others.items()))
            raise UserError(
                f"secret {self.name} belongs to somebody else: it is tagged {owner}. Nothing was changed. "
                "To fix: choose another secret_name, or correct the tags of the secret if it is yours."
            )
        self.arn = described["ARN"]
        self._key = described.get("KmsKeyId")
        self.deletion_date = described["DeletedDate"].isoformat() if described.get("DeletedDate") else None

    def load(self) -> None:
        """Read the value, if there is one and AWS gives it."""
        if not self.arn or self.deletion_date:
            return
        self._text = api.get_secret_value(self.client, self.name)
        if self._text is None:
            return
        try:
            self._stored = rds_credentials.read(self.form, self._text)
            problem = rds_credentials.password_flaw(self._stored.password, self.engine)
        except ValueError as error:
            problem = str(error)
        if problem:
            raise UserError(
                f"secret {self.name} {problem}; nothing was changed. To fix: correct its value, or delete the secret, "
                "which gives the database a new password."
            )

    def state(self, login: Login) -> str:
        """What the secret is, seen from an instance with this login; the login's password does not count."""
        if self.deletion_date:
            return DELETED
        if not self.arn or self._stored is None:
            return EMPTY if self.arn else MISSING
        if self._stored.host == rds_credentials.RESETTING_HOST:
            return RESETTING
        if not rds_credentials.same(self._text, self._content(login)):
            return DIFFERS
        wanted_key = self.form["secret_kms_key_arn"]
        if wanted_key and not same_key(self._key, wanted_key):
            return OTHER_KEY
        return FITS if self.tags is None or self.tags == self.current_tags else OTHER_TAGS

    def restore(self) -> None:
        """Take the secret back where it waits for its deletion, and read its value."""
        if self.deletion_date:
            api.restore_secret(self.client, self.name)
            self.deletion_date = None
            self.load()

    def prepare(self, login: Login) -> str:
        """The password of an instance about to be created: the stored one, or a new one that is stored first."""
        return self._password(login, rds_credentials.PENDING_HOST)

    def reset(self, login: Login) -> str:
        """The password that an instance is about to get, stored first and marked."""
        return self._password(login, rds_credentials.RESETTING_HOST)

    def _password(self, login: Login, host: str) -> str:
        self.restore()
        if self._stored is None or self._stored.host != host:
            password = self._stored.password if self._stored else rds_credentials.new_password()
            self._stored = self._store(login._replace(password=password, host=host))
        return self._stored.password

    def finish(self, login: Login) -> None:
        """Let the secret fit an instance that is there: content, key, tags."""
        if self._stored and not rds_credentials.same(self._text, self._content(login)):
            self._stored = self._store(login._replace(password=self._stored.password))
        wanted_key = self.form["secret_kms_key_arn"]
        if wanted_key and not same_key(self._key, wanted_key):
            api.update_secret(self.client, self.name, KmsKeyId=wanted_key)
            self._key = wanted_key
        if self.tags is not None and self.tags != self.current_tags:
            to_set, to_remove = compare_aws_tags(self.current_tags, self.tags)
            if to_remove:
                api.untag_resource(self.client, self.name, to_remove)
            if to_set:
                api.tag_resource(self.client, self.name, to_set)
            self.current_tags = self.tags

    def delete(self, recovery_window_days: int) -> Optional[Dict[str, str]]:
        """Schedule the deletion; returns what AWS keeps until then."""
        answer = api.delete_secret(self.client, self.name, recovery_window_days)
        if answer and recovery_window_days:
            self.deletion_date = answer["DeletionDate"].isoformat()
        return self.pending()

    def pending(self) -> Optional[Dict[str, str]]:
        """What AWS keeps of a deleted secret; V(None) where it is not deleted, or at once."""
        if not self.arn or not self.deletion_date:
            return None
        return {"name": self.name, "arn": self.arn, "deletion_date": self.deletion_date}

    def _content(self, login: Login) -> str:
        password = self._stored.password if self._stored else ""
        return rds_credentials.write(self.form, login._replace(password=password), self._text)

    def _store(self, login: Login) -> rds_credentials.Stored:
        text = rds_credentials.write(self.form, login, self._text)
        if self.arn:
            api.put_secret_value(self.client, self.name, text)
        else:
            key = {"KmsKeyId": self.form["secret_kms_key_arn"]} if self.form["secret_kms_key_arn"] else {}
            description = f"Login of the {login.engine} database {login.dbname}".rstrip()
            created = api.create_secret(
                self.client, self.name, self.tags or {}, SecretString=text, Description=description, **key
            )
            self.arn, self.current_tags, self._key = created["ARN"], self.tags or {}, key.get("KmsKeyId")
        self._text = text
        return rds_credentials.Stored(login.password, login.host)
