"""What runs in the jail: `python -m tilios.kit.documents.jailed LIMITS TASK KIND FORMAT`, the document on its input.

`read` writes a JSON object: {"text", "pages", "html", "shown"}; `pdf` the PDF made of an office document; `cover` a PNG
of the first page of a PDF; `convert` what pandoc makes, in FORMAT, of a document in the format KIND. A document that
cannot be read gives {"problem": …}.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

from tilios.kit import jail


def main(arguments: list[str]) -> int:
    limits, task, kind, form = arguments
    jail.confine(limits)  # SECURITY: before anything is imported that reads, or a byte is read

    from tilios.kit.documents.problems import Problem, Unreadable

    try:
        with os.fdopen(os.dup(0), "rb") as file:
            file.seek(0)
            written = _done(task, kind, form, file)
    except Unreadable as unreadable:
        written = _refusal(unreadable.problem)
    except MemoryError:
        written = _refusal(Problem.TOO_HEAVY)
    except Exception:  # noqa: BLE001 (parsers answer broken documents with anything)
        written = _refusal(Problem.DAMAGED)
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
    return 0


def _done(task: str, kind: str, form: str, file: IO[bytes]) -> bytes:
    from tilios.kit.documents import pages, programs, reading
    from tilios.kit.documents.kinds import Kind

    match task:
        case "read":
            return json.dumps(reading.read(file, Kind(kind), form)).encode()
        case "pdf":
            with tempfile.TemporaryDirectory() as folder:
                return programs.office_pdf(file, form, Path(folder))
        case "cover":
            return pages.cover(file)
        case "convert":
            return programs.converted(file, kind, form)
        case _:
            raise ValueError(task)


def _refusal(problem: Any) -> bytes:
    return json.dumps({"problem": problem}).encode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
