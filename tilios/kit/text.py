"""Text as people type it, brought to forms that can be compared, searched, cut and put in an address."""

import re
import unicodedata
from collections.abc import Container, Iterator
from functools import cache, lru_cache
from itertools import count

import snowballstemmer

# Letters that Unicode does not decompose into a plain letter and a mark.
LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n", "ŧ": "t"}
)
PUNCTUATION = str.maketrans(
    dict.fromkeys("’‘‛ʼʹ′`´＇", "'") | dict.fromkeys("‐‑‒–—―−﹣－", "-") | dict.fromkeys("“”„«»", '"')
)
# Marks put on Latin, Greek and Cyrillic letters. The vowel signs of other scripts are letters: they stay.
MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
ELIDED = {"l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"}
STEMMERS = {"fr": "french", "en": "english"}
FRENCH_ENDINGS = (
    (re.compile(r"ee(s?)$"), r"ée\1"),
    (re.compile(r"ite(s?)$"), r"ité\1"),
    (re.compile(r"iere(s?)$"), r"ière\1"),
)


def fold(text: str) -> str:
    """`text` without accents, ligatures, case, or typographic apostrophes, dashes and spaces. Idempotent."""
    text = unicodedata.normalize("NFKD", text.translate(PUNCTUATION)).casefold()
    text = unicodedata.normalize("NFKD", text).translate(LETTERS).translate(PUNCTUATION)
    return unicodedata.normalize("NFC", MARKS.sub("", text))


def words(text: str) -> list[str]:
    """The folded words of `text`, in order. What French elides before a vowel (l', d', qu') is dropped."""
    return [_fold_word(word) for word in _raw_words(text)]


def stems(text: str, language: str = "fr") -> list[str]:
    """The folded stem of each word of `text`, in order: same stem for singular and plural, with or without accents.

    `language` is a code ("fr", "en-gb"); words of another language are only folded.
    """
    language = language.lower().replace("_", "-").partition("-")[0]
    if language not in STEMMERS:
        return words(text)
    return [_stem(word, language) for word in _raw_words(text)]


def slugify(text: str, taken: Container[str] = (), *, length: int = 60, default: str = "sans-nom") -> str:
    """A name for an address: ASCII letters, digits and hyphens, unlike any of `taken`, at most `length` long."""
    whole = "-".join(re.findall(r"[a-z0-9]+", fold(text).replace("'", " ")))
    base = _cut_slug(whole, length) or default
    if base not in taken:
        return base
    for number in count(2):
        slug = f"{_cut_slug(base, length - len(str(number)) - 1)}-{number}"
        if slug not in taken:
            return slug
    raise AssertionError  # count() never ends


def excerpt(text: str, n: int) -> str:
    """The first `n` characters of `text` at most, on one line, cut between words, with an ellipsis if cut."""
    line = " ".join(text.split())
    if len(line) <= n:
        return line
    head = line[: n - 1]
    if line[n - 1] != " " and " " in head[n // 2 :]:
        head = head.rpartition(" ")[0]
    return head.rstrip(" ,;:.-–—(«\"'’") + "…"


def one_edit_variants(word: str) -> set[str]:
    """`word`, and `word` less each one of its letters.

    Two words one typo apart (a letter added, left out, changed, or two neighbours swapped) have a variant in common:
    store these beside each word, look up those of the query, then keep what `within_one_edit` confirms.
    """
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def within_one_edit(a: str, b: str) -> bool:
    """Whether one typo at most (letter added, left out, changed, neighbours swapped) separates `a` from `b`."""
    if a == b:
        return True
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    if len(a) != len(b):
        longer, shorter = (rest_a, rest_b) if len(a) > len(b) else (rest_b, rest_a)
        return longer[1:] == shorter
    swapped = rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
    return swapped or rest_a[1:] == rest_b[1:]


def _raw_words(text: str) -> Iterator[str]:
    """Words with their accents, elided articles left out."""
    text = unicodedata.normalize("NFC", text.translate(PUNCTUATION))
    for match in _word_pattern().finditer(text):
        word = match.group()
        if (
            _fold_word(word) in ELIDED
            and text[match.end() : match.end() + 1] == "'"
            and _starts_word(text, match.end() + 1)
        ):
            continue
        yield word


def _starts_word(text: str, index: int) -> bool:
    return index < len(text) and text[index].isalnum()


@cache
def _word_pattern() -> re.Pattern[str]:
    """Letters, digits and the marks that some scripts write vowels with."""
    marks = "".join(chr(point) for point in range(0x0300, 0xFF00) if unicodedata.category(chr(point))[0] == "M")
    return re.compile(f"[^\\W_](?:[^\\W_]|[{marks}])*")


@lru_cache(maxsize=50_000)
def _fold_word(word: str) -> str:
    """A text says the same words over and over: folding each once makes indexing several times faster."""
    return fold(word)


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    """The stem is that of the word without accents, so that typing them or not changes nothing.

    Snowball tells the French endings -ée, -ité and -ière by their accents: these are put back before it reads them.
    """
    word = fold(word)
    if language == "fr":
        for plain, accented in FRENCH_ENDINGS:
            word = plain.sub(accented, word)
    # A stemmer keeps the word it works on: a new one each time, or threads would mix their words.
    stem = fold(snowballstemmer.stemmer(STEMMERS[language]).stemWord(word))
    if language == "fr" and len(stem) > 3 and stem[-1] in "iy":
        return stem[:-1]  # modifi(é) and modif(ication) are one
    return stem


def _cut_slug(slug: str, length: int) -> str:
    if len(slug) <= length:
        return slug
    head = slug[:length]
    if slug[length] != "-" and "-" in head[length // 2 :]:
        head = head.rpartition("-")[0]
    return head.strip("-")
