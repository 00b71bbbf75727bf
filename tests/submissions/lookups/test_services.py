"""What each service says, in the shape that its documentation gives, and in shapes that it should not have."""

import time
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from submissions.intake.lookups import arxiv, dois, hubs, openreview, proceedings, semantic_scholar, sites
from submissions.intake.lookups.answers import Answer, Reader
from submissions.intake.lookups.sites import CHECK_THE_FORM, NotFetched, Site, Unknown
from tests.metadata_double import ATOM, MetadataDouble


class Case(NamedTuple):
    """A reader, what it may be asked, the path of its request, and the name of the service."""

    reader: Reader
    argument: str
    path: str
    name: str


CASES = [
    Case(arxiv.read_arxiv, "2301.12597", "/arxiv", "arXiv"),
    Case(dois.read_crossref, "10.1109/x", "/crossref/10.1109%2Fx", "Crossref"),
    Case(dois.read_datacite, "10.5281/zenodo.1", "/datacite/10.5281%2Fzenodo.1", "DataCite"),
    Case(hubs.read_model, "a/b", "/hub/models/a/b", "Hugging Face"),
    Case(hubs.read_dataset, "a/b", "/hub/datasets/a/b", "Hugging Face"),
    Case(hubs.read_paper, "2301.12597", "/hub/papers/2301.12597", "Hugging Face"),
    Case(hubs.read_repository, "a/b", "/github/a/b", "GitHub"),
    Case(openreview.read_openreview, "YicbFdNTTy", "/openreview", "OpenReview"),
    Case(proceedings.read_acl, "2020.emnlp-main.62", "/acl/2020.emnlp-main.62.bib", "the ACL Anthology"),
    Case(proceedings.read_cvf, "content/a_paper.html", "/cvf/content/a_paper.html", "CVF Open Access"),
    Case(proceedings.read_pmlr, "v139/radford21a.html", "/pmlr/v139/radford21a.html", "PMLR"),
    Case(semantic_scholar.read_semantic_scholar, "ARXIV:2301.12597", "/scholar/ARXIV:2301.12597", "Semantic Scholar"),
]
JSON_CASES = [one for one in CASES if one.name not in ("arXiv", "the ACL Anthology", "CVF Open Access", "PMLR")]


def reader_name(one: Case) -> str:
    return one.reader.__name__


def read(reader: Reader, argument: str) -> Answer:
    return reader(argument, time.monotonic() + 3)


def fields(reader: Reader, argument: str) -> dict[str, Any]:
    """The values that are not empty."""
    return {key: value for key, value in read(reader, argument).fields.items() if value}


@pytest.mark.parametrize("one", CASES, ids=reader_name)
class TestAll:
    def test_asks_for_one_thing(self, double: MetadataDouble, one: Case) -> None:
        with pytest.raises(NotFetched):
            read(one.reader, one.argument)

        assert double.requested[0].partition("?")[0] == one.path

    def test_says_that_there_is_none(self, double: MetadataDouble, one: Case) -> None:
        with pytest.raises(Unknown) as caught:
            read(one.reader, one.argument)

        assert str(caught.value) == f"{one.name} does not know it; please check the id."

    @pytest.mark.parametrize("body", ["", "null", "<html><title>Sign in</title></html>", "{", "\xff\x00"])
    def test_an_answer_that_is_none_is_reported(self, double: MetadataDouble, one: Case, body: str) -> None:
        double.replies[one.path] = body.encode("latin-1")

        with pytest.raises(NotFetched) as caught:
            read(one.reader, one.argument)

        assert str(caught.value) == f"{one.name}'s answer could not be understood; {CHECK_THE_FORM}"


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://export.arxiv.org/api/query?id_list=", sites.ARXIV),
        ("https://api.crossref.org/works/", sites.CROSSREF),
        ("https://api.datacite.org/dois/", sites.DATACITE),
        ("https://huggingface.co/api/", sites.HUGGING_FACE),
        ("https://api.github.com/repos/", sites.GITHUB),
        ("https://api2.openreview.net/notes?id=", sites.OPENREVIEW),
        ("https://api.openreview.net/notes?id=", sites.OPENREVIEW),
        ("https://aclanthology.org/", sites.ACL_ANTHOLOGY),
        ("https://openaccess.thecvf.com/", sites.CVF),
        ("https://proceedings.mlr.press/", sites.PMLR),
        ("https://api.semanticscholar.org/graph/v1/paper/", sites.SEMANTIC_SCHOLAR),
    ],
)
def test_the_addresses_are_those_of_the_services(address: str, site: Site) -> None:
    constants = {
        *(arxiv.API, dois.CROSSREF_API, dois.DATACITE_API, hubs.HUB_API, hubs.GITHUB_API),
        *(openreview.API, openreview.OLD_API, proceedings.ACL, proceedings.CVF_PAGES, proceedings.PMLR_PAGES),
        semantic_scholar.API,
    }

    assert address in constants
    assert address.split("/")[2] in site.hosts


class TestArxiv:
    def test_reads_a_feed(self, double: MetadataDouble) -> None:
        double.replies["/arxiv"] = (200, {"Content-Type": "application/atom+xml; charset=UTF-8"}, ATOM)

        assert read(arxiv.read_arxiv, "2301.12597") == Answer(
            "https://arxiv.org/abs/2301.12597",
            {
                "name": "BLIP-2",
                "title": "BLIP-2: Bootstrapping Language-Image Pre-training with Frozen Image Encoders",
                "authors": ["Junnan Li", "Dongxu Li"],
                "year": 2023,
                "released": "2023-01-30",
                "doi": "10.1000/blip2",
            },
        )
        assert double.requested == ["/arxiv?id_list=2301.12597"]

    def test_an_old_id_is_asked_with_its_archive(self, double: MetadataDouble) -> None:
        double.replies["/arxiv"] = ATOM

        assert read(arxiv.read_arxiv, "hep-th/9901001").url == "https://arxiv.org/abs/hep-th/9901001"
        assert double.requested == ["/arxiv?id_list=hep-th/9901001"]

    @pytest.mark.parametrize(
        "feed",
        [
            "<feed/>",
            "<feed><entry/></feed>",
            "<feed><entry><title>Error</title><summary>incorrect id format</summary></entry></feed>",
        ],
    )
    def test_a_feed_without_the_paper_is_unknown(self, double: MetadataDouble, feed: str) -> None:
        double.replies["/arxiv"] = feed

        with pytest.raises(Unknown):
            read(arxiv.read_arxiv, "2301.12597")

    def test_only_the_first_entry_is_read(self, double: MetadataDouble) -> None:
        entry = "<entry><title>{0}</title><author><name>{0} Person</name></author></entry>"
        double.replies["/arxiv"] = f"<feed><title>Q</title>{entry.format('One')}{entry.format('Two')}</feed>"

        assert fields(arxiv.read_arxiv, "2301.12597") == {"name": "One", "title": "One", "authors": ["One Person"]}

    def test_latex_of_a_title_is_read(self, double: MetadataDouble) -> None:
        double.replies["/arxiv"] = '<feed><entry><title>$\\alpha$-CLIP: 100% na\\"ive</title></entry></feed>'

        assert fields(arxiv.read_arxiv, "2301.12597")["title"] == "α-CLIP: 100% naïve"

    def test_an_entity_is_never_unfolded(self, double: MetadataDouble) -> None:
        bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
        double.replies["/arxiv"] = f'<!DOCTYPE x [<!ENTITY l0 "lol">{bomb}]><feed>&l9;</feed>'

        with pytest.raises(NotFetched, match="could not be understood"):
            read(arxiv.read_arxiv, "2301.12597")

    def test_a_deep_feed_takes_no_time(self) -> None:
        depth = 100_000
        body = b"<feed><entry>" + b"<a>" * depth + b"x" + b"</a>" * depth + b"</entry></feed>"
        began = time.process_time()

        assert arxiv.atom_entry(body)["a"][-1] == "x"
        assert time.process_time() - began < 2


class TestCrossref:
    def test_reads_a_work(self, double: MetadataDouble) -> None:
        double.replies["/crossref/10.1109%2Fx"] = {
            "status": "ok",
            "message-type": "work",
            "message": {
                "title": ["Deep <i>Residual</i>\n Learning &amp; more"],
                "subtitle": ["A study"],
                "author": [
                    {"given": "Kaiming", "family": "He", "sequence": "first"},
                    {"name": "A Group"},
                    {"given": "John", "family": "Doe", "suffix": "Jr."},
                    "odd",
                    {"given": 3},
                ],
                "issued": {"date-parts": [[2016, 6]]},
                "container-title": ["2016 IEEE Conference on Computer Vision (CVPR)"],
            },
        }

        assert read(dois.read_crossref, "10.1109/x") == Answer(
            "https://doi.org/10.1109/x",
            {
                "name": "Deep Residual Learning & more",
                "title": "Deep Residual Learning & more: A study",
                "authors": ["Kaiming He", "A Group", "John Doe Jr."],
                "year": 2016,
                "venue": "2016 IEEE Conference on Computer Vision (CVPR)",
            },
        )

    @pytest.mark.parametrize(
        ("titles", "venue"),
        [
            (["Lecture Notes in Computer Science", "Computer Vision – ECCV 2022"], "Computer Vision – ECCV 2022"),
            (["Lecture Notes in Computer Science"], "Lecture Notes in Computer Science"),
            ([], ""),
        ],
    )
    def test_a_volume_is_the_venue_rather_than_its_series(
        self, double: MetadataDouble, titles: list[str], venue: str
    ) -> None:
        double.replies["/crossref/10.1109%2Fx"] = {"message": {"title": ["T"], "container-title": titles}}

        assert read(dois.read_crossref, "10.1109/x").fields["venue"] == venue

    def test_a_work_without_a_date_has_no_year(self, double: MetadataDouble) -> None:
        double.replies["/crossref/10.1109%2Fx"] = {
            "message": {"title": ["T: S"], "subtitle": ["S"], "issued": {"date-parts": [[None]]}}
        }

        assert fields(dois.read_crossref, "10.1109/x") == {"name": "T", "title": "T: S"}


class TestDataCite:
    def test_reads_a_doi(self, double: MetadataDouble) -> None:
        double.replies["/datacite/10.5281%2Fzenodo.1"] = {
            "data": {
                "id": "10.5281/zenodo.1",
                "type": "dois",
                "attributes": {
                    "titles": [{"title": "Titel", "titleType": "TranslatedTitle"}, {"title": "OpenCLIP"}],
                    "creators": [
                        {"name": "Ilharco, Gabriel", "givenName": "Gabriel", "familyName": "Ilharco"},
                        {"name": "Wortsman, Mitchell", "nameType": "Personal"},
                        {"name": "LAION, e.V.", "nameType": "Organizational"},
                    ],
                    "publisher": "Zenodo",
                    "publicationYear": 2021,
                    "types": {"resourceTypeGeneral": "Software"},
                },
            }
        }

        assert read(dois.read_datacite, "10.5281/zenodo.1") == Answer(
            "https://doi.org/10.5281/zenodo.1",
            {
                "name": "OpenCLIP",
                "title": "OpenCLIP",
                "authors": ["Gabriel Ilharco", "Mitchell Wortsman", "LAION, e.V."],
                "year": 2021,
            },
        )


class TestHub:
    def test_reads_a_model(self, double: MetadataDouble) -> None:
        double.replies["/hub/models/a/b"] = {
            "id": "a/b",
            "tags": ["license:apache-2.0", "arxiv:2409.12191", "arxiv:1910.09700", "region:us", 3],
        }

        assert read(hubs.read_model, "a/b") == Answer(
            "https://huggingface.co/a/b", {"licence_weights": "apache-2.0", "arxiv_id": "2409.12191"}
        )

    def test_of_several_papers_of_a_model_none_is_taken(self, double: MetadataDouble) -> None:
        double.replies["/hub/models/a/b"] = {"tags": ["arxiv:2409.12191", "arxiv:2308.12966"]}

        assert fields(hubs.read_model, "a/b") == {}

    def test_a_licence_of_its_own_has_its_name(self, double: MetadataDouble) -> None:
        double.replies["/hub/models/a/b"] = {"tags": ["license:other"], "cardData": {"license_name": "qwen"}}

        assert fields(hubs.read_model, "a/b") == {"licence_weights": "qwen"}

    def test_reads_a_dataset(self, double: MetadataDouble) -> None:
        tags = ["license:cc-by-4.0", "language:en", "language:de", "task_categories:visual-question-answering"]
        double.replies["/hub/datasets/a/b"] = {"id": "a/b", "tags": [*tags, "modality:image", "license:unknown"]}

        assert read(hubs.read_dataset, "a/b") == Answer(
            "https://huggingface.co/datasets/a/b",
            {
                "licence": "cc-by-4.0",
                "languages": ["en", "de"],
                "tasks": ["visual-question-answering"],
                "modalities": ["image"],
            },
        )

    def test_reads_a_paper(self, double: MetadataDouble) -> None:
        double.replies["/hub/papers/2301.12597"] = {
            "id": "2301.12597",
            "authors": [{"name": "Junnan Li", "hidden": False}, {"name": "Dongxu Li"}],
            "publishedAt": "2023-01-30T00:56:51.000Z",
            "title": "BLIP-2: Bootstrapping",
            "summary": "The cost of …",
        }

        assert read(hubs.read_paper, "2301.12597") == Answer(
            "https://huggingface.co/papers/2301.12597",
            {
                "name": "BLIP-2",
                "title": "BLIP-2: Bootstrapping",
                "authors": ["Junnan Li", "Dongxu Li"],
                "year": 2023,
                "released": "2023-01-30",
            },
        )

    def test_what_is_private_or_none_is_told_alike(self, double: MetadataDouble) -> None:
        double.replies["/hub/models/a/b"] = (401, {}, '{"error": "Invalid username or password."}')

        with pytest.raises(NotFetched, match=r"does not show it to this site \(it may be private, or the id wrong\)"):
            read(hubs.read_model, "a/b")


class TestGitHub:
    @pytest.mark.parametrize(
        ("licence", "expected"),
        [
            ({"key": "mit", "spdx_id": "MIT"}, {"licence_code": "MIT"}),
            ({"key": "other", "spdx_id": "NOASSERTION"}, {}),
            (None, {}),
        ],
    )
    def test_reads_the_licence(self, double: MetadataDouble, licence: Any, expected: dict[str, str]) -> None:
        double.replies["/github/a/b"] = {"full_name": "a/b", "description": "Words", "license": licence}

        assert fields(hubs.read_repository, "a/b") == expected


def note(**content: Any) -> dict[str, Any]:
    """An answer of OpenReview's version 2."""
    values = {key: {"value": value} for key, value in content.items()}
    return {"notes": [{"id": "x", "forum": "x", "content": values, "pdate": 1_705_410_000_000}], "count": 1}


class TestOpenReview:
    def test_reads_a_paper(self, double: MetadataDouble) -> None:
        double.replies["/openreview"] = note(
            title="MathVista: Evaluating",
            authors=["Pan Lu", "Hritik Bansal"],
            venue="ICLR 2024 oral",
            venueid="ICLR.cc/2024/Conference",
            abstract="We …",
        )

        assert read(openreview.read_openreview, "KUNzEQMWU7") == Answer(
            "https://openreview.net/forum?id=KUNzEQMWU7",
            {
                "name": "MathVista",
                "title": "MathVista: Evaluating",
                "authors": ["Pan Lu", "Hritik Bansal"],
                "year": 2024,
                "venue": "ICLR 2024 oral",
            },
        )
        assert double.requested == ["/openreview?id=KUNzEQMWU7"]

    def test_a_venue_without_a_year_is_of_the_day_of_publication(self, double: MetadataDouble) -> None:
        double.replies["/openreview"] = note(title="T", venue="Accepted by TMLR")

        assert fields(openreview.read_openreview, "YicbFdNTTy")["year"] == 2024

    @pytest.mark.parametrize(
        "venue",
        [
            "Submitted to ICLR 2024",
            "ICLR 2024 Conference Withdrawn Submission",
            "ICLR 2024 Conference Desk Rejected Submission",
            "CoRR 2023",
        ],
    )
    def test_what_was_not_published_has_no_venue(self, double: MetadataDouble, venue: str) -> None:
        double.replies["/openreview"] = note(title="T", venue=venue)

        assert fields(openreview.read_openreview, "YicbFdNTTy") == {"name": "T", "title": "T"}

    @pytest.mark.parametrize("first", [(404, {}, {"name": "NotFoundError"}), {"notes": [], "count": 0}])
    def test_older_venues_are_in_version_1(self, double: MetadataDouble, first: Any) -> None:
        content = {"title": "An Image is Worth", "authors": ["Alexey Dosovitskiy"], "venue": "ICLR 2021 Oral"}
        double.replies |= {"/openreview": first, "/old-openreview": {"notes": [{"content": content}], "count": 1}}

        assert fields(openreview.read_openreview, "YicbFdNTTy") == {
            "name": "An Image is Worth",
            "title": "An Image is Worth",
            "authors": ["Alexey Dosovitskiy"],
            "year": 2021,
            "venue": "ICLR 2021 Oral",
        }

    def test_an_anonymous_paper_has_no_authors(self, double: MetadataDouble) -> None:
        double.replies["/openreview"] = note(title="T")

        assert read(openreview.read_openreview, "YicbFdNTTy").fields["authors"] == []


BIB = r"""@inproceedings{tan-bansal-2020-vokenization,
    title = "Vokenization: Improving Language Understanding with Contextualized, Visual-Grounded Supervision",
    author = "Tan, Hao  and
      Bansal, Mohit",
    editor = "Webber, Bonnie",
    booktitle = "Proceedings of the 2020 Conference on Empirical Methods in Natural Language Processing (EMNLP)",
    month = nov,
    year = "2020",
    address = "Online",
    publisher = "Association for Computational Linguistics",
    url = "https://aclanthology.org/2020.emnlp-main.162/",
    doi = "10.18653/v1/2020.emnlp-main.162",
    pages = "2066--2080",
    abstract = "Humans learn language by listening."
}
"""

CVF_PAGE = """<!DOCTYPE html><html><head>
<title>CVPR 2024 Open Access Repository</title>
<meta name="citation_title" content="Improved Baselines with Visual Instruction Tuning">
<meta name="citation_author" content="Liu, Haotian">
<meta name="citation_author" content="Lee, Yong Jae">
<meta name="citation_publication_date" content="2024">
<meta name="citation_conference_title" content="Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern
 Recognition">
<meta name="citation_firstpage" content="26296">
<meta name="citation_pdf_url" content="https://openaccess.thecvf.com/content/x_paper.pdf">
</head><body>The abstract</body></html>"""

PMLR_PAGE = """<!DOCTYPE HTML><html><head>
<META NAME='citation_title' CONTENT='Learning &quot;Transferable&quot; Visual Models'/>
<meta name="citation_author" content="Alec Radford"/>
<meta name="citation_author" content="Ilya Sutskever"/>
<meta name="citation_publication_date" content="2021/07/01"/>
<meta name="citation_inbook_title" content="International Conference on Machine Learning"/>
<meta name="og:title" content="Other"/>
</head></html>"""


class TestProceedings:
    def test_reads_the_record_of_the_acl_anthology(self, double: MetadataDouble) -> None:
        double.replies["/acl/2020.emnlp-main.162.bib"] = (200, {"Content-Type": "application/x-bibtex"}, BIB)

        assert read(proceedings.read_acl, "2020.emnlp-main.162") == Answer(
            f"{double.url}/acl/2020.emnlp-main.162",
            {
                "name": "Vokenization",
                "title": "Vokenization: Improving Language Understanding with Contextualized, Visual-Grounded"
                " Supervision",
                "authors": ["Hao Tan", "Mohit Bansal"],
                "year": 2020,
                "venue": "Proceedings of the 2020 Conference on Empirical Methods in Natural Language Processing"
                " (EMNLP)",
                "doi": "10.18653/v1/2020.emnlp-main.162",
            },
        )

    def test_reads_a_page_of_the_cvf(self, double: MetadataDouble) -> None:
        double.replies["/cvf/content/x_paper.html"] = (200, {"Content-Type": "text/html"}, CVF_PAGE)

        assert read(proceedings.read_cvf, "content/x_paper.html") == Answer(
            f"{double.url}/cvf/content/x_paper.html",
            {
                "name": "Improved Baselines with Visual Instruction Tuning",
                "title": "Improved Baselines with Visual Instruction Tuning",
                "authors": ["Haotian Liu", "Yong Jae Lee"],
                "year": 2024,
                "venue": "Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition",
                "doi": "",
            },
        )

    def test_reads_a_page_of_pmlr(self, double: MetadataDouble) -> None:
        double.replies["/pmlr/v139/radford21a.html"] = PMLR_PAGE

        assert fields(proceedings.read_pmlr, "v139/radford21a.html") == {
            "name": 'Learning "Transferable" Visual Models',
            "title": 'Learning "Transferable" Visual Models',
            "authors": ["Alec Radford", "Ilya Sutskever"],
            "year": 2021,
            "venue": "International Conference on Machine Learning",
        }

    @pytest.mark.parametrize(
        "page", ["<meta " * 200_000, '<meta name="' * 100_000, '<meta name="x>' * 100_000, "<!" * 500_000]
    )
    def test_a_page_that_is_none_takes_no_time(self, page: str) -> None:
        began = time.process_time()

        assert proceedings.citation_tags(page) == {}
        assert time.process_time() - began < 3


class TestSemanticScholar:
    def test_reads_a_paper(self, double: MetadataDouble) -> None:
        double.replies["/scholar/ARXIV:2301.12597"] = {
            "paperId": "3f5b31c4f7350dc88002c121aecbdc82f86eb5bb",
            "url": "https://www.semanticscholar.org/paper/3f5b31c4f7350dc88002c121aecbdc82f86eb5bb",
            "externalIds": {"ArXiv": "2301.12597", "DOI": "10.48550/arXiv.2301.12597", "CorpusId": 256390509},
            "title": "BLIP-2: Bootstrapping",
            "venue": "International Conference on Machine Learning",
            "year": 2023,
            "authors": [{"authorId": "1", "name": "Junnan Li"}, {"authorId": None, "name": "Dongxu Li"}],
        }

        assert read(semantic_scholar.read_semantic_scholar, "ARXIV:2301.12597") == Answer(
            "https://www.semanticscholar.org/paper/3f5b31c4f7350dc88002c121aecbdc82f86eb5bb",
            {
                "name": "BLIP-2",
                "title": "BLIP-2: Bootstrapping",
                "authors": ["Junnan Li", "Dongxu Li"],
                "year": 2023,
                "venue": "International Conference on Machine Learning",
                "doi": "",
            },
        )
        assert double.requested == [
            "/scholar/ARXIV:2301.12597?fields=url,title,authors,year,venue,externalIds",
        ]

    def test_arxiv_is_no_venue(self, double: MetadataDouble) -> None:
        double.replies["/scholar/DOI:10.1000%2Fx"] = {"title": "T", "venue": "arXiv.org", "url": "javascript:alert(1)"}

        assert read(semantic_scholar.read_semantic_scholar, "DOI:10.1000/x").url == ""
        assert fields(semantic_scholar.read_semantic_scholar, "DOI:10.1000/x") == {"name": "T", "title": "T"}


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = (
    *("message", "data", "attributes", "title", "titles", "author", "authors", "creators", "issued", "date-parts"),
    *("notes", "content", "venue", "value", "pdate", "name", "tags", "cardData", "license", "license_name", "spdx_id"),
    *("externalIds", "DOI", "year", "publicationYear", "publishedAt", "container-title", "givenName", "given"),
)
ANSWERS = st.recursive(
    JSON_VALUES | st.sampled_from(["license:mit", "2023-02-30", "10.1000/x", "$\\frac{$", "a, b", "1999", "\u202e"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=30,
)


@pytest.mark.parametrize("one", JSON_CASES, ids=reader_name)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_an_answer_of_any_shape_makes_no_error(monkeypatch: pytest.MonkeyPatch, one: Case, data: Any) -> None:
    for module in (dois, hubs, openreview, semantic_scholar):
        monkeypatch.setattr(module, "fetch_json", lambda *_: data.draw(ANSWERS))

    try:
        answer = one.reader(one.argument, 0.0)
    except NotFetched:
        return
    for key, value in answer.fields.items():
        texts = value if isinstance(value, list) else [value]
        assert all(isinstance(text, str | int | None) for text in texts), key
