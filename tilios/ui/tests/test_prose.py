"""What is found of a description is its words, not its marks."""

from tilios.ui.prose import plain


def test_marks_are_left_out_and_words_kept() -> None:
    assert plain("Le **plus** de monde\n\n- le bilan ;\n- l'élection & le budget") == (
        "Le plus de monde\n\nle bilan ;\nl'élection & le budget"
    )


def test_html_somebody_typed_stays_words() -> None:
    assert plain("<script>alert(1)</script> oui") == "<script>alert(1)</script> oui"
