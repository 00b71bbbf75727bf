"""What leaves the portal: files, feeds, the sitemap."""

import csv
import io
import json
import re
import sys
import unicodedata
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from bibtexparser.entrypoint import parse_string
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from catalog.exchange import bibtex, csv_rows
from catalog.exchange.croissant import croissant
from catalog.exchange.envelope import source_classes
from catalog.exchange.schema_org import json_ld
from catalog.kinds import KINDS, Kind
from catalog.ledger.publishing import retire
from catalog.models import Revision, Section
from catalog.web.sitemaps import Entries
from tests.examples import FULL
from tests.factories import make, make_dataset, make_paper, make_result, make_revision, trace

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SIGNS = [
    chr(n) for n in range(sys.maxunicode) if unicodedata.normalize("NFKC", chr(n)).startswith(("=", "+", "-", "@"))
]
by_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)


def body(client: Client, path: str) -> str:
    response: Any = client.get(path)
    assert response.status_code == 200
    return b"".join(response.streaming_content if response.streaming else [response.content]).decode()


@pytest.mark.django_db
@by_kind
class TestEveryKind:
    def test_json_jsonl_and_csv_say_the_same(self, client: Client, kind: Kind, surroundings: None) -> None:
        entry = make(kind.name, **FULL[kind.name])
        url = f"/export/{kind.plural}"

        listed = {row["slug"]: row for row in json.loads(body(client, f"{url}.json"))}
        lines = [json.loads(line) for line in body(client, f"{url}.jsonl").splitlines()]
        table = list(csv.DictReader(io.StringIO(body(client, f"{url}.csv").removeprefix("\ufeff"))))

        assert listed[entry.slug]["fields"] == kind.dump(entry)
        assert listed == {row["slug"]: row for row in lines}
        assert sorted(row["slug"] for row in table) == sorted(listed)
        assert [row["name"] for row in table if row["slug"] == entry.slug] == [entry.name]
        assert json.loads(body(client, f"{url}/{entry.slug}.json")) == listed[entry.slug]

    def test_a_spreadsheet_opens_csv_as_utf8_and_programs_read_it_plain(
        self, client: Client, kind: Kind, surroundings: None
    ) -> None:
        entry = make(kind.name, **FULL[kind.name])

        for path in (f"/export/{kind.plural}.csv", f"/export/{kind.plural}/{entry.slug}.csv"):
            assert body(client, path).startswith("\ufeffslug,url,revision,")
        assert body(client, f"/api/v1/{kind.plural}.csv").startswith("slug,url,revision,")

    def test_an_empty_list_is_a_valid_file(self, client: Client, kind: Kind) -> None:
        assert json.loads(body(client, f"/export/{kind.plural}.json")) == []
        assert body(client, f"/export/{kind.plural}.jsonl") == ""
        assert len(body(client, f"/export/{kind.plural}.csv").splitlines()) == 1

    def test_costs_the_same_for_one_row_and_for_many(
        self, client: Client, kind: Kind, surroundings: None, django_assert_max_num_queries: Any
    ) -> None:
        make(kind.name, **FULL[kind.name])
        with django_assert_max_num_queries(15) as first:
            body(client, f"/export/{kind.plural}.jsonl")
        for number in range(20):
            make(kind.name, **{**FULL[kind.name], "name": f"Another {number}"})

        with django_assert_max_num_queries(15) as then:
            body(client, f"/export/{kind.plural}.jsonl")

        assert len(then) == len(first)

    def test_the_page_carries_valid_json_ld(self, client: Client, kind: Kind, surroundings: None) -> None:
        entry = make(kind.name, **{**FULL[kind.name], "summary": "Ends </script><!-- here & there \u2028."})

        page = body(client, entry.get_absolute_url())
        block = page.split('<script type="application/ld+json">')[1].split("</script>")[0]

        data = json.loads(block)
        assert data["@context"] == "https://schema.org"
        assert data["name"] == entry.name
        assert data["description"] == entry.summary


@pytest.mark.django_db
class TestLists:
    def test_an_export_takes_the_query_of_its_page(self, client: Client) -> None:
        make_paper(name="Old", year=2020)
        make_paper(name="New", year=2024)

        assert [row["slug"] for row in json.loads(body(client, "/export/papers.json?year=2024"))] == ["new"]

    def test_an_unknown_format_is_404(self, client: Client) -> None:
        make_dataset(name="COCO")

        assert client.get("/export/papers.xml").status_code == 404
        assert client.get("/export/datasets.bib").status_code == 404
        assert client.get("/export/datasets/coco.bib").status_code == 404

    def test_the_full_catalogue_is_one_file(self, client: Client) -> None:
        make_paper(name="CLIP")
        make_dataset(name="COCO")

        rows = [json.loads(line) for line in body(client, "/export/catalogue.jsonl").splitlines()]

        assert [(row["kind"], row["slug"]) for row in rows] == [("paper", "clip"), ("dataset", "coco")]

    def test_the_readme_lists_what_is_there_without_an_import(self, client: Client) -> None:
        make_paper(name="CLIP", year=2021, summary="Dual\nencoder", links=[{"kind": "code", "url": "https://x.org/"}])
        make_dataset(name="COCO", year=2014)

        text = body(client, "/export/README.md")

        assert "- **CLIP** (2021) - [Dual encoder](https://x.org/)\n" in text
        assert "| **COCO** | 2014 |  |\n" in text


class TestCsv:
    @pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "-cmd", "+x", "\tx", "＝1+1", "＋x", "－x", "＠SUM(A1)"])
    def test_what_a_spreadsheet_would_run_stays_text(self, text: str) -> None:
        assert csv_rows.cell(text) == f"'{text}"

    @pytest.mark.parametrize("separator", [";", ", ", "|", "\t", "\r\n", '; "', ";\u200b"])
    @pytest.mark.parametrize("formula", ["=1+1", "@x", "-cmd", "＝1"])
    def test_a_formula_after_a_separator_stays_text(self, separator: str, formula: str) -> None:
        assert csv_rows.cell(f"a{separator}{formula}") == f"a{separator}'{formula}"

    @pytest.mark.parametrize("sign", SIGNS)
    def test_what_unicode_takes_for_the_sign_of_a_formula_is_one(self, sign: str) -> None:
        assert csv_rows.cell(f"{sign}cmd") == f"'{sign}cmd"

    @pytest.mark.parametrize("blanks", [" ", "\n ", "\xa0", "\u200b\ufeff"])
    def test_a_formula_after_blanks_stays_text(self, blanks: str) -> None:
        assert csv_rows.cell(f"{blanks}=1") == f"{blanks}'=1"

    @pytest.mark.parametrize("value", ["-1.5", "+3", 7, "plain", "a-b; c+d", "pre-training, co-training", "x; -1.5; 3"])
    def test_numbers_and_plain_text_stay_as_they_are(self, value: Any) -> None:
        assert csv_rows.cell(value) == value

    @given(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=30), max_size=5))
    def test_any_text_comes_back(self, texts: list[str]) -> None:
        outer = dict.fromkeys(csv_rows.ENVELOPE_KEYS, "x")
        lines = "".join(
            csv_rows.rows([str(n) for n in range(len(texts))], [{**outer, "fields": dict(enumerate_str(texts))}])
        )

        _, row = csv.reader(io.StringIO(lines, newline=""))

        assert [cell.replace("'", "") for cell in row[5:]] == [text.replace("'", "") for text in texts]


def enumerate_str(texts: list[str]) -> list[tuple[str, str]]:
    return [(str(number), text) for number, text in enumerate(texts)]


PRINTED = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"])


def unescaped(text: str) -> str:
    """What a reader of BibTeX sees: its escapes taken literally, its own braces removed."""
    pieces = re.split("(" + "|".join(map(re.escape, bibtex.ESCAPES.values())) + ")", text)
    letters = {escape: letter for letter, escape in bibtex.ESCAPES.items()}
    return "".join(letters.get(piece) or piece.replace("{", "").replace("}", "") for piece in pieces)


class TestBibtex:
    @given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
    def test_braces_are_balanced_whatever_the_title(self, title: str) -> None:
        payload = {**KINDS["paper"].form.empty(), "name": "X", "title": title, "authors": [title], "year": 2024}

        text = bibtex.paper({"fields": payload, "url": "https://example.org/"})

        bare = text.replace("\\{", "").replace("\\}", "")
        depth = 0
        for letter in bare:
            depth += {"{": 1, "}": -1}.get(letter, 0)
            assert depth >= 0
        assert depth == 0

    @given(
        title=st.text(alphabet=PRINTED, max_size=60),
        names=st.lists(st.text(alphabet=PRINTED, min_size=1, max_size=20).filter(str.strip), max_size=4),
        year=st.none() | st.integers(1900, 2100),
        venue=st.text(alphabet=PRINTED, max_size=30),
        url=st.text(alphabet=PRINTED, max_size=20).map(lambda text: f"https://example.org/{text.strip()}"),
    )
    def test_any_paper_is_one_record_that_a_parser_reads_back(
        self, title: str, names: list[str], year: int | None, venue: str, url: str
    ) -> None:
        fields = {"name": "X", "title": title, "authors": names, "year": year, "venue": venue}
        fields["doi"] = title
        payload = {**KINDS["paper"].form.empty(), **fields, "links": [{"kind": "paper", "url": url, "label": ""}]}

        library = parse_string(bibtex.paper({"fields": payload, "url": "https://example.org/"}))

        assert (len(library.entries), library.failed_blocks) == (1, [])
        record = {field.key: str(field.value) for field in library.entries[0].fields}
        assert unescaped(record["title"]) == " ".join((title or "X").split())
        assert record.get("year") == (str(year) if year else None)
        assert record["url"].startswith("https://example.org/")
        venues = {"booktitle", "journal", "howpublished"}
        assert record.keys() - venues <= {"title", "author", "year", "doi", "url"}
        assert unescaped(record.get("author", "")) == " and ".join(" ".join(name.split()) for name in names)

    @pytest.mark.parametrize("field", ["doi", "arxiv_id", "title", "venue", "url"])
    def test_no_value_begins_a_field_of_its_own(self, field: str) -> None:
        value = "10.1/x},\n  note = {injected"
        payload = {**KINDS["paper"].form.empty(), "name": "X", "year": 2024}
        payload |= {"links": [{"kind": "paper", "url": value, "label": ""}]} if field == "url" else {field: value}

        library = parse_string(bibtex.paper({"fields": payload, "url": "https://example.org/"}))

        assert (len(library.entries), library.failed_blocks) == (1, [])
        assert "note" not in {one.key for one in library.entries[0].fields}

    def test_a_paper_with_an_arxiv_id(self) -> None:
        payload = {
            **KINDS["paper"].form.empty(),
            "name": "CLIP",
            "title": "Learning & transfer",
            "authors": ["Alec Radford", "Gemma Team"],
            "year": 2021,
            "venue": "ICML 2021",
            "arxiv_id": "2103.00020",
        }

        assert bibtex.paper({"fields": payload, "url": ""}) == (
            "@inproceedings{radford2021learning,\n"
            "  title = {{Learning \\& transfer}},\n"
            "  author = {Alec Radford and {Gemma Team}},\n"
            "  year = {2021},\n"
            "  booktitle = {ICML 2021},\n"
            "  eprint = {2103.00020},\n"
            "  archivePrefix = {arXiv},\n"
            "  url = {https://arxiv.org/abs/2103.00020},\n"
            "}\n"
        )

    def test_keys_of_a_list_are_different(self) -> None:
        payload = {**KINDS["paper"].form.empty(), "name": "Same", "authors": ["A B"], "year": 2024}
        one = {"fields": payload, "url": "https://example.org/"}

        keys = [text.split("{")[1].split(",")[0] for text in bibtex.papers([one, one, one])]

        assert keys == ["b2024same", "b2024same-2", "b2024same-3"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the libraries that the validator uses
@pytest.mark.parametrize(
    "fields", [{}, FULL["dataset"], {"licence": "CC-BY-4.0", "year": 2020, "homepage": "https://x.org"}]
)
def test_croissant_is_valid_for_the_official_validator(fields: dict[str, Any]) -> None:
    import mlcroissant  # noqa: PLC0415 -- it pulls pandas, and no other test needs it

    payload = {**KINDS["dataset"].form.empty(), "name": "COCO", **fields}

    card = mlcroissant.Dataset(jsonld=croissant(payload, "https://portal.example/datasets/coco/", "2026-11-24"))

    assert card.metadata.name == "COCO"
    assert not card.metadata.ctx.issues.errors


def test_json_ld_leaves_out_what_is_not_known() -> None:
    data = json_ld(KINDS["dataset"], {**KINDS["dataset"].form.empty(), "name": "COCO"}, "https://x.org/", "2026-11-24")

    assert data == {
        "@context": "https://schema.org",
        "@id": "https://x.org/",
        "url": "https://x.org/",
        "name": "COCO",
        "dateModified": "2026-11-24",
        "@type": "Dataset",
    }


@pytest.mark.django_db
class TestFeeds:
    def entries(self, client: Client, path: str) -> list[str]:
        root = ET.fromstring(body(client, path))  # noqa: S314 -- our own feed
        assert root.tag == f"{ATOM}feed"
        assert all(root.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
        entries = root.findall(f"{ATOM}entry")
        assert all(one.findtext(f"{ATOM}{name}") for one in entries for name in ("id", "title", "updated"))
        assert len({one.findtext(f"{ATOM}id") for one in entries}) == len(entries)
        return [str(one.findtext(f"{ATOM}title")) for one in entries]

    def test_new_and_changed_entries_of_all_kinds(self, client: Client) -> None:
        paper = make_paper(name="CLIP")
        make_dataset(name="COCO")
        make_revision("paper", entry=paper, year=2021)

        assert self.entries(client, "/feeds/new.atom") == ["COCO created", "CLIP created"]
        assert self.entries(client, "/feeds/changes.atom") == ["CLIP edited", "COCO created", "CLIP created"]
        assert self.entries(client, "/feeds/papers/new.atom") == ["CLIP created"]
        assert self.entries(client, "/feeds/datasets/changes.atom") == ["COCO created"]

    def test_a_section_has_feeds_of_its_own(self, client: Client) -> None:
        Section.objects.create(slug="video", name="Video", kind="dataset")
        make_dataset(name="HowTo100M", section="video")
        make_dataset(name="COCO")

        assert self.entries(client, "/feeds/sections/video/new.atom") == ["HowTo100M created"]
        assert client.get("/feeds/sections/nothing/new.atom").status_code == 404

    def test_a_retired_entry_is_in_the_changes(self, client: Client) -> None:
        retire(entry=make_paper(name="Duplicate"), trace=trace("A duplicate."))

        assert self.entries(client, "/feeds/changes.atom") == ["Duplicate retired", "Duplicate created"]

    def test_an_empty_catalogue_has_empty_feeds(self, client: Client) -> None:
        assert self.entries(client, "/feeds/new.atom") == []

    def test_feeds_cost_the_same_for_one_and_for_many(self, client: Client, django_assert_num_queries: Any) -> None:
        for number in range(5):
            make_paper(name=f"P{number}")

        with django_assert_num_queries(2):
            self.entries(client, "/feeds/changes.atom")


@pytest.mark.django_db
def test_the_sitemap_lists_every_entry_with_its_date(client: Client) -> None:
    paper = make_paper(name="CLIP")

    index = ET.fromstring(body(client, "/sitemap.xml"))  # noqa: S314 -- our own
    papers = ET.fromstring(body(client, "/sitemap-papers.xml"))  # noqa: S314 -- our own

    assert any("sitemap-papers.xml" in str(one.text) for one in index.iter(f"{SITEMAP}loc"))
    assert [str(one.text).endswith("/papers/clip/") for one in papers.iter(f"{SITEMAP}loc")] == [True]
    assert [one.text for one in papers.iter(f"{SITEMAP}lastmod")] == [paper.updated.date().isoformat()]


@pytest.mark.django_db
def test_a_long_sitemap_is_split_and_the_index_names_every_file(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Entries, "limit", 2)
    papers = [make_paper(name=f"P{number}") for number in range(5)]

    index = ET.fromstring(body(client, "/sitemap.xml"))  # noqa: S314 -- our own
    files = [str(one.text) for one in index.iter(f"{SITEMAP}loc") if "papers" in str(one.text)]
    urls = [
        str(one.text)
        for file in files
        for one in ET.fromstring(body(client, file.partition("8000")[2] or file)).iter(f"{SITEMAP}loc")  # noqa: S314 -- our own
    ]

    assert [file.rpartition("/")[2] for file in files] == [
        "sitemap-papers.xml", "sitemap-papers.xml?p=2", "sitemap-papers.xml?p=3",
    ]  # fmt: skip
    assert [url.split("/papers/")[1] for url in urls] == [f"{paper.slug}/" for paper in papers]


@pytest.mark.django_db
def test_robots_names_the_sitemap(client: Client) -> None:
    text = body(client, "/robots.txt")

    assert "Disallow: /admin/" in text
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in text


@pytest.mark.django_db
def test_a_citation_names_the_very_revision(client: Client) -> None:
    dataset = make_dataset(name="COCO")
    make_revision("dataset", entry=dataset, year=2014)

    page = body(client, "/datasets/coco/")

    assert "http://127.0.0.1:8000/datasets/coco/history/2/" in page
    assert Revision.objects.filter(kind="dataset").count() == 2


@pytest.mark.django_db
def test_json_has_the_classes_of_sources(client: Client) -> None:
    address = "https://arxiv.org/abs/2103.00020"
    row = {"field": "year", "url": "https://x.com/clip", "note": "", "confidence": "confirmed", "source_class": ""}
    stated = {**row, "field": "value", "url": address, "source_class": "official-copy"}
    note = {**row, "url": "", "note": "The authors' talk."}
    result = make_result(value="64.50", source_url=address, sources=[row, stated, note])

    exported = json.loads(body(client, f"/export/results/{result.slug}.json"))

    assert exported["fields"]["sources"] == [row, stated, note]
    assert exported["source_classes"] == [
        {"field": "year", "url": "https://x.com/clip", "class": "list", "stated": False},
        {"field": "value", "url": address, "class": "official-copy", "stated": True},
        {"field": "source_url", "url": address, "class": "official-copy", "stated": True},
    ]


@pytest.mark.parametrize("damaged", ["x", [1], [{"url": "https://x.com/"}], [{"field": "year", "url": 1}]])
def test_damaged_sources_have_no_classes(damaged: Any) -> None:
    assert source_classes({"sources": damaged, "source_url": 1}) == [
        {"field": "source_url", "url": 1, "class": "", "stated": False}
    ]
