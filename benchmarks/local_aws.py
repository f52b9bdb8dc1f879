# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The local AWS beside bare moto: a call, many clients at once, writers at once, the start."""

import concurrent.futures
import contextlib
import http.client
import statistics
import subprocess
import sys
import time
from urllib.parse import urlsplit

from common import Sandbox, alternate, median_ratio, table

ROUNDS, CLIENTS, EACH = 60, 16, 60
# Reads and changes of each protocol, as a converge sends them.
CALLS = (
    ("ec2", "describe_vpcs", {}),
    ("ec2", "describe_security_groups", {}),
    ("iam", "get_role", {"RoleName": "r"}),
    ("logs", "describe_log_groups", {}),
    ("ecs", "describe_clusters", {}),
    ("s3", "get_bucket_tagging", {"Bucket": "benchmark"}),
    ("sns", "list_topics", {}),
    ("kms", "list_keys", {}),
    ("route53", "list_hosted_zones", {}),
    ("lambda", "list_functions", {}),
    ("ssm", "put_parameter", {"Name": "p", "Value": "v", "Type": "String", "Overwrite": True}),
    ("iam", "tag_role", {"RoleName": "r", "Tags": [{"Key": "a", "Value": "b"}]}),
)
TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"},'
    ' "Action": "sts:AssumeRole"}]}'
)
BARE = """
import os, sys
os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="y", AWS_DEFAULT_REGION="eu-central-1")
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print("http://%s:%s" % server.get_host_and_port(), flush=True)
sys.stdin.read()
"""


def measure():
    """The lines to print."""
    with Sandbox.start() as ours, bare_moto() as moto:
        for sandbox in (ours, moto):
            prepare(sandbox)
        rows = [call_row(ours, moto, *call) for call in CALLS]
        ratio = statistics.median(row[-1] for row in rows)
        reads = [request_of(sandbox, *CALLS[0]) for sandbox in (ours, moto)]
        rates = alternate(5, ours=lambda: throughput(reads[0]), moto=lambda: throughput(reads[1]))
        lost = CLIENTS * 20 - written(ours)
    lines = table(
        ["Call", "Local AWS ms", "moto ms", "Ratio"], [(n, f"{a:.1f}", f"{b:.1f}", f"{r:.2f}") for n, a, b, r in rows]
    )
    ours, moto = (statistics.median(rates[name]) for name in ("ours", "moto"))
    share = median_ratio(rates["ours"], rates["moto"])
    marks = [
        ("median call", f"{ratio:.2f} times moto", "1.5"),
        (f"{CLIENTS} clients", f"{ours:.0f} calls/s, moto {moto:.0f}: {share:.2f}", "0.7"),
        (f"{CLIENTS} writers of 20 queues", f"{lost} lost", "0"),
        ("start to the first answer", f"{statistics.median(start() for _number in range(5)):.1f} s", "3 s"),
    ]
    return [*lines, "", *table(["What", "Measured", "Mark"], marks)]


@contextlib.contextmanager
def bare_moto():
    """moto's own server in a process of its own."""
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen([sys.executable, "-c", BARE], **streams) as process:
        try:
            yield Sandbox(process.stdout.readline().strip())
        finally:
            process.stdin.close()


def prepare(sandbox):
    """What the calls are about."""
    sandbox.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    s3 = sandbox.client("s3")
    s3.create_bucket(Bucket="benchmark", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_bucket_tagging(Bucket="benchmark", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    for number in range(10):
        sandbox.client("logs").create_log_group(logGroupName=f"/group/{number}")
        sandbox.client("sns").create_topic(Name=f"topic-{number}")


def request_of(sandbox, service, method, parameters):
    """A signed request, to send again and again: botocore itself takes longer than the answer."""
    kept, client = [], sandbox.client(service)
    client.meta.events.register_last("before-send", lambda request, **_rest: kept.append(request))
    getattr(client, method)(**parameters)
    return kept[-1]


def connection(request):
    """A connection to where a request goes."""
    place = urlsplit(request.url)
    return http.client.HTTPConnection(place.hostname, place.port, timeout=30)


def send(link, request):
    """Send a request, and read the answer: its seconds."""
    place, begin = urlsplit(request.url), time.perf_counter()
    path = place.path + (f"?{place.query}" if place.query else "")
    headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()}
    link.request(request.method, path or "/", request.body, headers)
    answer = link.getresponse()
    answer.read()
    assert answer.status < 300, (answer.status, request.url)
    return time.perf_counter() - begin


def call_row(ours, moto, service, method, parameters):
    """(name, our milliseconds, moto's, ratio) of a call, in turns."""
    requests = [request_of(sandbox, service, method, parameters) for sandbox in (ours, moto)]
    links = [connection(request) for request in requests]
    with contextlib.closing(links[0]), contextlib.closing(links[1]):
        turns = {"ours": lambda: send(links[0], requests[0]), "moto": lambda: send(links[1], requests[1])}
        alternate(5, **turns)
        found = alternate(ROUNDS, **turns)
    middle = [1000 * statistics.median(found[name]) for name in ("ours", "moto")]
    return f"{service}.{method}", *middle, middle[0] / middle[1]


def throughput(request):
    """Calls a second of many clients at once."""

    def client(_number):
        with contextlib.closing(connection(request)) as link:
            for _call in range(EACH):
                send(link, request)

    begin = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(client, range(CLIENTS)))
    return CLIENTS * EACH / (time.perf_counter() - begin)


def written(sandbox):
    """How many queues are there, with their tags, after as many clients at once have each made twenty."""
    client = sandbox.client("sqs", max_pool_connections=CLIENTS)

    def writer(number):
        for one in range(20):
            client.create_queue(QueueName=f"q-{number}-{one}", tags={"writer": str(number)})

    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(writer, range(CLIENTS)))
    urls = [url for page in client.get_paginator("list_queues").paginate(PaginationConfig={"PageSize": 1000})
            for url in page["QueueUrls"]]  # fmt: skip
    tags = [client.list_queue_tags(QueueUrl=url)["Tags"]["writer"] for url in urls]
    return sum(url.split("/q-")[1].split("-")[0] == writer for url, writer in zip(urls, tags, strict=True))


def start():
    """Seconds from the start of a process to its first answer."""
    begin = time.perf_counter()
    with Sandbox.start() as sandbox:
        sandbox.calls()
        return time.perf_counter() - begin
