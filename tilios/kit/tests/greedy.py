"""What a document that has taken over its reader could try: `python -m tilios.kit.tests.greedy LIMITS WHAT WITH`."""

import os
import socket
import sys
import time
from pathlib import Path

from tilios.kit import jail


def main(limits: str, what: str, given: str) -> None:
    jail.confine(limits)
    match what:
        case "repeat":
            sys.stdout.write(sys.stdin.read() * int(given))
        case "memory":
            held = []
            try:
                while True:
                    held.append(bytearray(16 * 2**20))
            except MemoryError:
                had = 16 * len(held)
                held.clear()
                sys.stdout.write(str(had))
        case "compute":
            while True:
                pass
        case "sleep":
            time.sleep(3600)
        case "write":
            while True:
                sys.stdout.write("x" * 2**20)
        case "connect":
            with socket.create_connection(("127.0.0.1", int(given)), timeout=2):
                sys.stdout.write("connected")
        case "read":
            sys.stdout.write(Path(given).read_text("utf-8"))
        case "environment":
            sys.stdout.write(" ".join(os.environ))
        case "leave_a_child":
            if os.fork() == 0:
                time.sleep(2)
                Path(given).write_text("still here", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
