"""A real S3 server over HTTP, for tests: moto's, in a process of its own, so that its memory is not ours.

It answers ranges, multipart transfers, copies and listings as boto3 asks them. Neither Debian 12 nor the Python
registry has a server that keeps production data (MinIO, Garage and Ceph come otherwise): docs/storage.md says how to
try one of them.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import boto3

START_WITHIN_S = 60


@dataclass
class Server:
    """Where it is. `storage()` makes a bucket and gives what STORAGES wants for it."""

    url: str
    numbers: Any

    def storage(self) -> dict[str, Any]:
        bucket = f"tilios-{os.getpid()}-{next(self.numbers)}"
        access = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
        boto3.client("s3", endpoint_url=self.url, **access).create_bucket(Bucket=bucket)
        options = {"bucket_name": bucket, "endpoint_url": self.url, "access_key": "test", "secret_key": "test"}
        return {"BACKEND": "tilios.core.blobs.s3.S3Blobs", "OPTIONS": options | {"region_name": "us-east-1"}}


@contextmanager
def running() -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_WITHIN_S
        while True:
            try:
                urllib.request.urlopen(f"{url}/moto-api/", timeout=2).close()
                break
            except urllib.error.HTTPError:
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                assert time.monotonic() < deadline
                assert process.poll() is None
                time.sleep(0.1)
        yield Server(url, count(1))
    finally:
        process.terminate()
        process.wait(20)
