# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what AWS Key Management Service has."""

import json

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

A_TAG = [{"TagKey": "a", "TagValue": "b"}]
ROOT = "arn:aws:iam::123456789012:root"


def _key(kms, **more):
    return kms.create_key(**more)["KeyMetadata"]["KeyId"]


def key(probe):
    kms = probe.client("kms")
    made = probe.does(kms.create_key, Description="data", Tags=A_TAG)["KeyMetadata"]
    number = made["KeyId"]
    shown = {
        "KeyId": number, "Arn": f"arn:aws:kms:eu-central-1:123456789012:key/{number}", "Description": "data",
        "KeyUsage": "ENCRYPT_DECRYPT", "KeySpec": "SYMMETRIC_DEFAULT", "KeyState": "Enabled", "Enabled": True,
        "MultiRegion": False, "Origin": "AWS_KMS", "KeyManager": "CUSTOMER",
    }  # fmt: skip
    probe.shows(shown, kms.describe_key, "KeyMetadata", KeyId=number)
    probe.shows([{"KeyId": number, "KeyArn": made["Arn"]}], kms.list_keys, "Keys")
    probe.does(kms.update_key_description, KeyId=number, Description="logs")
    probe.shows({"Description": "logs"}, kms.describe_key, "KeyMetadata", KeyId=number)
    probe.does(kms.disable_key, KeyId=number)
    probe.shows({"KeyState": "Disabled", "Enabled": False}, kms.describe_key, "KeyMetadata", KeyId=number)
    probe.does(kms.enable_key, KeyId=number)
    probe.shows({"KeyState": "Enabled", "Enabled": True}, kms.describe_key, "KeyMetadata", KeyId=number)
    probe.does(kms.tag_resource, KeyId=number, Tags=[{"TagKey": "c", "TagValue": "d"}])
    probe.shows([*A_TAG, {"TagKey": "c", "TagValue": "d"}], kms.list_resource_tags, "Tags", KeyId=number)
    probe.does(kms.untag_resource, KeyId=number, TagKeys=["c"])
    probe.shows(A_TAG, kms.list_resource_tags, "Tags", KeyId=number)
    probe.does(kms.schedule_key_deletion, KeyId=number, PendingWindowInDays=7)
    probe.shows({"KeyState": "PendingDeletion"}, kms.describe_key, "KeyMetadata", KeyId=number)
    probe.does(kms.cancel_key_deletion, KeyId=number)
    probe.shows({"KeyState": "Disabled"}, kms.describe_key, "KeyMetadata", KeyId=number)
    kms.schedule_key_deletion(KeyId=number, PendingWindowInDays=7)
    probe.sandbox.advance(7 * 86400)
    probe.lacks(kms.describe_key, "NotFoundException", KeyId=number)


def policy_and_rotation(probe):
    kms = probe.client("kms")
    number = _key(kms)
    statement = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    probe.does(kms.put_key_policy, KeyId=number, Policy=document)
    probe.shows(document, kms.get_key_policy, "Policy", KeyId=number)
    probe.shows(["default"], kms.list_key_policies, "PolicyNames", KeyId=number)
    probe.does(kms.enable_key_rotation, KeyId=number, RotationPeriodInDays=180)
    probe.shows({"KeyRotationEnabled": True, "RotationPeriodInDays": 180}, kms.get_key_rotation_status, KeyId=number)
    probe.does(kms.disable_key_rotation, KeyId=number)
    probe.shows({"KeyRotationEnabled": False}, kms.get_key_rotation_status, KeyId=number)
    probe.does(kms.rotate_key_on_demand, KeyId=number)
    probe.shows({"KeyId": number, "RotationType": "ON_DEMAND"}, kms.list_key_rotations, "Rotations.0", KeyId=number)


def alias(probe):
    kms = probe.client("kms")
    one, two = _key(kms), _key(kms)
    probe.does(kms.create_alias, AliasName="alias/data", TargetKeyId=one)
    shown = {"AliasName": "alias/data", "TargetKeyId": one}
    probe.shows(shown, kms.list_aliases, "Aliases.0", KeyId=one)
    probe.does(kms.update_alias, AliasName="alias/data", TargetKeyId=two)
    probe.shows({"KeyId": two}, kms.describe_key, "KeyMetadata", KeyId="alias/data")
    probe.does(kms.delete_alias, AliasName="alias/data")
    probe.lacks(kms.list_aliases, path="Aliases", KeyId=two)


def grant(probe):
    kms = probe.client("kms")
    number = _key(kms)
    wanted = {
        "Name": "task", "GranteePrincipal": "arn:aws:iam::123456789012:role/task", "Operations": ["Decrypt"],
        "RetiringPrincipal": ROOT, "Constraints": {"EncryptionContextSubset": {"app": "web"}},
    }  # fmt: skip
    made = probe.does(kms.create_grant, KeyId=number, **wanted)
    probe.shows({"GrantId": made["GrantId"], **wanted}, kms.list_grants, "Grants.0", KeyId=number)
    probe.shows({"GrantId": made["GrantId"]}, kms.list_retirable_grants, "Grants.0", RetiringPrincipal=ROOT)
    probe.does(kms.revoke_grant, KeyId=number, GrantId=made["GrantId"])
    probe.lacks(kms.list_grants, path="Grants", KeyId=number)
    made = kms.create_grant(KeyId=number, **wanted)
    probe.does(kms.retire_grant, GrantToken=made["GrantToken"])
    probe.lacks(kms.list_grants, path="Grants", KeyId=number)


def encryption(probe):
    kms = probe.client("kms")
    one, two = _key(kms), _key(kms)
    context = {"EncryptionContext": {"app": "web"}}
    blob = probe.does(kms.encrypt, KeyId=one, Plaintext=b"secret", **context)["CiphertextBlob"]
    probe.shows({"Plaintext": b"secret"}, kms.decrypt, CiphertextBlob=blob, **context)
    blob = probe.does(
        kms.re_encrypt, CiphertextBlob=blob, SourceEncryptionContext={"app": "web"}, DestinationKeyId=two
    )["CiphertextBlob"]  # fmt: skip
    shown = {"Plaintext": b"secret", "KeyId": kms.describe_key(KeyId=two)["KeyMetadata"]["Arn"]}
    probe.shows(shown, kms.decrypt, CiphertextBlob=blob)
    data = probe.does(kms.generate_data_key, KeyId=one, KeySpec="AES_256")
    assert len(data["Plaintext"]) == 32
    probe.shows({"Plaintext": data["Plaintext"]}, kms.decrypt, CiphertextBlob=data["CiphertextBlob"])
    data = probe.does(kms.generate_data_key_without_plaintext, KeyId=one, NumberOfBytes=16)
    found = probe.shows({"KeyId": data["KeyId"]}, kms.decrypt, CiphertextBlob=data["CiphertextBlob"])
    assert len(found["Plaintext"]) == 16
    pair = probe.does(kms.generate_data_key_pair, KeyId=one, KeyPairSpec="ECC_NIST_P256")
    probe.shows(
        {"Plaintext": pair["PrivateKeyPlaintext"]}, kms.decrypt, CiphertextBlob=pair["PrivateKeyCiphertextBlob"]
    )
    pair = probe.does(kms.generate_data_key_pair_without_plaintext, KeyId=one, KeyPairSpec="RSA_2048")
    probe.shows({"KeyId": pair["KeyId"]}, kms.decrypt, CiphertextBlob=pair["PrivateKeyCiphertextBlob"])


def signatures(probe):
    kms = probe.client("kms")
    number = _key(kms, KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")
    asked = {"KeyId": number, "Message": b"release", "SigningAlgorithm": "ECDSA_SHA_256"}
    signature = probe.does(kms.sign, **asked)["Signature"]
    probe.shows({"SignatureValid": True}, kms.verify, Signature=signature, **asked)
    probe.shows({"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"}, kms.get_public_key, KeyId=number)
    number = _key(kms, KeyUsage="GENERATE_VERIFY_MAC", KeySpec="HMAC_256")
    asked = {"KeyId": number, "Message": b"release", "MacAlgorithm": "HMAC_SHA_256"}
    mac = probe.does(kms.generate_mac, **asked)["Mac"]
    probe.shows({"MacValid": True}, kms.verify_mac, Mac=mac, **asked)


def multi_region_key(probe):
    kms, west = probe.client("kms"), probe.client("kms", "eu-west-1")
    number = _key(kms, MultiRegion=True)
    probe.does(kms.replicate_key, KeyId=number, ReplicaRegion="eu-west-1", Description="copy", Tags=A_TAG)
    related = {"PrimaryKey": {"Region": "eu-central-1"}, "ReplicaKeys": [{"Region": "eu-west-1"}]}
    shown = {"Description": "copy", "MultiRegionConfiguration": {"MultiRegionKeyType": "REPLICA", **related}}
    probe.shows(shown, west.describe_key, "KeyMetadata", KeyId=number)
    probe.shows(A_TAG, west.list_resource_tags, "Tags", KeyId=number)
    shown = {"MultiRegionKeyType": "PRIMARY", **related}
    probe.shows(shown, kms.describe_key, "KeyMetadata.MultiRegionConfiguration", KeyId=number)
    probe.does(kms.update_primary_region, KeyId=number, PrimaryRegion="eu-west-1")
    shown = {"MultiRegionKeyType": "PRIMARY", "PrimaryKey": {"Region": "eu-west-1"}}
    probe.shows(shown, west.describe_key, "KeyMetadata.MultiRegionConfiguration", KeyId=number)
    shown = {"MultiRegionKeyType": "REPLICA", "ReplicaKeys": [{"Region": "eu-central-1"}]}
    probe.shows(shown, kms.describe_key, "KeyMetadata.MultiRegionConfiguration", KeyId=number)
    probe.does(west.schedule_key_deletion, KeyId=number, PendingWindowInDays=7)
    probe.shows({"KeyState": "PendingReplicaDeletion"}, west.describe_key, "KeyMetadata", KeyId=number)


def imported_material(probe):
    kms = probe.client("kms")
    number = _key(kms, Origin="EXTERNAL")
    probe.shows({"KeyState": "PendingImport", "Enabled": False}, kms.describe_key, "KeyMetadata", KeyId=number)
    wrapping = {"WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"}
    given = probe.does(kms.get_parameters_for_import, KeyId=number, **wrapping)
    public = serialization.load_der_public_key(given["PublicKey"])
    material = public.encrypt(b"m" * 32, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))
    model = {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}
    wanted = {"ImportToken": given["ImportToken"], "EncryptedKeyMaterial": material}
    probe.does(kms.import_key_material, KeyId=number, **wanted, **model)
    shown = {"KeyState": "Enabled", "Enabled": True, "Origin": "EXTERNAL", **model}
    probe.shows(shown, kms.describe_key, "KeyMetadata", KeyId=number)
    blob = kms.encrypt(KeyId=number, Plaintext=b"secret")["CiphertextBlob"]
    probe.shows({"Plaintext": b"secret"}, kms.decrypt, CiphertextBlob=blob)
    probe.does(kms.delete_imported_key_material, KeyId=number)
    probe.shows({"KeyState": "PendingImport"}, kms.describe_key, "KeyMetadata", KeyId=number)
