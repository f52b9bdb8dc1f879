# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Amazon ECR has."""


def repository(probe):
    ecr = probe.client("ecr")
    wanted = {
        "repositoryName": "app",
        "imageTagMutability": "IMMUTABLE",
        "imageScanningConfiguration": {"scanOnPush": True},
    }
    arn = probe.does(ecr.create_repository, **wanted, tags=[{"Key": "a", "Value": "b"}])["repository"]["repositoryArn"]
    probe.shows(wanted, ecr.describe_repositories, "repositories.0", repositoryNames=["app"])
    probe.shows([{"Key": "a", "Value": "b"}], ecr.list_tags_for_resource, "tags", resourceArn=arn)
    probe.does(ecr.put_image_tag_mutability, repositoryName="app", imageTagMutability="MUTABLE")
    probe.shows({"imageTagMutability": "MUTABLE"}, ecr.describe_repositories, "repositories.0", repositoryNames=["app"])
    probe.does(ecr.delete_repository, repositoryName="app")
    probe.lacks(ecr.describe_repositories, "RepositoryNotFoundException", repositoryNames=["app"])
