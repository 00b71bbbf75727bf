"""What Hugging Face and GitHub say about models, datasets, papers and repositories."""

from typing import Any
from urllib.parse import quote

from catalog.text.identifiers import arxiv_in
from submissions.intake.lookups.answers import Answer
from submissions.intake.lookups.client import fetch_json
from submissions.intake.lookups.sites import GITHUB, HUGGING_FACE
from submissions.intake.lookups.values import day, items, line, names, obj, titled, year

HUB = "https://huggingface.co/"
HUB_API = "https://huggingface.co/api/"
GITHUB_API = "https://api.github.com/repos/"
TEMPLATE_PAPERS = frozenset({"1910.09700"})
"""Papers that the template of model cards cites, on the emissions of training: tagged on cards of all models."""
NO_LICENCE = frozenset({"", "other", "unknown", "noassertion"})


def read_model(name: str, until: float) -> Answer:
    """The licence of the weights, and the arXiv id if the card names one paper only. Raises NotFetched."""
    card = _card(f"models/{name}", until)
    papers = {arxiv_in(f"arXiv:{text}") for text in _tagged(card, "arxiv")} - TEMPLATE_PAPERS - {""}
    fields = {"licence_weights": _licence(card), "arxiv_id": papers.pop() if len(papers) == 1 else ""}
    return Answer(HUB + name, fields)


def read_dataset(name: str, until: float) -> Answer:
    """Licence, languages, tasks and modalities, from the card's tags. Raises NotFetched."""
    card = _card(f"datasets/{name}", until)
    fields = {
        "licence": _licence(card),
        "languages": _tagged(card, "language"),
        "tasks": _tagged(card, "task_categories"),
        "modalities": _tagged(card, "modality"),
    }
    return Answer(f"{HUB}datasets/{name}", fields)


def read_paper(arxiv_id: str, until: float) -> Answer:
    """Title, authors, year and day of a paper on arXiv, as Hugging Face has them. Raises NotFetched."""
    paper = obj(fetch_json(HUGGING_FACE, f"{HUB_API}papers/{quote(arxiv_id, safe='')}", until))
    title = line(paper.get("title"))
    if not title:
        raise HUGGING_FACE.not_understood()
    authors = names(obj(author).get("name") for author in items(paper.get("authors")))
    published = day(paper.get("publishedAt"))
    fields = {**titled(title), "authors": authors, "year": year(published[:4]), "released": published}
    return Answer(f"{HUB}papers/{arxiv_id}", fields)


def read_repository(name: str, until: float) -> Answer:
    """The licence of the code, by its SPDX id (https://docs.github.com/en/rest/repos/repos). Raises NotFetched."""
    repository = obj(fetch_json(GITHUB, GITHUB_API + quote(name, safe="/"), until))
    if not repository:
        raise GITHUB.not_understood()
    licence = line(obj(repository.get("license")).get("spdx_id"))
    return Answer(f"https://github.com/{name}", {"licence_code": "" if licence.lower() in NO_LICENCE else licence})


def _card(path: str, until: float) -> dict[str, Any]:
    """What the Hub says about a model or dataset (https://huggingface.co/docs/hub/api)."""
    card = obj(fetch_json(HUGGING_FACE, HUB_API + quote(path, safe="/"), until))
    if not card:
        raise HUGGING_FACE.not_understood()
    return card


def _tagged(card: dict[str, Any], prefix: str) -> list[str]:
    tags = [tag for tag in items(card.get("tags")) if isinstance(tag, str)]
    return names(tag.partition(":")[2] for tag in tags if tag.startswith(f"{prefix}:"))


def _licence(card: dict[str, Any]) -> str:
    """The licences of a card; of one that is “other” its name."""
    named = line(obj(card.get("cardData")).get("license_name"))
    licences = [named if licence == "other" else licence for licence in _tagged(card, "license")]
    return ", ".join(licence for licence in licences if licence.lower() not in NO_LICENCE)
