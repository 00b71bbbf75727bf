"""What leaves the portal: files, feeds, the sitemap."""

import csv
import html
import io
import json
import re
import sys
import unicodedata
import xml.etree.ElementTree as ET
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from catalog.exchange import csv_rows
from catalog.exchange.citations import CITED
from catalog.exchange.envelope import source_classes
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
        assert client.get("/export/datasets.csl.json").status_code == 404

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
        assert "| **COCO** | 2014 |             |\n" in text


@pytest.mark.django_db
class TestCitations:
    def test_a_list_and_an_entry_are_bibtex_ris_and_csl_json(self, client: Client) -> None:
        make_paper(name="CLIP", arxiv_id="2103.00020", authors=["Alec Radford"], year=2021)

        for path in ("papers", "papers/clip"):
            (record,) = parse_string(body(client, f"/export/{path}.bib")).entries
            (reference,) = rispy.loads(body(client, f"/export/{path}.ris"))
            (item,) = json.loads(body(client, f"/export/{path}.csl.json"))

            assert {record.key, reference["id"], item["id"]} == {"radford2021clip"}

    def test_their_media_types(self, client: Client) -> None:
        make_paper(name="CLIP")

        types = [client.get(f"/export/papers/clip.{extension}").headers["Content-Type"] for extension in CITED]

        assert types == [
            "application/x-bibtex; charset=utf-8",
            "application/x-research-info-systems; charset=utf-8",
            "application/vnd.citationstyles.csl+json",
        ]

    def test_an_empty_list_is_an_empty_file(self, client: Client) -> None:
        assert [body(client, f"/export/papers.{extension}") for extension in CITED] == ["", "", "[]\n"]

    @pytest.mark.parametrize(("kind", "title"), [("paper", "X & Y"), ("dataset", "X & Y")])
    def test_a_page_has_all_three(self, client: Client, kind: str, title: str) -> None:
        entry = make(kind, name=title)

        page = html.unescape(body(client, entry.get_absolute_url()))
        texts = dict(re.findall(r'<pre id="cite-([a-z-]+)"[^>]*>(.*?)</pre>', page, re.DOTALL))

        assert [record.fields_dict["title"].value for record in parse_string(texts["bibtex"]).entries] == [r"{X \& Y}"]
        assert [reference["title"] for reference in rispy.loads(texts["ris"])] == [title]
        assert [item["title"] for item in json.loads(texts["csl-json"])] == [title]


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
