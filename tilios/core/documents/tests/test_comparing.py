"""What changed between two moments of a text is shown word by word."""

from hypothesis import given
from hypothesis import strategies as some

from tilios.core.documents.building import from_html
from tilios.core.documents.comparing import compare


def test_words_are_compared_in_the_blocks_that_changed() -> None:
    html = compare(from_html("<p>Même.</p><p>Le loyer monte.</p>"), from_html("<p>Même.</p><p>Le loyer baisse.</p>"))
    assert html == "<p>Même.</p><p>Le loyer <del>monte</del><ins>baisse</ins>.</p>"


def test_whole_blocks_come_and_go() -> None:
    one, two = from_html("<p>a</p><p>b</p>"), from_html("<p>a</p><ul><li>c</li></ul><p>b</p>")
    assert compare(one, two) == "<p>a</p><ins><ul><li><p>c</p></li></ul></ins><p>b</p>"
    assert compare(two, one) == "<p>a</p><del><ul><li><p>c</p></li></ul></del><p>b</p>"


def test_a_block_that_changed_its_looks_alone_is_shown_twice() -> None:
    html = compare(from_html("<p>mot</p>"), from_html("<p><strong>mot</strong></p>"))
    assert html == "<del><p>mot</p></del><ins><p><strong>mot</strong></p></ins>"


lines = some.lists(some.text("ab <&", min_size=1, max_size=8), max_size=6)


@given(lines, lines)
def test_a_comparison_never_fails_and_lets_no_tag_through(one: list[str], two: list[str]) -> None:
    before, after = (from_html("".join(_paragraph(line) for line in side)) for side in (one, two))
    assert "<script" not in compare(before, after)
    assert "<ins" not in compare(after, after)


def _paragraph(line: str) -> str:
    return f"<p>x&lt;script&gt;{line.replace('<', '&lt;')}</p>"
