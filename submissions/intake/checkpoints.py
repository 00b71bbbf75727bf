"""Find what was measured, a model or one of its variants, by what somebody typed.

The text of a checkpoint names the model by its slug and the variant: "qwen2-5-vl: Qwen2.5-VL-72B". A name without a
slug is taken where only one model or variant is called so, by name or alias in any spelling. Nothing is guessed: what
is alike is suggested.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.forms.references import former_ids
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.vocabulary import find_row, names_of, variants_of
from catalog.reading.search import search
from catalog.text.folding import compact
from catalog.text.variants import without_model

MAX_LENGTH = 300
MODELS = 20
SUGGESTIONS = 5
OPTIONS = 8


@dataclass(frozen=True)
class Checkpoint:
    """A model, and a variant of it by the name that it lists or by another one; "" for none in particular."""

    model: Paper
    variant: str = ""

    @property
    def text(self) -> str:
        """What the text field holds."""
        return f"{self.model.slug}: {self.variant}" if self.variant else self.model.slug

    @property
    def name(self) -> str:
        """What people call it."""
        return self.variant or self.model.name


@dataclass(frozen=True)
class Match:
    """What a text names: one checkpoint, or why there is none, with the texts of checkpoints that may be meant."""

    found: Checkpoint | None = None
    error: str = ""
    suggestions: tuple[str, ...] = ()
    is_unknown: bool = False


def match(text: str) -> Match:
    """The checkpoint that a text names."""
    text = text.strip()
    if not text:
        return Match(error="Say which model was measured.")
    if len(text) > MAX_LENGTH or "\0" in text:
        return Match(error=f"At most {MAX_LENGTH} characters.")
    if named := _by_slug(text):
        return Match(named)
    models = _models_like(text)
    found = list(_called(models, text))
    if len(found) > 1:
        found = [one for one in found if text.casefold() == one.name.casefold()] or found
    if len(found) == 1:
        return Match(found[0])
    if found:
        suggestions = tuple(one.text for one in found[:SUGGESTIONS])
        return Match(error=f"More than one is called “{text}”: choose which.", suggestions=suggestions)
    longer = [Checkpoint(model, text) for model in models if without_model(text, model.name) not in (text, "")]
    alike = [*longer, *(Checkpoint(model) for model in models)]
    return Match(
        error=f"No model in the catalogue, and no variant of one, is called “{text}”.",
        suggestions=tuple(dict.fromkeys(one.text for one in alike))[:SUGGESTIONS],
        is_unknown=True,
    )


def options(query: str) -> list[Checkpoint]:
    """The checkpoints to choose from while somebody types, those that begin with it first."""
    wanted = compact(query[:MAX_LENGTH])
    found = [one for model in _models_like(query) for one in _checkpoints(model)]

    def distance(one: Checkpoint) -> int:
        names = compact(one.name), compact(f"{one.model.name} {one.variant}")
        return 0 if wanted in names else 1 if any(name.startswith(wanted) for name in names) else 2

    return sorted(found, key=distance)[:OPTIONS]


def _by_slug(text: str) -> Checkpoint | None:
    """The checkpoint of a text that begins with the slug of a model."""
    slug, _, variant = (part.strip() for part in text.partition(":"))
    model = Paper.objects.filter(slug=slug).first()
    model = model or Paper.objects.filter(pk__in=former_ids(Paper.kind, {slug}).values()).first()
    if model is None:
        return None
    row = find_row(variants_of(model), variant) if variant else None
    return Checkpoint(model, str(row["name"]) if row else variant)


def _models_like(text: str) -> list[Paper]:
    """The models that a search finds, the best first."""
    slugs = [hit.slug for hit in search(text[:MAX_LENGTH], kind=Paper.kind, size=MODELS).hits]
    models = {model.slug: model for model in Paper.objects.filter(slug__in=slugs)}
    return [models[slug] for slug in slugs if slug in models]


def _called(models: Iterable[Paper], text: str) -> Iterator[Checkpoint]:
    """The checkpoints with a name, one for each model at most: a variant rather than a model that is called alike."""
    for model in models:
        if row := find_row(variants_of(model), text):
            yield Checkpoint(model, str(row["name"]))
        elif compact(text) in {compact(name) for name in (model.name, *model.aliases)}:
            yield Checkpoint(model)


def _checkpoints(model: Paper) -> list[Checkpoint]:
    """A model and its variants."""
    names = [names_of(row, ("name",))[0] for row in model.variants if row.get("name")]
    return [Checkpoint(model), *(Checkpoint(model, name) for name in names)]
