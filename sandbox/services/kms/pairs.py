# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pairs of data keys, which moto does not have."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ...errors import AwsError
from .. import answer, backend
from .shared import key_of

CURVES = {
    "ECC_NIST_P256": ec.SECP256R1, "ECC_NIST_P384": ec.SECP384R1, "ECC_NIST_P521": ec.SECP521R1,
    "ECC_SECG_P256K1": ec.SECP256K1,
}  # fmt: skip


@answer("kms", "GenerateDataKeyPair")
def generate_pair(call):
    """A new pair, with the private key as it is and encrypted."""
    key, spec = key_of(call), call.parameters["KeyPairSpec"]
    if key is None:
        raise AwsError("NotFoundException", f"Key '{call.parameters['KeyId']}' does not exist")
    private = _new(spec)
    plain = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    hidden, _arn = backend(call).encrypt(key.id, plain, call.parameters.get("EncryptionContext") or {})
    return {
        "PrivateKeyCiphertextBlob": hidden, "PrivateKeyPlaintext": plain, "PublicKey": public, "KeyId": key.arn,
        "KeyPairSpec": spec,
    }  # fmt: skip


@answer("kms", "GenerateDataKeyPairWithoutPlaintext")
def generate_hidden_pair(call):
    """The same with the encrypted private key only."""
    return {name: value for name, value in generate_pair(call).items() if name != "PrivateKeyPlaintext"}


def _new(spec):
    if spec in CURVES:
        return ec.generate_private_key(CURVES[spec]())
    if spec.startswith("RSA_"):
        return rsa.generate_private_key(65537, int(spec.removeprefix("RSA_")))
    raise AwsError("UnsupportedOperationException", f"Pairs of {spec} are not generated here.")
