# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents: their versions."""

from .. import answer, backend


@answer("ssm", "ListDocumentVersions")
def list_versions(call):
    """moto keeps them and does not list them."""
    documents = backend(call)._get_documents(call.parameters["Name"])
    return {
        "DocumentVersions": [
            {
                "Name": document.name, "DocumentVersion": document.document_version,
                "VersionName": document.version_name,
                "CreatedDate": document.created_date, "DocumentFormat": document.document_format, "Status": "Active",
                "IsDefaultVersion": document.document_version == documents.default_version,
            }
            for document in documents.versions.values()
        ]
    }  # fmt: skip
