"""Rounds in turn, medians, ratios; a table for people, JSON for programs."""

import json
import platform
import statistics
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
ROUNDS = 5


@dataclass(frozen=True)
class Row:
    """One contender at one thing: the median of its rounds, all rounds, and the ratio to the reference's median."""

    what: str
    contender: str
    median: float
    rounds: list[float]
    ratio: float
    unit: str


def compare(what: str, contenders: Mapping[str, Callable[[], float]], *, unit: str, rounds: int = ROUNDS) -> list[Row]:
    """Call each contender once a round, in turn; ratios refer to the first. A warming round is not kept."""
    for run in contenders.values():
        run()
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _round in range(rounds):
        for name, run in contenders.items():
            taken[name].append(run())
    reference = statistics.median(next(iter(taken.values())))
    return [
        Row(what, name, round(statistics.median(values), 3), [round(value, 3) for value in values],
            round(statistics.median(values) / reference, 2), unit)
        for name, values in taken.items()
    ]  # fmt: skip


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | contender | median | ratio | spread |", "|---|---|---|---|---|"]
    for row in rows:
        spread = f"{min(row.rounds):g}–{max(row.rounds):g}"
        lines.append(f"| {row.what} | {row.contender} | {row.median:g} {row.unit} | × {row.ratio:g} | {spread} |")
    return "\n".join(lines)


def keep(name: str, rows: list[Row]) -> Path:
    """Write the rows as JSON in bench/results (kept out of git) and give the file."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    content = {
        "name": name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "rows": [asdict(row) for row in rows],
    }
    path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    return path
