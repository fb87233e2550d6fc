"""A colour vote by numbers: what drawings cost, and weigh, from ten answers to a hundred thousand.

The mosaic of 1,000 people and 40 statements is drawn beside the obvious way, a rectangle for each cell. The spectrum is
drawn from sums: it costs the same whatever the number of answers.
"""

import random
import time
from collections.abc import Callable

import django
from django.conf import settings

from bench.measure import Row, compare

PEOPLE, STATEMENTS = 1000, 40
FEW, MANY = 1_000, 100_000


def run() -> list[Row]:
    """Milliseconds of each drawing, and kilobytes of the mosaic."""
    if not settings.configured:
        settings.configure(USE_I18N=True, LANGUAGE_CODE="en", USE_TZ=True, TEMPLATES=_templates())
        django.setup()
    return [*_mosaics(), *_spectra(), *_sums()]


def _templates() -> list[dict[str, object]]:
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": ["tilios/ui/templates"],
            "OPTIONS": {"libraries": {"ui": "tilios.ui.templatetags.ui"}},
        }
    ]


def _ms(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def _mosaics() -> list[Row]:
    from tilios.tools.colours import figures
    from tilios.tools.colours.drawing import mosaic
    from tilios.tools.colours.drawing.looks import Look
    from tilios.tools.colours.palettes import SAFE
    from tilios.tools.colours.scales import PRESETS

    look = Look(PRESETS["agreement5"].scale, SAFE)
    luck = random.Random(3)
    people = [figures.Voice(number) for number in range(PEOPLE)]
    statements = [figures.Statement(number, f"Statement {number}") for number in range(STATEMENTS)]
    answers = {(one.pk, who.pk): luck.choice(look.answers) for one in statements for who in people}
    grid = figures.Grid(statements, people, answers)

    def cells() -> str:
        parts = ['<svg xmlns="http://www.w3.org/2000/svg">']
        for row, one in enumerate(statements):
            for column, who in enumerate(people):
                answer = answers[one.pk, who.pk]
                parts.append(
                    f'<rect x="{column * 0.6:.1f}" y="{row * 30}" width="0.6" height="28" fill="{look.colour(answer)}">'
                    f"<title>{look.scale.label_of(answer)}</title></rect>"
                )
        return "".join(parts) + "</svg>"

    what = f"mosaic of {PEOPLE} people x {STATEMENTS} statements"
    drawn = {
        "a rectangle a cell": cells,
        "Tilios, raw": lambda: mosaic(grid, look, ordered=False).svg,
        "Tilios, sorted": lambda: mosaic(grid, look, ordered=True).svg,
    }
    timed = {name: lambda work=work: _ms(work) for name, work in drawn.items()}
    weighed = {name: lambda work=work: len(work().encode()) / 1024 for name, work in drawn.items()}
    return [*compare(what, timed, unit="ms"), *compare(what, weighed, unit="KB", rounds=1)]


def _spectra() -> list[Row]:
    from tilios.tools.colours import figures
    from tilios.tools.colours.drawing import rows_of, spectrum
    from tilios.tools.colours.drawing.looks import Look
    from tilios.tools.colours.palettes import SAFE
    from tilios.tools.colours.scales import PRESETS

    look = Look(PRESETS["agreement5"].scale, SAFE)
    statements = [figures.Statement(number, f"Statement {number}") for number in range(STATEMENTS)]

    def draw(answers: int) -> float:
        sums = {one.pk: figures.Sums((answers // 5,) * 5) for one in statements}
        return _ms(lambda: spectrum(rows_of(statements, sums, look.scale), look))

    contenders = {f"{answers} answers each": lambda count=answers: draw(count) for answers in (FEW, MANY)}
    return compare(f"spectrum of {STATEMENTS} statements", contenders, unit="ms")


def _sums() -> list[Row]:
    from tilios.tools.colours import figures

    luck = random.Random(5)
    answers = [(luck.randrange(-2, 5), 1) for _number in range(MANY)]
    contenders = {"one by one": lambda: _ms(lambda: figures.sums_of(answers, 5))}
    return compare(f"sums of {MANY} answers to one statement", contenders, unit="ms")
