"""What do the tests of replicas share? Stores of each kind, and a place that was pushed to."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.world import free_port

BUCKET = "snapshots"


@pytest.fixture(scope="session")
def s3_port() -> Iterator[int]:
    """A server that speaks S3 (moto's), in a process of its own."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.kill()
        server.wait(30)


def _wait_for(port: int) -> None:
    from pyarrow import fs  # noqa: PLC0415

    os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")
    until = time.monotonic() + 120
    while True:
        try:
            files = fs.S3FileSystem(
                endpoint_override=f"127.0.0.1:{port}", scheme="http", region="us-east-1", allow_bucket_creation=True
            )
            files.create_dir(BUCKET)
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.needs("moto", "flask"))])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where snapshots are pushed to: a folder, or a bucket."""
    if request.param == "folder":
        return str(tmp_path / "pushed")
    port = request.getfixturevalue("s3_port")
    return f"s3://{BUCKET}/{tmp_path.name}?endpoint_override=127.0.0.1:{port}&scheme=http&region=us-east-1"
