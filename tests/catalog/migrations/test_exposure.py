"""Training data of an earlier release is read as "trained on", and exposure is there after `migrate`."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.models import Exposure
from tests.factories import make_dataset, make_paper

BEFORE = [("catalog", "0019_without_former_fields")]


@pytest.mark.django_db(transaction=True)
def test_a_filled_database_is_taken_back_and_forth() -> None:
    make_dataset(name="COCO")
    row = {"name": "COCO", "dataset": "coco"}
    make_paper(name="One", training_datasets=[row])
    make_paper(name="Two", origins=[{"relation": "initialised-from", "paper": "one"}])
    written = exposures()

    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    former = executor.loader.project_state(BEFORE).apps.get_model("catalog", "TrainingData")
    assert [(row.name, hasattr(row, "excluded")) for row in former.objects.all()] == [("COCO", False)]
    call_command("migrate", "catalog", verbosity=0)

    paper = Paper.objects.with_references().get(slug="one")
    kept: dict[str, Any] = KINDS["paper"].dump(paper)["training_datasets"][0]
    assert kept == {**row, "benchmark": None, "excluded": False, "note": "", "variants": []}
    assert exposures() == written != []


def exposures() -> list[tuple[Any, ...]]:
    return list(Exposure.objects.order_by("kind", "entry_id").values_list("kind", "entry_id", "target_id", "path"))
