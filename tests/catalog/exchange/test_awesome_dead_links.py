"""Links that cannot lead anywhere, or have a better form, by their form alone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog.exchange.awesome.dead_addresses import fault_of
from catalog.exchange.awesome.dead_links import DeadLink, dead_links

SEED = Path(__file__).parents[3] / "fixtures/list/awesome-vlm-README.md"
A = "https://arxiv.org/abs/2301.00001"


@pytest.mark.parametrize(
    ("target", "better"),
    [
        *[(one, "") for one in ("", "#", "TODO", "tbd", "…", "...", "xxx", "link", "coming soon", "your link here")],
        ("https://https://github.com/a/b", "https://github.com/a/b"),
        ("http://https//github.com/a/b", "https://github.com/a/b"),
        ("https:https://github.com/a/b", "https://github.com/a/b"),
        ("https//github.com/a/b", "https://github.com/a/b"),
        ("https:/github.com/a/b", "https://github.com/a/b"),
        ("https:///github.com/a/b", "https://github.com/a/b"),
        ("htps://github.com/a/b", "https://github.com/a/b"),
        ("www.cs.edu/paper", "https://www.cs.edu/paper"),
        ("arxiv.org/abs/2301.00001", A),
        (r"C:\papers\one.pdf", ""),
        ("file:///home/me/one.pdf", ""),
        ("https://arxiv.org/abs/2301 .00001", A),
        ("https://en.wikipedia.org/wiki/A_(b", ""),
        ("https://[abc", ""),
        ("https://a.org/x.", "https://a.org/x"),
        ("https://example.com/x", ""),
        ("https://www.example.org", ""),
        ("http://localhost:3000/", ""),
        ("https://paper.invalid/x", ""),
        ("https://paper/x", ""),
        ("https://", ""),
        ("http://arxiv.org/abs/2301.00001", A),
        ("https://arxiv.org", ""),
        ("https://arxiv.org/pdf/", ""),
        ("https://arxiv.org/abs/", ""),
        ("https://arxiv.org/abs/23.1", ""),
        ("https://arxiv.org/abs/2313.00001", ""),
        ("https://arxiv.org/abs/2301.0001", ""),
        ("https://arxiv.org/abs/9901.00001", ""),
        ("https://arxiv.org/2301.00001v2", A),
        ("https://doi.org/", ""),
        ("https://doi.org/paper", ""),
        ("http://dx.doi.org/10.1000/182", "https://doi.org/10.1000/182"),
        ("https://hf.co/", ""),
        ("https://huggingface.co/datasets/", ""),
        ("https://huggingface.co/papers/2313.00001", ""),
        ("https://github.com", ""),
        ("https://github.com/username/repo", ""),
        ("http://github.com/a/b", "https://github.com/a/b"),
        ("https://openreview.net/forum", ""),
        ("https://paperswithcode.com/paper/a", ""),
    ],
)
def test_an_address_with_a_fault(target: str, better: str) -> None:
    fault = fault_of(target)

    assert fault is not None
    assert fault.better == better


@pytest.mark.parametrize(
    "target",
    [
        *(
            A,
            "https://arxiv.org/pdf/2301.00001v3.pdf",
            "https://arxiv.org/abs/cs/0112017",
            "https://arxiv.org/list/cs.CV/new",
        ),
        *(
            "https://ar5iv.org/abs/2301.00001",
            "https://doi.org/10.1000/182",
            "https://hf.co/a/b",
            "https://github.com/a",
        ),
        *(
            "https://huggingface.co/papers/2301.00001",
            "https://huggingface.co/datasets/mnist",
            "https://huggingface.co/a",
        ),
        *("https://openreview.net/forum?id=abcdef", "http://lab.cs.edu/x", "https://httpbin.org/get", "docs/other.md"),
        *(
            "#papers",
            "mailto:a@b.org",
            "/a",
            "https://en.wikipedia.org/wiki/A_(b)",
            "https://a.org/x#y",
            "../README.md",
        ),
        "https://huggingface.co/papers/trending",
    ],
)
def test_an_address_without_a_fault(target: str) -> None:
    assert fault_of(target) is None


def test_an_id_of_a_month_to_come_cannot_be() -> None:
    year = datetime.now(UTC).year % 100 + 1

    assert fault_of(f"https://arxiv.org/abs/{year}12.00001") is not None


class TestInLists:
    def found(self, text: str) -> list[tuple[int, str, str]]:
        return [(one.line, one.text, one.address) for one in dead_links(text)]

    @pytest.mark.parametrize(
        ("line", "label", "address"),
        [
            ("- [Paper]()", "Paper", ""),
            (f"- [One]({A}) [[Code](#)]", "Code", "#"),
            ("- [**Bold** one](TODO)", "Bold one", "TODO"),
            (f"- [Two]({A}", "Two", A),
            (f"- [Two]({A} and [Three]({A})", "Two", A),
            ('- [T](http://github.com/a/b "title")', "T", "http://github.com/a/b"),
            ("- [T](<http://github.com/a/b>)", "T", "http://github.com/a/b"),
            ('- <a href="">T</a>', "", ""),
            ("- <a href='http://github.com/a/b'>T</a>", "", "http://github.com/a/b"),
            ("| One | https://github.com/username/x |", "", "https://github.com/username/x"),
            ("- See https://arxiv.org/abs/, or not.", "", "https://arxiv.org/abs/"),
            ("[one]: http://github.com/a/b", "one", "http://github.com/a/b"),
            ("[![Stars](https://img.shields.io/a)](https://github.com)", "", "https://github.com"),
            ("- [W](https://en.wikipedia.org/wiki/A_(b)", "W", "https://en.wikipedia.org/wiki/A_(b"),
        ],
    )
    def test_a_link_with_a_fault_has_its_line_and_text(self, line: str, label: str, address: str) -> None:
        assert self.found(f"# L\n\n{line}\n") == [(3, label, address)]

    @pytest.mark.parametrize(
        "text",
        [
            f"- [One]({A}) ([code](https://github.com/a/b)).",
            f"See {A}.",
            "- [W](https://en.wikipedia.org/wiki/A_(b))",
            "![picture](one.png) ![]()",
            "```\n[Paper]()\n```",
            "<!-- [Paper]() -->",
            "Write it as `[Name](https://example.com)`.",
            "- [NVLM](https://arxiv.org/abs/2409.11402\n)",
            "- [Contents](#contents)",
        ],
    )
    def test_others_are_left_out(self, text: str) -> None:
        assert dead_links(text) == []

    def test_the_seed_has_three_that_nobody_filled_in(self) -> None:
        found = dead_links(SEED.read_text(encoding="utf-8"))

        assert [one.line for one in found] == [3, 4, 5]
        assert {one.problem for one in found} == {"“your-username” stands for a name that nobody filled in"}

    def test_one_says_what_it_is_and_what_is_better(self) -> None:
        (found,) = dead_links("- [Code](http://github.com/a/b)\n")

        assert found == DeadLink(1, "Code", "http://github.com/a/b", "it has no https", "https://github.com/a/b")
        assert str(found) == "“Code”, http://github.com/a/b: it has no https. Better: https://github.com/a/b"
        assert str(DeadLink(1, "", "", "it has no address")) == "A link: it has no address."
