"""Two people at the same moment, over HTTP, against a server of several processes: one is first, and all agrees.

RACE_ROUNDS sets how often each race is run (10; docs/review.md has the figures of 200).
"""

import os
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper, PaperOrigin
from catalog.kinds.result.model import Result
from catalog.models import EntryKey, Exposure, FacetValue, Revision
from submissions.models import Event, Proposal, ProposalAction
from submissions.workflow import NewProposal, Target, submit
from tests.factories import make_benchmark, make_component, make_dataset, make_paper, make_result
from tests.people import contributor, moderator, propose, propose_edit
from tests.races.conftest import ROUNDS, Call, Site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]

QUEUE = "/admin/submissions/proposal/"


def hedy() -> User:
    return moderator("hedy")


def mary() -> User:
    return moderator("mary")


def ada() -> User:
    return contributor("ada")


def decide(user: User, verb: str, proposal: Proposal, **form: Any) -> Call:
    return Call(user, f"{QUEUE}{proposal.pk}/{verb}/", {"version": proposal.version, **form})


def rounds(race: Callable[[int], str]) -> Counter[str]:
    """Run it again and again: how often each outcome came. Afterwards ledger and live rows agree."""
    outcomes = Counter(race(number) for number in range(ROUNDS))
    call_command("verify_ledger")
    assert indexes() == fresh_indexes()
    return outcomes


def indexes() -> tuple[set[Any], ...]:
    facets = FacetValue.objects.values_list("kind", "entry_id", "facet", "value", "label")
    exposures = Exposure.objects.values_list("kind", "entry_id", "variant", "target_kind", "target_id", "path")
    keys = EntryKey.objects.values_list("kind", "entry_id", "key")
    return set(facets), set(keys), set(map(repr, exposures))


def fresh_indexes() -> tuple[set[Any], ...]:
    call_command("reindex", verbosity=0)
    return indexes()


def events(proposal: Proposal, verb: str) -> int:
    return Event.objects.filter(proposal=proposal, verb=verb).count()


def an_edit(number: int) -> Proposal:
    return propose_edit(make_paper(name=f"Model {number}"), author=ada(), year=2024)


def two_approve(site: Site, number: int) -> str:
    proposal = propose(author=ada(), name=f"Model {number}") if number % 2 else an_edit(number)
    before = Revision.objects.count()

    statuses = site.both(decide(hedy(), "approve", proposal), decide(mary(), "approve", proposal))

    fresh = Proposal.objects.get(pk=proposal.pk)
    assert sorted(statuses) == [200, 409]
    assert (fresh.status, Revision.objects.count(), events(fresh, "approve")) == ("approved", before + 1, 1)
    assert fresh.decided_by == (hedy(), mary())[statuses.index(200)]
    return str(fresh.decided_by)


def approve_and_withdraw(site: Site, number: int) -> str:
    proposal = propose(author=ada(), name=f"Model {number}")

    statuses = site.both(
        decide(hedy(), "approve", proposal),
        Call(ada(), f"/submissions/{proposal.pk}/withdraw/", {"version": proposal.version}),
    )

    fresh = Proposal.objects.get(pk=proposal.pk)
    live = Paper.objects.filter(name=proposal.name).count()
    assert (statuses, fresh.status, live) in [
        ([200, 409], "approved", 1),
        ([409, 302], "withdrawn", 0),
    ]
    return fresh.status


def approve_and_revise(site: Site, number: int) -> str:
    proposal = propose(author=ada(), name=f"Model {number}")
    form = {"version": proposal.version, "name": f"Model {number}, revised", "source": "The report", "submit": "1"}

    statuses = site.both(decide(hedy(), "approve", proposal), Call(ada(), f"/submissions/{proposal.pk}/revise/", form))

    fresh = Proposal.objects.get(pk=proposal.pk)
    live = list(Paper.objects.filter(name__startswith=proposal.name).values_list("name", flat=True))
    assert (statuses, fresh.status, fresh.name, fresh.version, live) in [
        ([200, 409], "approved", proposal.name, 2, [proposal.name]),
        ([409, 302], "pending", form["name"], 2, []),
    ]
    return fresh.status


def two_edits_of_one_entry(site: Site, number: int) -> str:
    paper = make_paper(name=f"Model {number}")
    first = propose_edit(paper, author=ada(), year=2024)
    second = propose_edit(paper, author=contributor("bob"), title="The title", summary="More.")

    statuses = site.both(decide(hedy(), "approve", first), decide(mary(), "approve", second))

    states = [Proposal.objects.get(pk=proposal.pk).status for proposal in (first, second)]
    live = Paper.objects.get(pk=paper.pk)
    assert (statuses, states, live.revision, live.year, live.title) in [
        ([200, 409], ["approved", "pending"], 2, 2024, ""),
        ([409, 200], ["pending", "approved"], 2, None, "The title"),
    ]
    return "first" if statuses[0] == 200 else "second"


def batch_and_single(site: Site, number: int) -> str:
    rows = [propose(author=ada(), name=f"Model {number}.{n}") for n in range(3)]
    chosen = {"action": "approve_selected", "_selected_action": [str(row.pk) for row in rows]}

    statuses = site.both(Call(hedy(), QUEUE, chosen), decide(mary(), "approve", rows[1]))

    fresh = [Proposal.objects.get(pk=row.pk) for row in rows]
    assert [row.status for row in fresh] == ["approved"] * 3
    assert [events(row, "approve") for row in fresh] == [1] * 3
    assert Paper.objects.filter(name__startswith=f"Model {number}.").count() == 3
    single = 200 if fresh[1].decided_by == mary() else 409
    assert statuses == [200, single]
    return "single" if single == 200 else "batch"


def the_same_sent_twice(site: Site, number: int) -> str:
    call = Call(ada(), "/contribute/papers/", {"name": f"Model {number}", "source": "The report", "submit": "1"})

    statuses = site.both(call, call)

    assert (statuses, Proposal.objects.filter(name=f"Model {number}").count()) == ([302, 302], 1)
    return "one"


def two_new_entries_of_one_name(site: Site, number: int) -> str:
    first, second = (propose(author=contributor(name), name=f"Model {number}") for name in ("ada", "bob"))

    statuses = site.both(decide(hedy(), "approve", first), decide(mary(), "approve", second))

    slugs = sorted(Paper.objects.filter(name=f"Model {number}").values_list("slug", flat=True))
    assert (statuses, slugs) == ([200, 200], [f"model-{number}", f"model-{number}-2"])
    return "both"


def retirement_and_reference(site: Site, number: int) -> str:
    """A dataset goes while a model comes that names it: either is first, and nothing points nowhere."""
    dataset = make_dataset(name=f"Data {number}")
    row = {"name": dataset.name, "dataset": dataset.slug, "benchmark": None}
    model = propose(author=ada(), name=f"Model {number}", training_datasets=[row])
    retired = submit(
        author=mary(),
        proposed=NewProposal(
            kind=KINDS["dataset"], action=ProposalAction.RETIRE, target=Target.live(dataset), comment="Twice."
        ),
    )

    statuses = site.both(decide(hedy(), "approve", retired), decide(mary(), "approve", model))

    assert statuses in ([200, 400], [409, 200])
    return "gone" if statuses[0] == 200 else "named"


def rename_and_edit(site: Site, number: int) -> str:
    """A component is renamed, which writes the indexes of the model that an edit writes too."""
    row = {"name": "Data", "dataset": make_dataset(name=f"Data {number}").slug}
    part = make_component(name=f"Part {number}", training_datasets=[row])
    other = make_component(name=f"Other {number}")
    rows = [{"component": part.slug, "variants": [], "note": ""}]
    paper = make_paper(name=f"Model {number}", vision_encoders=rows)
    renamed = propose_edit(part, author=ada(), name=f"Part {number}, renamed")
    more = [*rows, {"component": other.slug, "variants": [], "note": ""}]
    edited = propose_edit(paper, author=ada(), vision_encoders=more)

    statuses = site.both(decide(hedy(), "approve", renamed), decide(mary(), "approve", edited))

    assert statuses == [200, 200]
    return "both"


def two_links_of_a_circle(site: Site, number: int) -> str:
    """Two models would each come to descend from the other: the second one is refused."""
    one, other = make_paper(name=f"One {number}"), make_paper(name=f"Other {number}")

    def from_model(slug: str) -> list[dict[str, Any]]:
        return [{"relation": "fine-tuned-from", "paper": slug, "component": None, "note": ""}]

    first = propose_edit(one, author=ada(), origins=from_model(other.slug))
    second = propose_edit(other, author=ada(), origins=from_model(one.slug))

    statuses = site.both(decide(hedy(), "approve", first), decide(mary(), "approve", second))

    assert sorted(statuses) == [200, 400]
    assert PaperOrigin.objects.filter(owner__in=[one, other]).count() == 1
    return str(statuses.index(200))


def merge_and_edit(site: Site, number: int) -> str:
    """A model is merged into its duplicate while the result that names it is edited."""
    result = make_result(paper=make_paper(name=f"Duplicate {number}").slug, name=f"Result {number}")
    merge_target = make_paper(name=f"Target {number}")
    merged = submit(
        author=mary(),
        proposed=NewProposal(
            kind=KINDS["paper"],
            action=ProposalAction.MERGE,
            target=Target.live(result.paper),
            into=merge_target,
            comment="The same.",
        ),
    )
    edited = propose_edit(result, author=ada(), value="51.0")

    statuses = site.both(decide(hedy(), "approve", merged), decide(mary(), "approve", edited))

    live = Result.objects.get(pk=result.pk)
    assert (statuses, live.paper_id, live.value, live.revision) in [
        ([200, 200], merge_target.pk, "51.0", 3),
        ([200, 409], merge_target.pk, "50.0", 2),
    ]
    return "merge first" if statuses[1] == 409 else "edit first"


def undo_and_edit(site: Site, number: int) -> str:
    """A change is undone while another one of the same entry is approved: neither is lost."""
    paper = make_paper(name=f"Model {number}")
    wrong = propose_edit(paper, author=ada(), year=1999)
    site.both(decide(hedy(), "approve", wrong))
    edited = propose_edit(paper, author=ada(), title="The title")
    revision = Proposal.objects.get(pk=wrong.pk).revision_id

    statuses = site.both(
        Call(hedy(), f"{QUEUE}undo/{revision}/", {"reason": "Wrong."}), decide(mary(), "approve", edited)
    )

    live = Paper.objects.get(pk=paper.pk)
    assert (statuses, live.year, live.title) in [
        ([302, 200], None, "The title"),
        ([302, 409], None, ""),
    ]
    return "undo first" if statuses[1] == 409 else "edit first"


def leaving_and_approval(site: Site, number: int) -> str:
    """Somebody leaves while what they proposed is approved: their name stays nowhere."""
    author = contributor(f"leaver-{number}")
    proposal = propose(author=author, name=f"Model {number}")

    statuses = site.both(Call(author, "/accounts/forget/", {"confirm": "1"}), decide(hedy(), "approve", proposal))

    name = User.objects.get(pk=author.pk).username
    assert (statuses, name.startswith("former-contributor-")) == ([302, 200], True)
    assert Revision.objects.get(contributor_id=author.pk).contributor == name
    return "both"


def two_results_of_a_new_split(site: Site, number: int) -> str:
    """Both results bring the row of the split: the benchmark lists it once, by one edit."""
    model, board = make_paper(name=f"Model {number}"), make_benchmark(name=f"Board {number}", splits=[{"name": "test"}])
    on = {"paper": model.slug, "benchmark": board.slug, "metric": "accuracy", "split": "testmini", "name": ""}
    kind, additions = KINDS["result"], {"split": {"name": "testmini"}}
    one, other = (
        submit(
            author=ada(),
            proposed=NewProposal(
                kind, ProposalAction.CREATE, {**on, "value": value}, source="The report", additions=additions
            ),
        )
        for value in ("1", "2")
    )

    statuses = site.both(decide(hedy(), "approve", one), decide(mary(), "approve", other))

    assert statuses == [200, 200]
    assert [row["name"] for row in Benchmark.objects.get(pk=board.pk).splits] == ["test", "testmini"]
    assert Revision.objects.of("benchmark", board.pk).count() == 2
    assert Result.objects.filter(benchmark=board, split="testmini").count() == 2
    added = Revision.objects.of("benchmark", board.pk).latest("number").comment
    return "first" if f"proposal {one.pk}." in added else "second"


RACES = (
    two_approve,
    approve_and_withdraw,
    approve_and_revise,
    two_edits_of_one_entry,
    batch_and_single,
    the_same_sent_twice,
    two_new_entries_of_one_name,
    retirement_and_reference,
    rename_and_edit,
    two_links_of_a_circle,
    merge_and_edit,
    undo_and_edit,
    leaving_and_approval,
    two_results_of_a_new_split,
)


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_race(site: Site, race: Callable[[Site, int], str], capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = rounds(lambda number: race(site, number))

    assert sum(outcomes.values()) == ROUNDS
    if "RACE_ROUNDS" in os.environ:
        with capsys.disabled():
            sys.stdout.write(f"\n{race.__name__}: {ROUNDS} rounds, {dict(sorted(outcomes.items()))}\n")
