"""One form of a kind that is bound to one payload after the other.

`publish` makes a form for each payload, which copies the fields of the kind, and queries each reference. Binding a form
again resets `form._errors`, as Django's own `full_clean` does first; since that is not a public interface,
tests/catalog/ledger/test_publish_many.py and test_edit_many.py compare every table with what `publish` writes.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from catalog.forms import EntryForm, payload_errors
from catalog.forms.display import target_model
from catalog.forms.fields import Known
from catalog.forms.holders import Holder
from catalog.forms.rows import RowsField
from catalog.kinds import Kind
from catalog.models import Entry

Payload = Mapping[str, Any]


class BulkForm:
    """A form of the kind that has fetched what the payloads refer to, and who holds their identifiers. It cleans a
    value that several payloads have once."""

    def __init__(self, kind: Kind, payloads: Sequence[Payload]) -> None:
        self.kind, self.empty = kind, kind.form.empty()
        self.known = known_to(kind, payloads)
        self.form = form = kind.form({}, instance=kind.model())
        form.known = self.known
        form.checks_unique = False  # the one unique column, the slug, is no field
        form.holders = self.holders = _holders(kind, payloads)
        fields: Mapping[str, Any] = form.fields
        for field in fields.values():
            field.use_known(self.known)
            field.cleaned_before = {}
            if isinstance(field, RowsField):
                field.bind = _ReusableForm(field.row_form)

    def bind(self, payload: Payload, instance: Entry, before: Payload | None = None) -> EntryForm:
        """Bind the form to a complete payload of a new entry, or of one that says `before`; never of both in turn."""
        form = self.form
        form.data = {**self.empty, **payload}
        form.instance = instance
        if before is not None:
            form.use_stored([] if payload_errors(self.kind.form, before) else [dict(before)])
        form._errors = None  # type: ignore[attr-defined]  # Django validates again when it is None
        return form

    def accept(self, form: EntryForm) -> None:
        """Let the entry of the form hold its identifiers from now on, besides those that it may give up."""
        holder = form.holder()
        for identifier in form.identifiers(form.cleaned_data):
            self.holders.setdefault(identifier, []).append(holder)


class _ReusableForm:
    """One form of a row that is bound to one row after the other."""

    def __init__(self, form_class: type[forms.Form]) -> None:
        self.form = form_class({})
        fields: Mapping[str, Any] = self.form.fields
        for field in fields.values():
            field.cleaned_before = {}

    def __call__(self, data: Mapping[str, Any]) -> forms.Form:
        self.form.data = data
        self.form._errors = None  # type: ignore[attr-defined]  # as in BulkForm
        return self.form


def known_to(kind: Kind, payloads: Sequence[Payload]) -> Known:
    """The entries and sections that the payloads refer to, in one query per model."""
    slugs_by_kind: dict[str, set[str]] = defaultdict(set)
    for payload in payloads:
        for name, slug in kind.form.references(payload):
            slugs_by_kind[name].add(slug)
    rows = {name: target_model(name)._default_manager.filter(slug__in=slugs) for name, slugs in slugs_by_kind.items()}
    return {name: {row.slug: row for row in queryset} for name, queryset in rows.items()}


def _holders(kind: Kind, payloads: Sequence[Payload]) -> dict[str, list[Holder]]:
    """The entries that hold the identifiers of the payloads."""
    wanted = {identifier for payload in payloads for identifier in kind.form.identifiers(payload)}
    return {key: list(holders) for key, holders in kind.form.fetch_holders(wanted).items()} if wanted else {}
