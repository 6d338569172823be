"""A bucket on loopback, by moto's server, that can go away and come back with what it holds."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import s3fs
from moto.server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)
_ACCESS = {
    "AWS_ACCESS_KEY_ID": "tests",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_MAX_ATTEMPTS": "1",
}


class Bucket:
    """A bucket of its own, at `url`."""

    def __init__(self, name: str) -> None:
        self.url = f"s3://{name}/monito"
        self._name = name
        self._server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)

    def start(self) -> None:
        """Serve it, where it was before."""
        self._server.start()
        self._is_up = True
        host, port = self._server.get_host_and_port()
        self.endpoint = f"http://{host}:{port}"

    def go_away(self) -> None:
        """Let nobody connect any more; what it holds stays."""
        if not self._is_up:
            return
        self._is_up = False
        port = self._server.get_host_and_port()[1]
        self._server.stop()
        self._server = ThreadedMotoServer("127.0.0.1", port, verbose=False)

    def come_back(self) -> None:
        """Serve again at the same place."""
        self.start()

    def make(self) -> None:
        """Create it."""
        client = boto3.client("s3", endpoint_url=self.endpoint)
        client.create_bucket(Bucket=self._name)
        client.close()


@contextmanager
def bucket(name: str) -> Iterator[Bucket]:
    """Give a bucket that is not made yet, and the settings by which it is found."""
    before = {key: os.environ.get(key) for key in (*_ACCESS, "AWS_ENDPOINT_URL")}
    made = Bucket(name)
    made.start()
    os.environ |= {**_ACCESS, "AWS_ENDPOINT_URL": made.endpoint}
    s3fs.S3FileSystem.clear_instance_cache()
    try:
        yield made
    finally:
        s3fs.S3FileSystem.clear_instance_cache()
        made.go_away()
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value
