# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of the engines as ElastiCache lists them: those that are usually changed, with AWS's defaults."""

YES_NO = "yes,no"
POLICIES = "volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,volatile-ttl,noeviction"
# Name: (data type, allowed values, default, whether it can be modified, whether it needs a restart)
REDIS = {
    "activedefrag": ("string", YES_NO, "no", True, False),
    "activerehashing": ("string", YES_NO, "yes", True, True),
    "appendfsync": ("string", "always,everysec,no", "everysec", False, False),
    "client-output-buffer-limit-pubsub-hard-limit": ("integer", "0-", "33554432", True, False),
    "client-output-buffer-limit-pubsub-soft-limit": ("integer", "0-", "8388608", True, False),
    "close-on-slave-write": ("string", YES_NO, "yes", True, False),
    "cluster-allow-reads-when-down": ("string", YES_NO, "no", True, False),
    "cluster-enabled": ("string", YES_NO, "no", False, True),
    "cluster-require-full-coverage": ("string", YES_NO, "no", True, False),
    "databases": ("integer", "1-1200000", "16", True, True),
    "hash-max-ziplist-entries": ("integer", "0-", "512", True, False),
    "lazyfree-lazy-eviction": ("string", YES_NO, "no", True, False),
    "lfu-decay-time": ("integer", "0-", "1", True, False),
    "list-max-ziplist-size": ("integer", "-5,-4,-3,-2,-1,0-", "-2", False, False),
    "maxclients": ("integer", "1-65000", "65000", False, True),
    "maxmemory-policy": ("string", POLICIES, "volatile-lru", True, False),
    "maxmemory-samples": ("integer", "1-", "3", True, False),
    "min-slaves-max-lag": ("integer", "0-", "10", True, False),
    "min-slaves-to-write": ("integer", "0-", "0", True, False),
    "notify-keyspace-events": ("string", "", "", True, False),
    "reserved-memory-percent": ("integer", "0-100", "25", True, False),
    "slowlog-log-slower-than": ("integer", "-1-", "10000", True, False),
    "slowlog-max-len": ("integer", "0-", "128", True, False),
    "tcp-keepalive": ("integer", "0-", "300", True, False),
    "timeout": ("integer", "0,20-", "0", True, False),
}
MEMCACHED = {
    "backlog_queue_limit": ("integer", "1-10000", "1024", False, True),
    "cas_disabled": ("boolean", "0,1", "0", True, True),
    "chunk_size": ("integer", "1-1024", "48", True, True),
    "chunk_size_growth_factor": ("float", "1-", "1.25", True, True),
    "error_on_memory_exhausted": ("boolean", "0,1", "0", True, True),
    "max_item_size": ("integer", "131072-1073741824", "1048576", True, True),
    "memcached_connections_overhead": ("integer", "1-", "100", True, True),
}


def defaults(family):
    """{name: description} of the parameters of a family, as DescribeCacheParameters shows them."""
    rows = MEMCACHED if family.startswith("memcached") else REDIS
    return {name: _view(name, family, *row) for name, row in rows.items()}


def _view(name, family, kind, allowed, value, modifiable, restart):
    version = "".join(character for character in family if character in "0123456789.").strip(".")
    return {
        "ParameterName": name,
        "ParameterValue": value,
        "Description": f"Sets {name}.",
        "Source": "system",
        "DataType": kind,
        "AllowedValues": allowed,
        "IsModifiable": modifiable,
        "MinimumEngineVersion": f"{version}.0" if "." not in version else version,
        "ChangeType": "requires-reboot" if restart else "immediate",
    }
