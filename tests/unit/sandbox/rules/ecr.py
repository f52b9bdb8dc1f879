# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon ECR refuses."""

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference"

SERVICE = "ecr"
RULES = [
    Rule(
        says="a repository's name is taken",
        page=f"{API}/API_CreateRepository.html",
        operation="create_repository",
        code="RepositoryAlreadyExistsException",
        given=lambda world: world.ecr.create_repository(repositoryName="app"),
        refused={"repositoryName": "app"},
        accepted={"repositoryName": "app2"},
    ),
]
