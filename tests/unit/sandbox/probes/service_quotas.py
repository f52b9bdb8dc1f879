# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of quotas."""


def quota(probe):
    quotas = probe.client("service-quotas")
    vpcs = {"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE"}
    known = {"QuotaName": "VPCs per Region", "Value": 5.0, "Adjustable": True}
    probe.shows(known, quotas.get_service_quota, "Quota", **vpcs)
    probe.shows(known, quotas.get_aws_default_service_quota, "Quota", **vpcs)
    request = probe.does(quotas.request_service_quota_increase, **vpcs, DesiredValue=25)["RequestedQuota"]
    shown = vpcs | {"DesiredValue": 25.0, "Status": "APPROVED"}
    probe.shows(shown, quotas.get_requested_service_quota_change, "RequestedQuota", RequestId=request["Id"])
    history, place = quotas.list_requested_service_quota_change_history, "RequestedQuotas.0"
    probe.shows({"Id": request["Id"]} | shown, history, place, ServiceCode="vpc")
    by_quota = quotas.list_requested_service_quota_change_history_by_quota
    probe.shows({"Id": request["Id"]} | shown, by_quota, place, **vpcs)
    probe.shows({"Value": 25.0}, quotas.get_service_quota, "Quota", **vpcs)
    probe.shows({"Value": 5.0}, quotas.get_aws_default_service_quota, "Quota", **vpcs)


def lists(probe):
    quotas = probe.client("service-quotas")
    probe.shows({"ServiceCode": "autoscaling"}, quotas.list_services, "Services.0")
    addresses = {"QuotaCode": "L-0263D0A3", "Value": 5.0}
    probe.shows(addresses, quotas.list_service_quotas, "Quotas.0", ServiceCode="ec2")
    probe.shows(addresses, quotas.list_aws_default_service_quotas, "Quotas.0", ServiceCode="ec2")
