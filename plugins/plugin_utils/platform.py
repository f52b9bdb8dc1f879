# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the verbs say about a platform, from what its capabilities returned. Pure functions.

C(outputs) is {capability: its outputs}; a capability that the platform does not have is missing.
"""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

Outputs = Dict[str, Dict[str, Any]]

EVERYTHING = {"all", "tagged"}


def selected(capabilities: List[str], run_tags: Sequence[str], skip_tags: Sequence[str]) -> List[str]:
    """The capabilities that C(--tags) names and C(--skip-tags) does not."""
    if EVERYTHING & set(skip_tags):
        return []
    everything = bool(EVERYTHING & set(run_tags))
    return [one for one in capabilities if (everything or one in run_tags) and one not in skip_tags]


def steps_to_read(capabilities: List[str], run_tags: Sequence[str], skip_tags: Sequence[str]) -> List[dict]:
    """The steps that read what C(--tags) and C(--skip-tags) leave out, and what comes before it, whose outputs it needs."""
    chosen = selected(capabilities, run_tags, skip_tags)
    count = max((place + 1 for place, one in enumerate(capabilities) if one not in chosen), default=0)
    return [{"capability": one, "entry": "discover"} for one in capabilities[:count]]


def steps_to_take(steps: List[dict], capabilities: List[str]) -> List[dict]:
    """The steps of these capabilities, without those that are not needed; of others not even C(needed) is looked at."""
    mine = [step for step in steps if step["capability"] in capabilities]
    return [{"entry": "main", **step} for step in mine if step.get("needed", True)]


def services_need_database(outputs: Outputs) -> bool:
    """Whether services cannot start, or would start wrongly, before the database is available.

    A release reads its secret once, when a task starts. RDS's own secret may not be there yet, not even for the bootstrap.
    """
    database, ecs = outputs.get("database") or {}, outputs.get("ecs") or {}
    if not database or database.get("status") == "available":
        return False
    released = [one for one in (ecs.get("services") or {}).values() if one["arn"] and not one["bootstrap"]]
    return bool(released) or database["managed_by"] == "rds"


def next_steps(outputs: Outputs) -> List[str]:
    """What only a person can do so that the platform becomes complete; nothing when nothing is left."""
    return [
        *_zone_steps(outputs.get("dns") or {}, outputs.get("certificates") or {}),
        *_certificate_steps(outputs.get("certificates") or {}, outputs.get("dns") or {}),
        *_secret_steps(outputs.get("secrets") or {}),
        *_subscription_steps(outputs.get("monitoring") or {}),
        *_release_steps(outputs.get("ecs") or {}),
    ]


def _waiting(certificates: Dict[str, Any]) -> Dict[str, dict]:
    found = certificates.get("certificates") or {}
    return {name: one for name, one in found.items() if not one["issued"]}


def _zone_steps(dns: Dict[str, Any], certificates: Dict[str, Any]) -> List[str]:
    zone, waiting = dns.get("zone"), _waiting(certificates)
    if not zone or (dns.get("zone_id") and not waiting):
        return []
    if not dns.get("zone_id"):
        return [f"There is no public hosted zone {zone}. Create it, or set dns_create_zone: true, and run again."]
    servers = ", ".join(dns.get("name_servers") or [])
    return [
        f"Delegate {zone} where its parent or registrar is kept, unless that is done: NS records {servers}. "
        "Certificates are issued some minutes later; run again then."
    ]


def _certificate_steps(certificates: Dict[str, Any], dns: Dict[str, Any]) -> List[str]:
    steps = []
    for name, one in _waiting(certificates).items():
        steps.append(f"Certificate {name} is {one['status']}; HTTPS follows in the run after it is ISSUED.")
        if not dns.get("zone_id"):
            records = [f"{record['name']} {record['type']} {record['value']}" for record in one["validation_records"]]
            steps.append(f"Its validation records belong into your DNS: {'; '.join(records)}.")
    return steps


def _secret_steps(secrets: Dict[str, Any]) -> List[str]:
    return [
        f"Secret {name} has no value yet: aws secretsmanager put-secret-value --secret-id {name} "
        "--secret-string file://..."
        for name in secrets.get("without_value") or []
    ]


def _subscription_steps(monitoring: Dict[str, Any]) -> List[str]:
    return [
        f"The subscription {endpoint} is waiting for its confirmation: follow the link that SNS sent there."
        for endpoint in monitoring.get("pending_subscriptions") or []
    ]


def _release_steps(ecs: Dict[str, Any]) -> List[str]:
    return [
        f"Service {name} runs the bootstrap image: push an image and release it with playbooks/deploy.yml "
        f"-e deploy_service={name} -e deploy_image=TAG."
        for name, service in (ecs.get("services") or {}).items()
        if service.get("bootstrap")
    ]


def kept_by_aws(outputs: Outputs) -> List[str]:
    """What a teardown leaves behind, because AWS keeps it for a while or only its owner may delete it."""
    kept = [
        f"KMS key {one['key_id']} ({one['name']}) is deleted on {one['deletion_date']}; a converge takes it back."
        for one in (outputs.get("encryption") or {}).get("pending_deletion") or []
    ]
    for capability in ("secrets", "database"):
        kept += [
            f"Secret {one['name']} is deleted on {one['deletion_date']}; a converge before that day takes it back."
            for one in (outputs.get(capability) or {}).get("pending_deletion") or []
        ]
    kept += [
        f"Snapshot {name} of the database is kept until you delete it."
        for name in (outputs.get("database") or {}).get("final_snapshots") or []
    ]
    zone = (outputs.get("dns") or {}).get("kept")
    return kept + ([f"Hosted zone {zone} is kept: other environments may use it."] if zone else [])


def status(outputs: Outputs) -> Dict[str, Any]:
    """Whether a platform is healthy, what is wrong with it, what is live since when, and where it answers."""
    problems = [
        *_database_problems(outputs.get("database")),
        *_target_problems(outputs.get("load_balancer")),
        *_service_problems(outputs.get("ecs")),
        *_alarm_problems(outputs.get("monitoring")),
    ]
    services = (outputs.get("ecs") or {}).get("services") or {}
    return {
        "healthy": not problems,
        "problems": problems,
        "endpoints": _endpoints(outputs),
        "live": {name: _live(service) for name, service in services.items()},
        "next_steps": next_steps(outputs),
    }


def _endpoints(outputs: Outputs) -> Dict[str, str]:
    balancer, database = outputs.get("load_balancer") or {}, outputs.get("database") or {}
    endpoints = {"url": balancer.get("url"), "load_balancer": balancer.get("dns_name")}
    if database.get("endpoint"):
        endpoints["database"] = f"{database['endpoint']}:{database['port']}"
    return {name: value for name, value in endpoints.items() if value}


def _live(service: Dict[str, Any]) -> Dict[str, Any]:
    release = service.get("release") or {}
    return {
        "image": service.get("image"),
        "bootstrap": bool(service.get("bootstrap")),
        "task_definition": service.get("task_definition_arn"),
        "since": release.get("live_since"),
        "tasks": f"{service.get('running_count') or 0} of {service.get('desired_count') or 0}",
    }


def _database_problems(database: Any) -> List[str]:
    if database is None:
        return []
    if not database.get("arn"):
        return ["database: there is none"]
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html: the instance answers in these.
    answering = {"available", "backing-up", "storage-optimization", "configuring-enhanced-monitoring"}
    status_now = database.get("status")
    return [] if status_now in answering else [f"database {database['identifier']}: it is {status_now}"]


def _target_problems(balancer: Any) -> List[str]:
    if balancer is None:
        return []
    if not balancer.get("arn"):
        return ["load balancer: there is none"]
    problems = []
    for name, counts in (balancer.get("targets") or {}).items():
        if counts.get("unhealthy"):
            problems.append(f"target group {name}: {counts['unhealthy']} unhealthy")
        if not counts.get("healthy"):
            problems.append(f"target group {name}: none healthy")
    return problems


def _service_problems(ecs: Any) -> List[str]:
    if ecs is None:
        return []
    problems = []
    for name, service in (ecs.get("services") or {}).items():
        if not service.get("arn") or service.get("status") != "ACTIVE":
            problems.append(f"service {name}: there is none")
            continue
        if (service.get("running_count") or 0) < (service.get("desired_count") or 0):
            problems.append(
                f"service {name}: {service['running_count']} of {service['desired_count']} tasks are running"
                + (f" ({service['last_event']})" if service.get("last_event") else "")
            )
        if (service.get("release") or {}).get("pending"):
            problems.append(f"service {name}: release {service['release']['pending']} was begun and never finished")
    return problems


def _alarm_problems(monitoring: Any) -> List[str]:
    return [f"alarm {name}: it is in ALARM" for name in (monitoring or {}).get("alarms_firing") or []]


def status_lines(found: Dict[str, Any]) -> List[str]:
    """A status as a person reads it."""
    lines = ["Healthy." if found["healthy"] else "Not healthy:"]
    lines += [f"  {problem}" for problem in found["problems"]]
    lines += [f"{name}: {value}" for name, value in found["endpoints"].items()]
    for name, live in found["live"].items():
        what = "the bootstrap image" if live["bootstrap"] else live["image"]
        since = f", since {live['since']}" if live["since"] else ""
        lines.append(f"{name}: {what}{since}, {live['tasks']} tasks")
    return lines + found["next_steps"]
