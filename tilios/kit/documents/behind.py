"""Documents handed to the jail, and what went wrong there said in one way."""

import json
from typing import IO

from tilios.kit import jail
from tilios.kit.documents.problems import Problem, Unreadable

MODULE = "tilios.kit.documents.jailed"


def run(task: str, kind: str, form: str, *, stdin: IO[bytes], limits: jail.Limits) -> bytes:
    """What `tilios.kit.documents.jailed` writes for a task on `stdin`, a file of the system. Raises Unreadable."""
    try:
        output = jail.run(MODULE, [task, kind, form], stdin=stdin, limits=limits)
    except jail.Exhausted as error:
        raise Unreadable(Problem.TOO_HEAVY) from error
    except jail.Crashed as error:
        raise Unreadable(Problem.DAMAGED) from error
    if output.startswith(b'{"problem"'):
        raise Unreadable(Problem(json.loads(output)["problem"]))
    return output
