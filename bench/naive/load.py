"""`python -m bench.naive.load FILE`: create the baseline's tables, fill them by bulk_create, print the seconds.

FILE is JSON Lines, each a kind and a payload, as bench.databases writes them.
"""

import json
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

django.setup()

from bench.naive.models import Paper, Result, Topic  # noqa: E402 -- Django must be set up first

COLUMNS = [field.name for field in Paper._meta.fields if field.name not in ("id", "updated")]
AT_ONCE = 5000


def batches(file: Path, kind: str) -> Iterator[list[dict[str, Any]]]:
    """The payloads of a kind, up to AT_ONCE at a time."""
    with file.open() as lines:
        rows = (payload for line in lines for name, payload in [json.loads(line)] if name == kind)
        while batch := list(islice(rows, AT_ONCE)):
            yield batch


def load(file: Path) -> dict[str, float]:
    """Fill the tables; return the seconds that saving took, by kind."""
    spent = {"paper": 0.0, "result": 0.0}
    topics = {row["slug"]: Topic(name=row["name"]) for batch in batches(file, "topic") for row in batch}
    Topic.objects.bulk_create(topics.values())
    ids: dict[str, int] = {}
    for batch in batches(file, "paper"):
        started = time.monotonic()
        papers = Paper.objects.bulk_create(Paper(**{name: row[name] for name in COLUMNS}) for row in batch)
        Paper.topics.through.objects.bulk_create(
            Paper.topics.through(paper_id=paper.pk, topic_id=topics[slug].pk)
            for paper, row in zip(papers, batch, strict=True)
            for slug in row["topics"]
        )
        spent["paper"] += time.monotonic() - started
        ids |= {paper.slug: paper.pk for paper in papers}
    names = [field.name for field in Result._meta.fields if field.name not in ("id", "paper")]
    for batch in batches(file, "result"):
        started = time.monotonic()
        Result.objects.bulk_create(Result(paper_id=ids[r["paper"]], **{name: r[name] for name in names}) for r in batch)
        spent["result"] += time.monotonic() - started
    return spent


if __name__ == "__main__":
    call_command("migrate", run_syncdb=True, verbosity=0)
    sys.stdout.write(json.dumps(load(Path(sys.argv[1]))))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
