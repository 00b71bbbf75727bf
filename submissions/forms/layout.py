"""The fieldsets of forms."""

from catalog.kinds import Kind
from catalog.kinds.kind import Fieldset


def fieldsets_of(kind: Kind) -> tuple[Fieldset, ...]:
    """The fieldsets of a kind's form in order: those that the kind defines, else made from its fields."""
    if kind.fieldsets:
        return kind.fieldsets
    fields = kind.form.payload_fields()
    first = [key for key in kind.own_keys if fields[key].required]
    rows = [key for key in kind.own_keys if fields[key].input == "rows"]
    about = [key for key in kind.own_keys if key not in (*first, *rows)]
    return (
        Fieldset("What it is", ("name", *first, "summary", "year")),
        Fieldset("Links", ("links",)),
        Fieldset(f"About this {kind.label.lower()}", tuple(about)),
        Fieldset("Parts", tuple(rows)),
        Fieldset("Other names, topics, place in the list", ("aliases", "topics", "section", "notes"), folded=True),
        Fieldset("Sources of single values", ("sources",), folded=True),
    )
