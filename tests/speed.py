"""How quick the queue, the review page and a batch of a thousand are: `python -m tests.speed`, figures on the screen
(`python -m tests.speed batch`: the batch alone; `python -m tests.speed board`: the page of a board of 10,000 results).

TEST_DATABASE=postgres measures on PostgreSQL. The database is the tests' own, made and removed again.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 -- after the set-up
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import (  # noqa: E402
    CaptureQueriesContext,
    setup_test_environment,
    teardown_test_environment,
)
from django.utils import timezone  # noqa: E402

from catalog.kinds.paper.model import Paper  # noqa: E402
from catalog.reading.results.fetching import kept  # noqa: E402
from submissions.models import (  # noqa: E402
    Batch,
    Proposal,
    ProposalAction,
)
from tests.background_work import run_tasks  # noqa: E402
from tests.factories import make_benchmark, make_many, make_paper  # noqa: E402
from tests.people import contributor, moderator, propose_edit, signed_in  # noqa: E402
from vlmportal.garbage import look_seldom  # noqa: E402

PENDING, LIVE, BATCH, TIMES = 10_000, 200, 1_000, 15
MEASURED, VARIANTS = 2_500, ("3B", "7B", "32B", "72B")
QUEUE = "/admin/submissions/proposal/"
PAGE, ROUNDS = "/benchmarks/big-bench/leaderboard/", 7
ADDITIONS = "s = 0\nfor i in range(10_000_000):\n    s += i"
"""What says how quick the machine is just now."""


def say(what: str, seconds: float, more: str = "") -> None:
    sys.stdout.write(f"{what:<58} {seconds * 1000:>8.0f} ms  {more}\n")


def measure(what: str, call: Callable[[], Any], times: int = TIMES) -> None:
    """The median of so many calls, and the queries of one."""
    with CaptureQueriesContext(connection) as queries:
        reply = call()
    count = len(queries)
    if reply.status_code != 200:
        raise SystemExit(f"{what}: {reply.status_code}")
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    say(what, statistics.median(taken), f"{count} queries")


def once(what: str, call: Callable[[], Any], status: int | None) -> Any:
    start, worked = time.perf_counter(), time.process_time()
    reply = call()
    say(what, time.perf_counter() - start, f"{(time.process_time() - worked) * 1000:.0f} ms of processor time")
    if status and reply.status_code != status:
        raise SystemExit(f"{what}: {reply.status_code}")
    return reply


def fill() -> None:
    """LIVE entries, and PENDING proposals of a hundred authors: half edits, a tenth with a duplicate."""
    papers = [make_paper(name=f"Model {n}", summary="A model. " * 40, year=2024) for n in range(LIVE)]
    template = propose_edit(papers[0], author=contributor(), summary="A better model. " * 40, topics=[])
    authors = get_user_model().objects.bulk_create(get_user_model()(username=f"author-{n}") for n in range(100))
    duplicate = [
        {"slug": "model-1", "name": "Model 1", "url": "/papers/model-1/", "reason": "same name", "strength": "x"}
    ]
    fields = {
        "kind": "paper",
        "source": "https://arxiv.org/abs/2409.12191",
        "comment": "Read in the paper.",
        "topics": ["ocr"],
        "submitted_at": timezone.now(),
        "updated_at": timezone.now(),
    }
    Proposal.objects.bulk_create(
        (
            Proposal(
                **fields,
                action=ProposalAction.EDIT if n % 2 else ProposalAction.CREATE,
                name=f"Model {n}",
                payload={**template.payload, "name": f"Model {n}"},
                target_id=papers[n % LIVE].pk if n % 2 else None,
                base=1 if n % 2 else None,
                twins=duplicate if n % 10 == 0 else [],
                priority=n % 3,
                author=authors[n % 100],
            )
            for n in range(PENDING)
        ),
        batch_size=500,
    )


def queue(client: Client) -> None:
    measure(f"queue, {PENDING:,} pending", lambda: client.get(QUEUE))
    measure("queue, page 100", lambda: client.get(f"{QUEUE}?p=100"))
    for query in ("kind=paper", "action=edit", "age=1", "twins=yes", "topics=mine", "state=all", "q=model+77"):
        measure(f"queue, ?{query}", partial(client.get, f"{QUEUE}?{query}"))
    edit = Proposal.objects.filter(action=ProposalAction.EDIT).latest("pk")
    measure("review page of an edit", lambda: client.get(f"{QUEUE}{edit.pk}/change/"))
    new = Proposal.objects.filter(action=ProposalAction.CREATE).latest("pk")
    measure("review page of a new entry", lambda: client.get(f"{QUEUE}{new.pk}/change/"))
    once("skip to the next", lambda: client.get(f"{QUEUE}next/?after={edit.pk}"), 302)
    author = signed_in(edit.author)
    measure("my submissions", lambda: author.get("/submissions/"))
    measure("page of one's own proposal", lambda: author.get(f"/submissions/{edit.pk}/"))


def batch(client: Client) -> None:
    lines = (
        f"- **Batch-{n}** (2024) - [Decoder-only, 7B parameters](https://arxiv.org/abs/2401.{10000 + n})"
        for n in range(BATCH)
    )
    text = "## Models\n\n" + "\n".join(lines)
    author = signed_in(contributor("bringer"))
    form = {"text": text, "name": "A list", "source": "https://example.org/list"}
    page = once(f"batch of {BATCH:,}: preview", lambda: author.post("/contribute/batch/", form), 200)
    take = [str(row.number) for group in page.context["groups"] for row in group.rows if row.selected]
    chosen = {**form, "take": take, "chosen": "1", "submit": "1"}
    once("  send", lambda: author.post("/contribute/batch/", chosen), 302)
    once("  submit, in the background", run_tasks, None)
    made = Batch.objects.latest("pk")
    measure("  its page", lambda: author.get(f"/submissions/batches/{made.pk}/"))
    measure("  its queue", lambda: client.get(f"{QUEUE}?batch={made.pk}"))
    shown = client.get(f"{QUEUE}?batch={made.pk}").context["selection"]
    all_of_it = {"_changelist_filters": f"batch={made.pk}", "count": shown.count, "seen": shown.seen.isoformat()}
    once("  approve it: the request", lambda: client.post(f"{QUEUE}selection/approve/", all_of_it), 302)
    once("  approve it: in the background", run_tasks, None)
    sys.stdout.write(f"  of which live: {Paper.objects.filter(name__startswith='Batch-').count():,}\n")


def board() -> None:
    """The page of a board with 10,000 results: of as many checkpoints, a fifth of them measured in another setting."""
    make_benchmark(
        name="Big bench",
        metrics=[{"name": "accuracy", "unit": "%", "direction": "higher", "primary": True}],
        splits=[{"name": "test", "size_count": 900}],
    )
    years = {n: 2021 + n % 5 for n in range(MEASURED)}
    make_many("paper", [_model(n, year) for n, year in years.items()])
    make_many("result", [_result(n, size) for n in range(MEASURED) for size in range(len(VARIANTS))])

    teardown_test_environment()  # it copies the context of each template, which no server does

    def cold(forget: bool) -> Any:
        if forget:
            kept.clear()
        return Client(SERVER_NAME="localhost").get(PAGE)  # each client has a page cache of its own

    client = Client(SERVER_NAME="localhost")
    calls: dict[str, Callable[[], Any]] = {
        "nothing kept": partial(cold, True),
        "not in the page cache": partial(cold, False),
        "in the page cache": lambda: client.get(PAGE),
    }
    for call in calls.values():
        call()
    look_seldom()
    for what, call in calls.items():
        compare(f"board of 10,000 results, {what}", call)


def compare(what: str, call: Callable[[], Any]) -> None:
    """The least processor time of ROUNDS calls, its ratio to that of ten million additions between them, and the
    queries of one."""
    with CaptureQueriesContext(connection) as queries:
        reply = call()
    count = len(queries)
    if reply.status_code != 200:
        raise SystemExit(f"{what}: {reply.status_code}")
    taken, added = [], []
    for _ in range(ROUNDS):
        taken.append(processor_time(call))
        added.append(processor_time(partial(exec, ADDITIONS, {})))
    least = min(taken)
    say(what, least, f"{least / min(added):.2f} of {min(added) * 1000:.0f} ms; {count} queries")


def processor_time(call: Callable[[], Any]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


def _model(n: int, year: int) -> dict[str, Any]:
    return {
        "name": f"Model {n}",
        "released": f"{year}-{n % 12 + 1:02}",
        "organisation": f"Organisation {n % 40}",
        "variants": [{"name": name, "total_b": name.rstrip("B")} for name in VARIANTS],
    }


def _result(n: int, size: int) -> dict[str, Any]:
    return {
        "paper": f"model-{n}",
        "benchmark": "big-bench",
        "variant": VARIANTS[size],
        "metric": "accuracy",
        "split": "test",
        "value": f"{20 + (n * 7 + size * 13) % 750 / 10:.1f}",
        "scale": "percent",
        "shots": 5 if n % 5 == 0 else 0,
        "reported_on": f"{2021 + n % 5}-{n % 12 + 1:02}-15",
        "source_url": f"https://arxiv.org/abs/2409.{10000 + n}",
        "locator": "Table 2",
    }


def main() -> None:
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        sys.stdout.write(f"{connection.vendor}\n")
        if "board" in sys.argv:
            board()
            return
        client = signed_in(moderator())
        if "batch" not in sys.argv:
            fill()
            queue(client)
        batch(client)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
