"""Text and identifiers out of LaTeX and HTML."""

import pytest

from catalog.text.latex import MAX_LENGTH, plain_text, verbatim


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("Plain   words\n here", "Plain words here"),
        ("{{BLIP}-2}: {B}ootstrapping", "BLIP-2: Bootstrapping"),
        (r"{\"U}ber Caf{\'e} \'Eric {\v{S}} {\v r} {\'\i} Erd{\H o}s S{\o}ren {\ss} \c{c} \~n \aa", None),
        (r"$\alpha$-CLIP and $x^2$", "α-CLIP and x^2"),
        (r"A \& B -- C \emph{d} \textbf{e} \texttt{f}", "A & B – C d e f"),
        (r"100% of R&D \'a la #1", "100% of R&D á la #1"),
        (r"\{a\} \textasciicircum{} \textasciitilde{} \textbackslash{}", "{a} ^ ~ \\"),
        (r"a \textless{}b\textgreater{} c", "a <b> c"),
        (r"a~b", "a b"),
        (r"\unknown{word} stays", "word stays"),
        ("A <i>new</i> model &amp; ice", "A new model & ice"),
        ("CO<sub>2</sub> &lt;b&gt;x&lt;/b&gt; <jats:title>T</jats:title> one<br/>two", "CO2 x T one two"),
        ("a < b and c > d, AT&T; R&D", "a < b and c > d, AT&T; R&D"),
        ("M&uuml;ller &#8211; &#x3b1;", "Müller – α"),
        ("", ""),
        ("{", ""),
        (r"\begin{x} $ unfinished", "unfinished"),
    ],
)
def test_a_text_is_one_line_without_markup(raw: str, plain: str | None) -> None:
    accents = "Über Café Éric Š ř í Erdős Søren ß ç ñ å"

    assert plain_text(raw) == (accents if plain is None else plain)


def test_what_is_nested_without_end_loses_its_commands() -> None:
    assert plain_text(r"\emph" + "{" * 2000 + "a" + "}" * 2000) == "a"


@pytest.mark.parametrize("command", ["href", "frac", "sqrt", "textcolor", "begin", "includegraphics", "footnote"])
def test_a_command_without_what_it_needs_is_no_error(command: str) -> None:
    assert plain_text(rf"a \{command}").startswith("a")


def test_a_text_without_end_is_cut() -> None:
    assert len(plain_text("a" * (MAX_LENGTH + 1))) == MAX_LENGTH


@pytest.mark.parametrize(
    ("raw", "stated"),
    [
        (r"https://example.org/a\_b\%20c?x=1\&y=2\#z", "https://example.org/a_b%20c?x=1&y=2#z"),
        (r"https://example.org/{\textasciitilde}me/a{\_}b", "https://example.org/~me/a_b"),
        (r"https://example.org/\~{}me and $\sim$you", "https://example.org/~me and ~you"),
        (r"10.1002/1099{\textless}267::AID{\textgreater}3$<$4", "10.1002/1099<267::AID>3<4"),
        (r"10.1000/a&lt;b&gt;", "10.1000/a<b>"),
        (r"10.1000\slash 182", "10.1000/182"),
        ("https://example.org/a%20b?c&copy=1", "https://example.org/a%20b?c&copy=1"),
        ("a\n b", "a b"),
    ],
)
def test_an_identifier_loses_its_escapes_alone(raw: str, stated: str) -> None:
    assert verbatim(raw) == stated
