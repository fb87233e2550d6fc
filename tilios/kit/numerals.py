"""Amounts written out in French words, as a cheque and a tax receipt ask: no doubt remains about a figure.

The spelling is that of 1990 for hyphens (words below a million are joined), the usual one for plurals: "quatre-vingts",
"deux-cents", and neither where another number follows; "mille" never takes an s.
"""

UNITS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
LARGE = ((10**12, "billion"), (10**9, "milliard"), (10**6, "million"))
LARGEST = 10**15


def in_french(number: int) -> str:
    """A whole number from 0 to under 10 ** 15, in words: 71 is "soixante-et-onze". Raises ValueError beyond."""
    if not 0 <= number < LARGEST:
        raise ValueError(number)
    words = []
    for size, name in LARGE:
        count, number = divmod(number, size)
        if count:
            words.append(f"{_below_thousand(count, last=True)} {name}{'s' if count > 1 else ''}")
    if number or not words:
        words.append(_below_million(number))
    return " ".join(words)


def euros_in_french(cents: int) -> str:
    """An amount in words: "vingt-cinq euros et cinquante centimes"."""
    euros, hundredths = divmod(cents, 100)
    said = in_french(euros)
    of = "d'" if euros and euros % 10**6 == 0 else ""
    parts = [f"{said} {of}euro{'s' if euros > 1 else ''}"] if euros or not hundredths else []
    if hundredths:
        parts.append(f"{in_french(hundredths)} centime{'s' if hundredths > 1 else ''}")
    return " et ".join(parts)


def _below_million(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    if not thousands:
        return _below_thousand(rest, last=True)
    head = "mille" if thousands == 1 else f"{_below_thousand(thousands, last=False)}-mille"
    return f"{head}-{_below_thousand(rest, last=True)}" if rest else head


def _below_thousand(number: int, *, last: bool) -> str:
    """`last` is whether nothing follows but a noun: "vingt" and "cent" then take their s."""
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest, last=last)
    head = "cent" if hundreds == 1 else f"{UNITS[hundreds]}-cent"
    if not rest:
        return f"{head}s" if hundreds > 1 and last else head
    return f"{head}-{_below_hundred(rest, last=last)}"


def _below_hundred(number: int, *, last: bool) -> str:
    if number < 20:
        return UNITS[number]
    ten, unit = divmod(number, 10)
    if ten in (7, 9):
        ten, unit = ten - 1, unit + 10
    head = TENS[ten]
    if not unit:
        return f"{head}s" if ten == 8 and last else head
    return f"{head}-et-{UNITS[unit]}" if unit in (1, 11) and ten != 8 else f"{head}-{UNITS[unit]}"
