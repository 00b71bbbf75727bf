"""Which paper, weights, data or code an address or a pasted text states, whatever form it has."""

import pytest

from catalog.text.identifiers import (
    acl_id_of,
    address_of_acl_doi,
    arxiv_id_of,
    arxiv_id_of_doi,
    arxiv_ids_in,
    arxiv_in,
    canonical_address,
    doi_in,
    doi_of,
    dois_in,
    hub_of,
    normalised_arxiv_id,
    paper_address_of,
    repository_of,
    without_arxiv_versions,
)

SICI = "10.1002/(SICI)1099-1476(199902)22:3<267::AID-MMA40>3.0.CO;2-A"


@pytest.mark.parametrize(
    "text",
    [
        "2103.00020",
        "2103.00020v1",
        "arXiv:2103.00020",
        "arxiv: 2103.00020v2",
        "\ufeffarXiv:2103.00020",
        "arXiv:2103.00020v2 [cs.CV]",
        "arXiv:2103.00020v1  [cs.CV]  26 Feb 2021",
        "https://arxiv.org/abs/2103.00020",
        "http://arxiv.org/pdf/2103.00020v1.pdf",
        "https://arxiv.org/pdf/2103.00020v3",
        "arxiv.org/abs/2103.00020",
        "https://www.arxiv.org/abs/2103.00020?context=cs.CV",
        "https://arxiv.org/html/2103.00020v1#S3",
        "https://arxiv.org/format/2103.00020",
        "https://export.arxiv.org/abs/2103.00020",
        "http://cn.arxiv.org/abs/2103.00020",
        "http://xxx.lanl.gov/abs/2103.00020",
        "https://ar5iv.labs.arxiv.org/html/2103.00020",
        "https://ar5iv.org/abs/2103.00020",
        "https://www.alphaxiv.org/overview/2103.00020v1",
        "https://alphaxiv.org/abs/2103.00020",
        "https://www.arxiv-vanity.com/papers/2103.00020/",
        "https://papers.cool/arxiv/2103.00020",
        "https://huggingface.co/papers/2103.00020",
        "hf.co/papers/2103.00020",
        "https://doi.org/10.48550/arXiv.2103.00020",
        "10.48550/ARXIV.2103.00020",
        "doi:10.48550/arXiv.2103.00020",
        "See https://arxiv.org/abs/2103.00020.",
        "(https://arxiv.org/abs/2103.00020)",
        "<https://arxiv.org/abs/2103.00020>",
        "https://arxiv.org/abs/2103.00020 and https://arxiv.org/pdf/2103.00020v2",
    ],
)
def test_an_arxiv_id_is_read_in_every_form(text: str) -> None:
    assert arxiv_in(text) == "2103.00020"


@pytest.mark.parametrize(
    ("text", "arxiv_id"),
    [
        ("hep-th/9711200", "hep-th/9711200"),
        ("https://arxiv.org/abs/cs/0112017v1", "cs/0112017"),
        ("https://arxiv.org/pdf/hep-th/9711200v3.pdf", "hep-th/9711200"),
        ("math.GT/0309136", "math/0309136"),
        ("https://arxiv.org/abs/math.GT/0309136", "math/0309136"),
        ("https://doi.org/10.48550/arXiv.hep-th/9711200", "hep-th/9711200"),
        ("arxiv: 0706.0001", "0706.0001"),
        ("arXiv:9912.12345", "9912.12345"),  # said to be one: the form says why it is none
    ],
)
def test_an_arxiv_id_is_read_without_version_and_subject_class(text: str, arxiv_id: str) -> None:
    assert arxiv_in(text) == arxiv_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9912.12345",  # ids begin in 0704
        "0703.0001",
        "2313.00001",
        "12409.121911",
        "0112017",
        "cs/01120171",
        "pdf/2301234",
        "https://example.org/2409.12191",
        "https://arxiv.org.example.org/abs/2409.12191",
        "https://arxiv.org/list/cs.CV/recent",
        "https://arxiv.org/abs/2103.00020 https://arxiv.org/abs/2103.00021",
        "https://huggingface.co/owner/2103.00020",
        "https://[arxiv.org/abs/2409.12191",
        "https://arxiv.org/abs/" + "2" * 3000,
    ],
)
def test_what_states_no_arxiv_id_gives_none(text: str) -> None:
    assert arxiv_in(text) == ""


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("arXiv preprint arXiv:2304.08485", ["2304.08485"]),
        ("arXiv preprint arXiv:2304.08485v2 [cs.CV]", ["2304.08485"]),
        ("arXiv e-prints, arXiv:2304.08485", ["2304.08485"]),
        ("arXiv preprint 2304.08485", ["2304.08485"]),
        ("CoRR abs/2304.08485", ["2304.08485"]),
        ("CoRR, abs/2304.08485", ["2304.08485"]),
        ("ArXiv abs/cs/0112017", ["cs/0112017"]),
        ("arXiv:2304.08485, arXiv:2301.12597 and https://arxiv.org/abs/2304.08485", ["2304.08485", "2301.12597"]),
        ("Journal of Numbers 2304.08485", []),
        ("notarXiv:2304.08485", []),
    ],
)
def test_the_ids_that_a_text_calls_ids_of_arxiv(text: str, ids: list[str]) -> None:
    assert arxiv_ids_in(text) == ids


@pytest.mark.parametrize(
    ("doi", "arxiv_id"),
    [("10.48550/arXiv.2304.08485", "2304.08485"), ("10.48550/arxiv.2304.08485v2", "2304.08485"), ("10.1000/182", "")],
)
def test_a_doi_of_arxiv_holds_the_id(doi: str, arxiv_id: str) -> None:
    assert arxiv_id_of_doi(doi) == arxiv_id


def test_a_form_takes_the_address_or_the_doi_of_arxiv_for_the_id() -> None:
    pasted = ["https://www.alphaxiv.org/abs/2304.08485", "https://doi.org/10.48550/arXiv.2304.08485"]

    assert [normalised_arxiv_id(text) for text in [*pasted, "10.48550/arXiv.2304.08485"]] == ["2304.08485"] * 3


def test_versions_are_taken_out_of_a_query() -> None:
    query = "llava 2304.08485v2, hep-th/9711200v1 and v2 of https://arxiv.org/abs/2301.12597v3"

    assert without_arxiv_versions(query) == (
        "llava 2304.08485, hep-th/9711200 and v2 of https://arxiv.org/abs/2301.12597",
        ["2304.08485", "hep-th/9711200", "2301.12597"],
    )


@pytest.mark.parametrize(
    ("address", "doi"),
    [
        ("https://doi.org/10.1109/CVPR.2016.90", "10.1109/CVPR.2016.90"),
        ("http://dx.doi.org/10.1109%2F5.771073", "10.1109/5.771073"),
        ("doi.org/10.1000/182", "10.1000/182"),
        (f"https://doi.org/{SICI}", SICI),
        ("https://dl.acm.org/doi/10.1145/3581783.3612374", "10.1145/3581783.3612374"),
        ("https://dl.acm.org/doi/abs/10.1145/3581783.3612374", "10.1145/3581783.3612374"),
        ("https://dl.acm.org/doi/pdf/10.1145/3581783.3612374?download=true", "10.1145/3581783.3612374"),
        ("https://link.springer.com/chapter/10.1007/978-3-030-58577-8_7", "10.1007/978-3-030-58577-8_7"),
        ("https://link.springer.com/content/pdf/10.1007/s11263-024-02117-4.pdf", "10.1007/s11263-024-02117-4"),
        ("https://link.springer.com/article/10.1007/s11263-024-02117-4/full#Sec2", "10.1007/s11263-024-02117-4"),
        ("https://onlinelibrary.wiley.com/doi/full/10.1002/rob.21918", "10.1002/rob.21918"),
        ("https://www.tandfonline.com/doi/full/10.1080/01621459.2017.1285773", "10.1080/01621459.2017.1285773"),
        ("https://www.frontiersin.org/articles/10.3389/frai.2021.1/full", "10.3389/frai.2021.1"),
        ("https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0130140", "10.1371/journal.pone.0130140"),
        ("https://www.biorxiv.org/content/10.1101/2020.07.12.199554v3.full.pdf", "10.1101/2020.07.12.199554"),
        ("https://doi.ieeecomputersociety.org/10.1109/CVPR.2016.90", "10.1109/CVPR.2016.90"),
        ("https://ieeexplore.ieee.org/document/7780459", ""),
        ("https://example.org/doi/10.1145/3581783.3612374", ""),
        ("https://dl.acm.org/journal/tog", ""),
        ("https://github.com/a/10.1145/b", ""),
        ("not an address", ""),
    ],
)
def test_a_doi_is_read_in_addresses_that_contain_it(address: str, doi: str) -> None:
    assert doi_of(address) == doi


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1109/CVPR.2016.90", "10.1109/CVPR.2016.90"),
        ("doi:10.1109/CVPR.2016.90.", "10.1109/CVPR.2016.90"),
        ("DOI: 10.1109/CVPR.2016.90", "10.1109/CVPR.2016.90"),
        ("10.1000/182(a)", "10.1000/182(a)"),
        ("(see https://doi.org/10.1000/182(a))", "10.1000/182(a)"),
        (SICI, SICI),
        ("https://doi.org/10.1007/978-3-319-10602-1_48", "10.1007/978-3-319-10602-1_48"),
        ("https://doi.org/10.1000/182?locale=en", "10.1000/182"),
        ("https://doi.org/10.1000/a%00b", "https://doi.org/10.1000/a%00b"),  # as typed, for the form to refuse
        ("10.1000/a%2541b", "10.1000/a%2541b"),
        ("https://dl.acm.org/doi/10.1145/3581783.3612374", "10.1145/3581783.3612374"),
        ("see 10.1109/5.771073", ""),
        ("10.1/x", ""),
        ("", ""),
    ],
)
def test_a_doi_is_read_in_what_is_pasted(text: str, doi: str) -> None:
    assert doi_in(text) == doi


@pytest.mark.parametrize(
    ("text", "dois"),
    [
        ("Journal, 2022. doi:10.1109/5.771073.", ["10.1109/5.771073"]),
        ("Journal, 2022. DOI: 10.1109/5.771073, see https://doi.org/10.1109/5.771073", ["10.1109/5.771073"]),
        ("10.1109/5.771073 and https://dl.acm.org/doi/10.1145/1.2", ["10.1109/5.771073", "10.1145/1.2"]),
        ("https://example.org/doi/10.1145/1.2", []),
        ("Chapter 10.1/x of 2022", []),
    ],
)
def test_the_dois_that_a_text_names(text: str, dois: list[str]) -> None:
    assert dois_in(text) == dois


@pytest.mark.parametrize("page", ["api", "chat", "enterprise", "join", "learn", "new-dataset", "posts", "tasks"])
def test_a_page_of_hugging_face_is_no_model(page: str) -> None:
    assert hub_of(f"https://huggingface.co/{page}/x") == ("", "")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://huggingface.co/Qwen/Qwen2-VL-7B", ("model", "Qwen/Qwen2-VL-7B")),
        ("hf.co/Qwen/Qwen2-VL-7B/tree/main?x=1#y", ("model", "Qwen/Qwen2-VL-7B")),
        ("https://huggingface.co/datasets/HuggingFaceM4/the_cauldron", ("dataset", "HuggingFaceM4/the_cauldron")),
        ("https://huggingface.co/datasets/mnist", ("dataset", "mnist")),
        ("https://huggingface.co/datasets/mnist/tree/main", ("dataset", "mnist")),
        ("https://huggingface.co/datasets/", ("", "")),
        ("https://huggingface.co/spaces/a/b", ("", "")),
        ("https://huggingface.co/docs/transformers", ("", "")),
        ("https://huggingface.co/settings/tokens", ("", "")),
        ("https://huggingface.co/Qwen/models", ("", "")),
        ("https://huggingface.co/Qwen", ("", "")),
        ("https://huggingface.co/a/<b>", ("", "")),
        ("https://huggingface.co/", ("", "")),
        ("https://huggingface.co.example.org/a/b", ("", "")),
        ("https://discuss.huggingface.co/t/topic", ("", "")),
    ],
)
def test_models_and_datasets_of_hugging_face(address: str, expected: tuple[str, str]) -> None:
    assert hub_of(address) == expected


@pytest.mark.parametrize(
    ("address", "repository"),
    [
        ("https://github.com/haotian-liu/LLaVA", "haotian-liu/LLaVA"),
        ("http://www.github.com/haotian-liu/LLaVA/", "haotian-liu/LLaVA"),
        ("github.com/haotian-liu/LLaVA.git", "haotian-liu/LLaVA"),
        ("git@github.com:haotian-liu/LLaVA.git", "haotian-liu/LLaVA"),
        ("https://github.com/haotian-liu/LLaVA/tree/main/docs?x#y", "haotian-liu/LLaVA"),
        ("https://raw.githubusercontent.com/haotian-liu/LLaVA/main/README.md", "haotian-liu/LLaVA"),
        ("https://github.com/topics/vlm", ""),
        ("https://github.com/haotian-liu", ""),
        ("https://haotian-liu.github.io/LLaVA", ""),
        ("https://gist.github.com/a/b", ""),
    ],
)
def test_repositories_of_github(address: str, repository: str) -> None:
    assert repository_of(address) == repository


@pytest.mark.parametrize(
    ("address", "acl_id"),
    [
        ("https://aclanthology.org/2020.emnlp-main.62/", "2020.emnlp-main.62"),
        ("https://aclanthology.org/2020.emnlp-main.62.pdf", "2020.emnlp-main.62"),
        ("https://aclanthology.org/2020.emnlp-main.62v2.pdf", "2020.emnlp-main.62"),
        ("https://www.aclweb.org/anthology/2020.emnlp-main.62.pdf", "2020.emnlp-main.62"),
        ("http://aclweb.org/anthology/P18-1238", "P18-1238"),
        ("https://aclanthology.org/P18-1238.bib", "P18-1238"),
        ("https://aclanthology.org/volumes/2020.emnlp-main/", ""),
        ("https://example.org/P18-1238", ""),
    ],
)
def test_papers_of_the_acl_anthology(address: str, acl_id: str) -> None:
    assert acl_id_of(address) == acl_id


@pytest.mark.parametrize(
    ("doi", "address"),
    [
        ("10.18653/v1/2020.emnlp-main.62", "https://aclanthology.org/2020.emnlp-main.62"),
        ("10.18653/V1/p18-1238", "https://aclanthology.org/P18-1238"),
        ("10.18653/v1/other", ""),
        ("10.1000/182", ""),
    ],
)
def test_a_doi_of_the_acl_leads_to_its_anthology(doi: str, address: str) -> None:
    assert address_of_acl_doi(doi) == address


FORUM = "https://openreview.net/forum?id=YicbFdNTTy"
CVF = "https://openaccess.thecvf.com/content"


@pytest.mark.parametrize(
    ("address", "page"),
    [
        (FORUM, FORUM),
        ("https://openreview.net/pdf?id=YicbFdNTTy", FORUM),
        ("openreview.net/forum?id=YicbFdNTTy&noteId=abc#discussion", FORUM),
        ("https://openreview.net/group?id=ICLR.cc/2024/Conference", ""),
        ("https://aclanthology.org/2020.emnlp-main.62.pdf", "https://aclanthology.org/2020.emnlp-main.62"),
        (f"{CVF}/CVPR2023/papers/Li_A_paper.pdf", f"{CVF}/CVPR2023/html/Li_A_paper.html"),
        (f"{CVF}/CVPR2023/html/Li_A_paper.html", f"{CVF}/CVPR2023/html/Li_A_paper.html"),
        (
            "http://openaccess.thecvf.com/content_CVPR_2019/papers/Li_B_CVPR_2019_paper.pdf",
            "https://openaccess.thecvf.com/content_CVPR_2019/html/Li_B_CVPR_2019_paper.html",
        ),
        ("https://openaccess.thecvf.com/CVPR2023?day=all", ""),
        (
            "http://proceedings.mlr.press/v139/radford21a/radford21a.pdf",
            "https://proceedings.mlr.press/v139/radford21a.html",
        ),
        ("https://proceedings.mlr.press/v139/radford21a", "https://proceedings.mlr.press/v139/radford21a.html"),
        ("https://proceedings.mlr.press/v139/", ""),
        ("https://example.org/forum?id=YicbFdNTTy", ""),
        ("words", ""),
    ],
)
def test_a_paper_has_one_address_on_its_site(address: str, page: str) -> None:
    assert paper_address_of(address) == page


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("https://hf.co/Qwen/Qwen2-VL-7B/tree/main", "https://huggingface.co/Qwen/Qwen2-VL-7B"),
        ("https://hf.co/datasets/a/b/viewer", "https://huggingface.co/datasets/a/b"),
        ("https://hf.co/datasets/a/b/viewer/part/test", ""),
        ("https://github.com/salesforce/LAVIS.git", "https://github.com/salesforce/LAVIS"),
        ("https://github.com/salesforce/LAVIS/tree/main", "https://github.com/salesforce/LAVIS"),
        ("https://github.com/salesforce/LAVIS/tree/main/projects/blip2", ""),
        ("https://openreview.net/pdf?id=YicbFdNTTy", FORUM),
        ("https://example.org/", ""),
    ],
)
def test_a_part_of_a_repository_is_not_the_repository(address: str, canonical: str) -> None:
    assert canonical_address(address) == canonical


def test_an_address_of_arxiv_alone_gives_its_id() -> None:
    assert [arxiv_id_of(text) for text in ("2304.08485", "https://arxiv.org/abs/2304.08485")] == ["", "2304.08485"]
