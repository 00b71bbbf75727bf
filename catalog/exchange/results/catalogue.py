"""The names and results of the catalogue as plain values; the only module here that asks the database."""

from collections.abc import Iterable

from catalog.exchange.results.matching import Match
from catalog.exchange.results.names import BenchmarkNames, KnownNames, ModelNames
from catalog.exchange.results.payloads import CELL
from catalog.exchange.results.previewing import CONDITIONS, Pair, Record
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.models import LinkKind

CHUNK_SIZE = 500


def known_names() -> KnownNames:
    """The names of all models and benchmarks, in two queries."""
    models = Paper.objects.order_by("pk").values_list("slug", "name", "aliases", "variants", "links")
    benchmarks = Benchmark.objects.order_by("pk").values_list(
        *("slug", "name", "aliases", "huggingface_id", "metrics", "splits", "parts")
    )
    return KnownNames(
        (
            ModelNames(
                slug=slug,
                name=name,
                aliases=tuple(aliases),
                variants=tuple(variants),
                weights=tuple(link["url"] for link in links if link["kind"] == LinkKind.WEIGHTS),
            )
            for slug, name, aliases, variants, links in models.iterator(CHUNK_SIZE)
        ),
        (
            BenchmarkNames(
                slug=slug,
                name=name,
                aliases=tuple(aliases),
                huggingface_id=huggingface_id,
                metrics=tuple(metrics),
                splits=tuple(splits),
                parts=tuple(parts),
            )
            for slug, name, aliases, huggingface_id, metrics, splits, parts in benchmarks.iterator(CHUNK_SIZE)
        ),
    )


def records_for(pairs: Iterable[Pair]) -> list[Record]:
    """The results on record for the models and benchmarks of matched results, in one query; in none without any."""
    matches = [pair.match for pair in pairs if isinstance(pair.match, Match)]
    if not matches:
        return []
    cell = [f"{key}__slug" if key in REFERENCES else key for key in CELL]
    rows = Result.objects.filter(
        paper__slug__in={match.model for match in matches},
        benchmark__slug__in={match.benchmark for match in matches},
        metric__in={match.metric for match in matches},
    )
    columns = ("slug", *cell, "value", "scale", "harness", "protocol__harness", "source_url", *CONDITIONS)
    return [
        Record(
            slug=row["slug"],
            cell=tuple(row[key] for key in cell),
            value=row["value"],
            scale=row["scale"],
            harness=row["harness"] or row["protocol__harness"] or "",
            source_url=row["source_url"],
            conditions={key: row[key] for key in CONDITIONS},
        )
        for row in rows.order_by("pk").values(*columns)
    ]


REFERENCES = ("paper", "benchmark")
