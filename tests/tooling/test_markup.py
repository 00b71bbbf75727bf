"""What is refused in a template, and what is not."""

import time
from pathlib import Path

import pytest
from tooling import markup
from tooling.markup import find_errors

WIDE = "121 columns, at most 120: break it between attributes, or at a space of the text."
BESIDE = "stands beside <p>: put it on a line of its own, and the element a level below."


def shared(*names: str) -> str:
    return f"{' and '.join(f'<{name}>' for name in names)} share a line: give each element a line of its own."


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("x" * 121, [WIDE]),
        ("“" * 120, []),
        ("<tr><td>a</td></tr>", [shared("tr", "td")]),
        ("<li>a</li><li>b</li>", [shared("li", "li")]),
        ("</td></tr>", [shared("td", "tr")]),
        ('<meta name="a"><link href="b">', [shared("meta", "link")]),
        ('<select><option value="">a</option>', []),
        ("<option>a</option><option>b</option>", [shared("option", "option")]),
        ("{% if a %}<p>b</p>{% endif %}", ["{% if a %} " + BESIDE]),
        ("{% else %}<p>", ["{% else %} " + BESIDE]),
        ('{% block a %}<p class="b">', ["{% block a %} " + BESIDE]),
        ("<p>a</p>{% endif %}", ["{% endif %} " + BESIDE]),
        ('{% for a in b|default:"5%" %}<p>', ['{% for a in b|default:"5%" %} ' + BESIDE]),
    ],
)
def test_is_refused_with_what_to_do(line: str, sentences: list[str]) -> None:
    assert list(find_errors(line)) == [(1, sentence) for sentence in sentences]


@pytest.mark.parametrize(
    "line",
    [
        "<p>Words, <b>some</b> of them <a href='{{ a }}'>linked</a>.</p>",
        "<p>{% if a %}b{% else %}c{% endif %}</p>",
        "<li{% if a %} class='b'{% endif %}>c</li>",
        "<td>{% for a in b %}",
        "{% if a %}<a href='b'>c</a>{% endif %}",
        "{# a <p> in <div> #}",
        "{% if a < p %}",
        "<pre><code>{{ a }}</code></pre>",
        ">{% else %}a{% endif %}</p>",
        "{% csrf_token %}",
        '{% include "components/p.html" with a="<p>" only %}',
    ],
)
def test_may_share_a_line(line: str) -> None:
    assert list(find_errors(line)) == []


def test_lines_are_counted_from_one() -> None:
    assert list(find_errors("<p>\n  a\n</p></div>\n")) == [(3, shared("p", "div"))]


@pytest.mark.parametrize("part", ["{% if a ", "{{ ", "<p ", "{% endif %}"])
def test_a_line_of_any_length_takes_no_time(part: str) -> None:
    started = time.perf_counter()
    errors = list(find_errors("</p>" + part * 50_000))

    assert [number for number, _ in errors] == [1]
    assert time.perf_counter() - started < 1


def test_names_the_file_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/good.html").write_text("<p>\n  a\n</p>\n")
    (tmp_path / "pages/letter.txt").write_text("y" * 200)
    (tmp_path / "pages/bad.html").write_text("<p>\n" + "x" * 121 + "\n</p>\n")
    monkeypatch.setattr(markup, "ROOT", tmp_path)
    monkeypatch.setattr(markup, "TEMPLATES", tmp_path / "pages")

    assert markup.main() == 1
    assert capsys.readouterr().out == f"pages/bad.html:2: {WIDE}\n"


def test_nothing_is_reported_where_nothing_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(markup, "TEMPLATES", tmp_path)

    assert (markup.main(), capsys.readouterr().out) == (0, "")
