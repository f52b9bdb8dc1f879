# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Key material that is imported, which moto does not have."""

import os
from datetime import datetime, timedelta, timezone

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from ...errors import AwsError
from .. import answer, check, correct
from .shared import key_of

DAY = timedelta(days=1)
OAEP = {"RSAES_OAEP_SHA_1": hashes.SHA1, "RSAES_OAEP_SHA_256": hashes.SHA256}
LENGTH = 32  # of a symmetric key


@correct("kms", "CreateKey")
def wait_for_material(call, parsed):
    """A key without material cannot be used yet."""
    if call.parameters.get("Origin") != "EXTERNAL":
        return False
    key = key_of_answer(call, parsed)
    _empty(key)
    parsed["KeyMetadata"] = key.to_dict()["KeyMetadata"]
    return True


def key_of_answer(call, parsed):
    """The key that has just been created."""
    call.parameters["KeyId"] = parsed["KeyMetadata"]["KeyId"]
    return key_of(call)


def _empty(key):
    key.enabled, key.key_state, key.sandbox_expires = False, "PendingImport", None


def _external(call):
    key = key_of(call)
    if key is None:
        raise AwsError("NotFoundException", f"Key '{call.parameters['KeyId']}' does not exist")
    if key.origin != "EXTERNAL":
        raise AwsError("UnsupportedOperationException", f"{key.arn} origin is {key.origin} which is not valid.")
    return key


@answer("kms", "GetParametersForImport")
def parameters_for_import(call):
    """A key to wrap the material with, for a day."""
    key, algorithm = _external(call), call.parameters["WrappingAlgorithm"]
    spec = call.parameters["WrappingKeySpec"]
    if algorithm not in OAEP or not spec.startswith("RSA_"):
        raise AwsError("UnsupportedOperationException", f"{algorithm} with {spec} is not supported here.")
    private, token = rsa.generate_private_key(65537, int(spec.removeprefix("RSA_"))), os.urandom(64)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    valid_to = datetime.now(timezone.utc) + DAY
    key.sandbox_import = {"token": token, "key": pem, "algorithm": algorithm, "valid_to": valid_to}
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {"KeyId": key.arn, "ImportToken": token, "PublicKey": public, "ParametersValidTo": valid_to}


@answer("kms", "ImportKeyMaterial")
def import_material(call):
    """The material comes with the token that was given for it, and expires unless it says that it does not."""
    key, parameters = _external(call), call.parameters
    known = getattr(key, "sandbox_import", None)
    if known is None or parameters["ImportToken"] != known["token"]:
        raise AwsError("InvalidImportTokenException", "The import token is not that of the key.")
    expires = parameters.get("ExpirationModel", "KEY_MATERIAL_EXPIRES") == "KEY_MATERIAL_EXPIRES"
    if expires != bool(parameters.get("ValidTo")):
        raise AwsError("ValidationException", "ValidTo goes with the expiration model KEY_MATERIAL_EXPIRES.")
    material = _unwrapped(known, parameters["EncryptedKeyMaterial"])
    if getattr(key, "sandbox_imported", material) != material:
        raise AwsError("IncorrectKeyMaterialException", "The key material is not that which was imported before.")
    key.key_material = key.sandbox_imported = material
    key.enabled, key.key_state, key.sandbox_expires = True, "Enabled", parameters.get("ValidTo")
    return {"KeyId": key.arn}


def _unwrapped(known, blob):
    digest = OAEP[known["algorithm"]]
    private = serialization.load_pem_private_key(known["key"], None)
    try:
        material = private.decrypt(blob, padding.OAEP(padding.MGF1(digest()), digest(), None))
    except ValueError:
        material = b""
    if len(material) != LENGTH:
        raise AwsError("InvalidCiphertextException", "The encrypted key material cannot be decrypted.")
    return material


@answer("kms", "DeleteImportedKeyMaterial")
def delete_material(call):
    """The key waits for its material again."""
    key = _external(call)
    _empty(key)
    return {"KeyId": key.arn}


@correct("kms", "DescribeKey")
def show_expiration(call, parsed):
    """Whether material that was imported expires."""
    key = key_of(call)
    if key is None or key.origin != "EXTERNAL" or key.key_state == "PendingImport":
        return False
    expires = getattr(key, "sandbox_expires", None)
    model = "KEY_MATERIAL_EXPIRES" if expires else "KEY_MATERIAL_DOES_NOT_EXPIRE"
    parsed["KeyMetadata"].update({"ExpirationModel": model, **({"ValidTo": expires} if expires else {})})
    return True


@check("kms", "EnableKey", "DisableKey")
def check_material(call):
    """A key without material is neither enabled nor disabled."""
    key = key_of(call)
    if key is not None and key.key_state == "PendingImport":
        raise AwsError("KMSInvalidStateException", f"{key.arn} is pending import.")
