"""What every registered kind must have."""

import pytest
from django.db.models import Model
from django.template.loader import select_template
from django.urls import reverse

from catalog.forms.entry import COMMON
from catalog.kinds import BY_PLURAL, KINDS, Kind


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
class TestEveryKind:
    def test_has_addresses(self, kind: Kind) -> None:
        assert reverse("catalog:list", args=[kind.plural]) == f"/{kind.plural}/"
        assert BY_PLURAL[kind.plural] is kind

    def test_has_a_payload_that_starts_with_the_common_fields(self, kind: Kind) -> None:
        keys = kind.form.payload_keys()

        assert keys[: len(COMMON)] == COMMON
        assert set(keys) == set(kind.form.base_fields)
        assert set(kind.form.empty()) == set(keys)

    def test_has_templates(self, kind: Kind) -> None:
        assert select_template([f"kinds/{kind.name}/row.html", "catalog/row.html"])
        assert select_template([f"kinds/{kind.name}/page.html", "catalog/detail.html"])

    def test_has_orders_that_end_with_the_slug(self, kind: Kind) -> None:
        assert [order.by[-1] for order in kind.orders.values()] == ["slug"] * len(kind.orders)

    def test_has_default_texts_for_pages(self, kind: Kind) -> None:
        plain = Kind(form=kind.form)
        plural = plain.label_plural.lower()

        assert (plain.label.lower(), plain.intro) == (
            kind.model._meta.verbose_name,
            f"All {plural} in the catalogue.",
        )

    def test_registers_a_model_of_its_own(self, kind: Kind) -> None:
        assert issubclass(kind.model, Model)
        assert kind.model.kind == kind.name
