"""How often one account may do a thing: counted in windows of time, in the cache that all processes share."""

from typing import Any

import pytest
from django.core.cache import cache

from submissions import limits
from submissions.models import Proposal
from submissions.workflow import comment
from tests.factories import make_paper
from tests.people import contributor, propose, signed_in


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, to be set: a list of one number of seconds."""
    now = [6000.0]
    monkeypatch.setattr("catalog.api.throttles.time.time", lambda: now[0])
    return now


class TestWindow:
    def test_counts_up_to_the_limit_and_names_the_seconds_left(self, settings: Any, clock: list[float]) -> None:
        settings.LIMITS = {"flag": (2, 600)}
        waits = []
        for second in (0, 1, 2, 599, 600):
            clock[0] = 6000.0 + second
            spent = limits.count("flag", "ada")
            waits.append(spent.seconds_left if spent.exceeded else 0)

        assert waits == [0, 0, 599, 2, 0]

    def test_counts_each_account_and_each_thing_by_itself(self, settings: Any, clock: list[float]) -> None:
        settings.LIMITS = {"flag": (1, 600), "propose": (1, 600)}
        calls = [("flag", "ada"), ("flag", "bob"), ("propose", "ada"), ("flag", "ada")]

        assert [limits.count(*one).exceeded for one in calls] == [False, False, False, True]

    def test_a_counter_that_the_cache_dropped_begins_again(
        self, settings: Any, clock: list[float], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.LIMITS = {"flag": (1, 600)}

        def gone(*args: Any, **kwargs: Any) -> int:
            raise ValueError("Key not found")

        monkeypatch.setattr(cache, "incr", gone)
        assert not limits.count("flag", "ada").exceeded

    def test_many_other_accounts_do_not_push_a_counter_out(self, settings: Any, clock: list[float]) -> None:
        settings.LIMITS = {"flag": (1, 600)}
        limits.count("flag", "ada")
        for number in range(2000):
            limits.count("flag", f"account-{number}")

        assert limits.count("flag", "ada").exceeded


@pytest.mark.django_db
class TestPages:
    MOST = 2

    @pytest.mark.parametrize(
        ("scope", "path", "form"),
        [
            ("propose", "/contribute/papers/", {"name": "Vim {n}", "source": "Table 1", "submit": "1"}),
            ("propose", "/papers/vim/edit/", {"name": "Vim", "year": "200{n}", "source": "Table 1", "submit": "1"}),
            ("propose", "/papers/vim/retire/", {"comment": "No {n}.", "action": "retire"}),
            ("propose", "/submissions/{pk}/revise/", {"name": "Other {n}", "source": "Table 1", "submit": "1"}),
            ("flag", "/papers/vim/flag/", {"comment": "Wrong {n}."}),
            ("comment", "/submissions/{pk}/comment/", {"text": "Hello {n}."}),
            ("paste", "/contribute/paste/", {"text": "2024 | Vim {n} | https://example.org | Sees."}),
        ],
    )
    def test_beyond_the_limit_answers_429_and_when_to_come_back(
        self, settings: Any, clock: list[float], scope: str, path: str, form: dict[str, str]
    ) -> None:
        settings.LIMITS = {**settings.LIMITS, scope: (self.MOST, 600)}
        make_paper(name="Vim")
        mine = propose(name="Mine")
        client = signed_in(contributor())
        before = Proposal.objects.count()

        replies = [
            client.post(path.format(pk=mine.pk), {key: value.format(n=n) for key, value in form.items()})
            for n in range(self.MOST + 1)
        ]

        statuses = [reply.status_code for reply in replies]
        assert (statuses[-1], replies[-1]["Retry-After"]) == (429, "601")
        assert all(status in (200, 302) for status in statuses[:-1])
        assert "Please wait 11 minutes and try again." in replies[-1].content.decode()
        assert Proposal.objects.count() <= before + self.MOST

    def test_looking_is_not_counted(self, settings: Any) -> None:
        settings.LIMITS = {**settings.LIMITS, "propose": (1, 600)}
        client = signed_in(contributor())

        assert {client.get("/contribute/papers/").status_code for _ in range(5)} == {200}

    def test_texts_of_the_workflow_are_not_the_pages_limit(self, settings: Any) -> None:
        """The limit belongs to who asks over HTTP: a command or an import is not held up."""
        settings.LIMITS = {**settings.LIMITS, "comment": (1, 600)}
        proposal = propose(name="Vim")
        for number in range(3):
            comment(proposal=proposal, actor=contributor(), comment=f"{number}")
        assert proposal.events.filter(verb="comment").count() == 3
