"""Blobs in a bucket of an S3 server: AWS, or one of one's own (Garage, Ceph, MinIO…).

django-storages and boto3 speak to it. Three things are ours: a file is read by ranges, never fetched whole to give a
part of it; what is received waits in `incoming/` and is moved into place by the server itself, so that no transaction
lasts as long as a transfer; and nothing in the bucket is public.
"""

import io
import secrets
from datetime import timedelta
from typing import IO, Any, cast

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError
from django.core.files.base import File
from django.utils import timezone
from storages.backends.s3 import S3Storage

MIB = 2**20
INCOMING = "incoming/"
FIRST_WINDOW, LARGEST_WINDOW = MIB, 16 * MIB


class S3Blobs(S3Storage):
    """The storage: `bucket_name`, `endpoint_url`, `access_key`, `secret_key`, `region_name`."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("default_acl", None)
        options.setdefault("file_overwrite", True)
        options.setdefault("client_config", _config())
        # One part at a time: ten threads hold ten parts in memory.
        options.setdefault("transfer_config", TransferConfig(multipart_chunksize=8 * MIB, use_threads=False))
        super().__init__(**options)

    def _open(self, name: str, mode: str = "rb") -> File:
        """The bytes, read by ranges. Raises FileNotFoundError when they are not there."""
        found: File = File(io.BufferedReader(Ranged(self, name, self.size(name)), 256 * 1024), name)
        return found

    def put_aside(self, file: IO[bytes]) -> str:
        """Send a file to where nothing looks for blobs; its name there."""
        file.seek(0)
        return str(self.save(INCOMING + secrets.token_urlsafe(24), File(cast(IO[bytes], _Kept(file)))))

    def bring(self, aside: str, name: str) -> None:
        """Have the server put at `name`, over what was there, what it received as `aside`. All or nothing."""
        source = {"Bucket": self.bucket_name, "Key": self._key(aside)}
        # Managed: beyond 5 GB the server copies by parts.
        self.bucket.meta.client.copy(source, self.bucket_name, self._key(name), Config=self.transfer_config)
        self.delete(aside)

    def clear_staging(self, older_than_s: float) -> int:
        """Remove what transfers that died have left. How many."""
        before = timezone.now() - timedelta(seconds=older_than_s)
        old = [one for one in self.bucket.objects.filter(Prefix=self._key(INCOMING)) if one.last_modified < before]
        for one in old:
            one.delete()
        return len(old)

    def read_range(self, name: str, first: int, last: int) -> Any:
        """A stream of the bytes from `first` to `last`, both included."""
        try:
            answer = self.bucket.Object(self._key(name)).get(Range=f"bytes={first}-{last}")
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in (404, 416):
                raise FileNotFoundError(name) from error
            raise OSError(str(error)) from error
        return answer["Body"]

    def _key(self, name: str) -> str:
        return str(self._normalize_name(name))


def _config() -> Config:
    """Addresses and signatures that every S3 server understands, not Amazon's alone."""
    return Config(
        s3={"addressing_style": "path"},
        signature_version="s3v4",
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        retries={"max_attempts": 5, "mode": "standard"},
        connect_timeout=10,
        read_timeout=60,
    )


class Ranged(io.RawIOBase):
    """An object read as it is asked for: windows of one request each, larger as the reading goes on."""

    def __init__(self, storage: S3Blobs, name: str, size: int) -> None:
        super().__init__()
        self.storage, self.name, self.size = storage, name, size
        self.position, self.window, self.left = 0, FIRST_WINDOW, 0
        self.stream: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.size}[whence]
        target = max(0, start + offset)
        if target != self.position:
            self._drop()
            self.window = FIRST_WINDOW
            self.position = target
        return target

    def readinto(self, buffer: Any) -> int:
        if self.position >= self.size or not len(buffer):
            return 0
        if not self.left:
            self._next_window()
        piece = self.stream.read(min(len(buffer), self.left))
        if not piece:
            raise OSError(f"{self.name} was broken off at {self.position}")
        buffer[: len(piece)] = piece
        self.position += len(piece)
        self.left -= len(piece)
        return len(piece)

    def _next_window(self) -> None:
        self._drop()
        last = min(self.position + self.window, self.size) - 1
        self.stream = self.storage.read_range(self.name, self.position, last)
        self.left = last - self.position + 1
        self.window = min(self.window * 2, LARGEST_WINDOW)

    def _drop(self) -> None:
        if self.stream is not None:
            self.stream.close()
        self.stream, self.left = None, 0

    def close(self) -> None:
        self._drop()
        super().close()


class _Kept:
    """A file that boto3 may not close: whoever received it still reads it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.closed = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def close(self) -> None:
        """Closed by its owner."""
