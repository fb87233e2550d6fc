"""pandoc, behind the walls of the jail: it sees neither the data nor the network."""

import tempfile
import threading

from tilios.kit.documents import behind
from tilios.kit.jail import MIB, Limits

LIMITS = Limits(memory=2048 * MIB, output=130 * MIB, cpu_s=60, wall_s=90)
_converting = threading.BoundedSemaphore(2)  # each may take a gigabyte


def pandoc(data: bytes, form: str, to: str) -> bytes:
    """`data`, in the format `form` of pandoc, in the format `to`. Raises Unreadable."""
    with tempfile.TemporaryFile() as file, _converting:
        file.write(data)
        file.seek(0)
        return behind.run("convert", form, to, stdin=file, limits=LIMITS)
