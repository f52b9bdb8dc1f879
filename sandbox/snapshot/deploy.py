# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What deploys: applications, deployment groups and configurations of CodeDeploy."""

PREDEFINED = "CodeDeployDefault."
# What was deployed is a matter of deployments, which are over some time or other.
DEPLOYED = ("lastAttemptedDeployment", "lastSuccessfulDeployment", "targetRevision")


def read_deployments(view):
    """Applications with their groups, and the configurations that are not AWS's own."""
    for name in view.all("list_applications", "applications"):
        application = view.part("get_application", "application", applicationName=name)
        application["Tags"] = _tags(view, f"application:{name}")
        view.add("codedeploy/application", name, application)
        for group in view.all("list_deployment_groups", "deploymentGroups", applicationName=name):
            names = {"applicationName": name, "deploymentGroupName": group}
            found = view.part("get_deployment_group", "deploymentGroupInfo", **names)
            shown = {member: value for member, value in found.items() if member not in DEPLOYED}
            shown["Tags"] = _tags(view, f"deploymentgroup:{name}/{group}")
            view.add("codedeploy/deployment-group", f"{name}/{group}", shown)
    for name in view.all("list_deployment_configs", "deploymentConfigsList"):
        if not name.startswith(PREDEFINED):
            config = view.part("get_deployment_config", "deploymentConfigInfo", deploymentConfigName=name)
            view.add("codedeploy/deployment-config", name, config)


def _tags(view, resource):
    arn = f"arn:aws:codedeploy:{view.region}:{view.account}:{resource}"
    return view.part("list_tags_for_resource", "Tags", ResourceArn=arn) or []


READERS = {"codedeploy": read_deployments}
