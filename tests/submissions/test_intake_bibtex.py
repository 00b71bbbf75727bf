"""Drafts of papers from BibTeX, as the programs and sites that write it do."""

from typing import Any

import pytest

from submissions.intake.bibtex import is_bibtex, read_bibtex
from submissions.intake.drafts import Draft, Unreadable

pytestmark = pytest.mark.django_db

SICI = "10.1002/(SICI)1099-1476(199902)22:3<267::AID-MMA40>3.0.CO;2-A"


def drafts(text: str) -> list[Draft]:
    items = read_bibtex(text)
    assert all(isinstance(item, Draft) for item in items), items
    return [item for item in items if isinstance(item, Draft)]


def draft(text: str) -> Draft:
    (only,) = drafts(text)
    return only


def value(text: str, key: str) -> Any:
    return draft(text).payload.get(key)


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        (
            "@article{k,\nAuthor = {Dubos, Nicolas and Le Viol, Isabelle},\nTitle = {{A Thing}},\nYear = {{2018}},\n}",
            ["Nicolas Dubos", "Isabelle Le Viol"],
        ),
        ("@article{j, title={Junior}, author={King, Jr., Martin}, year={2001}}", ["Martin King Jr."]),
        ("@misc{g, title={R}, author={Team, Gemma and Doe, Jane and others}}", ["Gemma Team", "Jane Doe"]),
        (
            "@misc{x, title={O}, author={{Example AI Research and Development}}}",
            ["Example AI Research and Development"],
        ),
        ("@article{v, title={O}, author={van den Oord, Aaron}}", ["Aaron van den Oord"]),
        (
            r"@a{k, title={T}, author={{\O}ster, S{\o}ren and {\v{S}}k, Ji{\v r}{\'\i} and Erd{\H o}s, P{\'a}l}}",
            ["Søren Øster", "Jiří Šk", "Pál Erdős"],
        ),
        ("@a{k, title={T}, options={useprefix=true}, author={given=Jan, family=Berg, prefix=van}}", ["Jan van Berg"]),
    ],
)
def test_authors(text: str, authors: list[str]) -> None:
    assert (value(text, "authors"), draft(text).notes) == (authors, ())


@pytest.mark.parametrize(
    ("authors", "read"),
    [("Wei Zhang, Qi Li, Pei Wu", ["Wei Zhang", "Qi Li", "Pei Wu"]), ("Zhang, Wei, Li, Qi", None)],
)
def test_authors_without_and_are_to_be_checked(authors: str, read: list[str] | None) -> None:
    parsed = draft(f"@article{{c, title={{Commas}}, author={{{authors}}}, year={{2020}}}}")

    assert parsed.payload.get("authors") == read
    assert parsed.notes == ("The authors are not separated by “and”: please check them.",)


@pytest.mark.parametrize(
    "fields",
    [
        "eprint={2304.08485}",
        "eprint={arXiv:2304.08485}",
        "eprint={2304.08485v2}, eprinttype={arXiv}",
        "eprint={2304.08485}, archivePrefix={arXiv}, primaryClass={cs.CV}",
        "eprint={http://arxiv.org/abs/2304.08485v1}, eprinttype={arXiv}",
        "journal={arXiv preprint arXiv:2304.08485}",
        "journal={arXiv:2304.08485 [cs]}",
        "journal={ArXiv}, volume={abs/2304.08485}",
        "journal={CoRR}, volume={abs/2304.08485}",
        "journaltitle={arXiv e-prints}, number={arXiv:2304.08485}",
        "journal={arXiv e-prints}, eid={arXiv:2304.08485}, pages={arXiv:2304.08485}",
        "doi={10.48550/arXiv.2304.08485}",
        "doi={https://doi.org/10.48550/ARXIV.2304.08485}, publisher={arXiv}",
        "url={https://arxiv.org/abs/2304.08485}",
        "url={\\url{https://arxiv.org/pdf/2304.08485v2.pdf}}",
        "howpublished={\\url{https://arxiv.org/abs/2304.08485}}",
        "howpublished={arXiv:2304.08485}",
        "note={arXiv:2304.08485}",
        "note={Preprint available at \\url{https://arxiv.org/abs/2304.08485}}",
        "Note={arXiv:2304.08485 [cs.CV]}",
    ],
)
def test_an_arxiv_id_is_found_wherever_it_is_stated_and_is_no_venue(fields: str) -> None:
    assert draft(f"@article{{l, title={{Words}}, {fields}, year={{2023}}}}") == Draft(
        "paper",
        {
            "name": "Words",
            "title": "Words",
            "year": 2023,
            "arxiv_id": "2304.08485",
            "links": [{"kind": "arxiv", "url": "https://arxiv.org/abs/2304.08485", "label": ""}],
        },
        line=1,
        source="https://arxiv.org/abs/2304.08485",
    )


@pytest.mark.parametrize(
    "fields",
    [
        "note={Extends arXiv:2304.08485}",
        "note={Comment on https://arxiv.org/abs/2304.08485}",
        "note={arXiv:2304.08485 and arXiv:2304.08486}",
        "eprint={2304.08485}, eprinttype={jstor}",
        "volume={2304.08485}",
        "abstract={arXiv:2304.08485}",
    ],
)
def test_an_id_of_something_else_is_not_that_of_the_paper(fields: str) -> None:
    assert value(f"@article{{l, title={{Words}}, {fields}}}", "arxiv_id") is None


@pytest.mark.parametrize(
    "fields",
    [
        "eprint={hep-th/9711200}",
        "eprint={9711200}, archivePrefix={hep-th}",
        "eprint={9711200}, archivePrefix={arXiv}, primaryClass={hep-th}",
    ],
)
def test_an_old_arxiv_id_is_found_with_its_archive(fields: str) -> None:
    assert value(f"@article{{l, title={{Words}}, {fields}}}", "arxiv_id") == "hep-th/9711200"


@pytest.mark.parametrize(
    ("stated", "doi"),
    [
        ("10.1007/978-3-030-58577-8\\_7", "10.1007/978-3-030-58577-8_7"),
        ("https://doi.org/10.1109/CVPR.2016.90", "10.1109/CVPR.2016.90"),
        ("doi:10.1109/CVPR.2016.90", "10.1109/CVPR.2016.90"),
        (SICI, SICI),
        (SICI.replace("<", "{\\textless}").replace(">", "{\\textgreater}"), SICI),
        (SICI.replace("<", "&lt;").replace(">", "&gt;"), SICI),
    ],
)
def test_a_doi_is_read_whole(stated: str, doi: str) -> None:
    assert value(f"@article{{d, title={{O}}, doi={{{stated}}}, year=1999}}", "doi") == doi


def test_a_doi_in_the_address_of_the_publisher_is_one_and_no_second_link() -> None:
    parsed = draft("@article{d, title={O}, url={https://dl.acm.org/doi/10.1145/3581783.3612374}}")

    assert parsed.payload["doi"] == "10.1145/3581783.3612374"
    assert [row["url"] for row in parsed.payload["links"]] == ["https://doi.org/10.1145/3581783.3612374"]


@pytest.mark.parametrize(
    ("fields", "urls"),
    [
        ("url={https://example.org/a\\_b\\%20c?x=1\\&y=2}", ["https://example.org/a_b%20c?x=1&y=2"]),
        ("howpublished={\\url{https://example.org/blog}}", ["https://example.org/blog"]),
        ("howpublished={\\href{https://example.org/blog}{A blog}}", ["https://example.org/blog"]),
        ("howpublished={Accessed 2024 at https://example.org/blog.}", ["https://example.org/blog"]),
        ("url={https://a.org/1}, note={See \\url{https://b.org/2}}", ["https://a.org/1", "https://b.org/2"]),
        ("doi={" + SICI + "}", ["https://doi.org/" + SICI.replace("<", "%3C").replace(">", "%3E")]),
        ("url={ftp://example.org/a}", []),
    ],
)
def test_addresses_are_links(fields: str, urls: list[str]) -> None:
    assert [row["url"] for row in value(f"@misc{{u, title={{O}}, {fields}}}", "links") or []] == urls


@pytest.mark.parametrize(
    ("fields", "venue"),
    [
        ('booktitle=cvpr # ", " # "2021"', "Proceedings of CVPR, 2021"),
        ("journaltitle={J of T}", "J of T"),
        ("eventtitle={Int. Conf.}, location={Oslo}", "Int. Conf."),
        ("booktitle={Proc.}, eventtitle={Conf.}, publisher={P}", "Proc."),
        ("howpublished={\\url{https://example.org/blog}}", None),
        ("howpublished={Blog of a lab}", "Blog of a lab"),
        ("howpublished={Blog of a lab, \\url{https://example.org/blog}}", "Blog of a lab"),
        ("howpublished={Available at: \\url{https://example.org/blog}}", None),
        ("howpublished={https://example.org/blog}", None),
        ("journal={arXiv}, publisher={Zenodo}", "Zenodo"),
        ("journal={ArXivist Quarterly}", "ArXivist Quarterly"),
    ],
)
def test_the_venue_is_where_it_was_published(fields: str, venue: str | None) -> None:
    text = f'@string{{cvpr = "Proceedings of {{CVPR}}"}}\n@inproceedings{{a, title={{Sees}}, {fields}}}'

    assert value(text, "venue") == venue


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ("year=2020", 2020),
        ("year={{2018}}", 2018),
        ("year={May 2023}", 2023),
        ("date={2018-10-23}", 2018),
        ("date={2021-05/2021-06}", 2021),
        ("year={in press}, date={2024}", 2024),
        ("urldate={2024-01-01}", None),
        ("year={120201}", None),
    ],
)
def test_the_year_is_that_of_the_publication(fields: str, year: int | None) -> None:
    assert value(f"@misc{{y, title={{O}}, {fields}}}", "year") == year


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("{What is love? {Baby} no}", "What is love? Baby no"),
        ('{{\\"U}ber}', "Über"),
        ("{A <i>new</i> model &amp; ice}", "A new model & ice"),
        ("{100\\% of {CLIP}}", "100% of CLIP"),
        ("{O}, subtitle={And more}", "O: And more"),
    ],
)
def test_a_title_is_plain_text(title: str, plain: str) -> None:
    assert value(f"@article{{h, title={title}, year={{2020}}}}", "title") == plain


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("@misc{d, title={First}, year={2020}}\n@misc{d, title={Second}, year={2021}}", ["First", "Second"]),
        ("@misc{m, title={Comma missing}\n year={2020}}\n@misc{o, title={Next}}", ["Comma missing", "Next"]),
        ("\ufeff@misc{b, title={With a mark}, year={2024}}", ["With a mark"]),
        ("@misc(par, title={Round}, year={2019})", ["Round"]),
        ("@a{c, title={Child}, crossref={p}}\n@proceedings{p, title={Parent}}", ["Child"]),
        ("@proceedings{p, title={Nobody refers to it}}", ["Nobody refers to it"]),
    ],
)
def test_each_record_is_read_once(text: str, titles: list[str]) -> None:
    assert [item.payload["title"] for item in drafts(text)] == titles


def test_what_was_mended_is_a_note() -> None:
    assert draft("@misc{k, title={O} junk}").notes == (
        "Line 1: after the value of title stands “junk”, which was left out.",
    )


def test_a_record_without_a_title_is_told_with_its_line() -> None:
    assert read_bibtex("\n\n@misc{k, year=2020}") == [Unreadable(3, "@misc{k}", "the record has no title")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@misc{a}", True),
        ("\ufeff@misc{a}", True),
        ("@misc(a)", True),
        ("\n % c\n\n@misc{a}", True),
        ("# List\n@misc{a}", False),
        ("", False),
        ("@someone", False),
    ],
)
def test_which_texts_are_bibtex(text: str, expected: bool) -> None:
    assert is_bibtex(text) is expected
