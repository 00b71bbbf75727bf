"""The three-way merge of what a list and the catalogue say: by itself, and of lists that somebody edited."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from catalog.exchange.awesome.queries import awesome_readme
from catalog.kinds import KINDS
from catalog.ledger.publishing import retire
from catalog.models import Entry
from submissions.intake.batch import ComparedDraft, State, compare_with_catalogue
from submissions.intake.drafts import Draft
from submissions.intake.list_base import base_in_layouts, base_in_version
from submissions.intake.lists import read_list
from submissions.intake.merging import Change, in_words, merge, merge_links
from tests.factories import make_dataset, make_paper, make_revision, trace

VALUES = st.sampled_from([None, "", "a", "b", " a\n", 1, 2, [], ["a"], ["b"], {"x": 1}])
PAYLOADS = st.dictionaries(st.sampled_from("xyz"), VALUES)


def blank(value: Any) -> bool:
    return value in (None, "", [])


def text(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def equal(one: Any, other: Any) -> bool:
    return (blank(one) and blank(other)) or text(one) == text(other)


class TestMerge:
    @pytest.mark.parametrize(
        ("listed", "live", "base", "change"),
        [
            (2023, 2023, 2023, Change.NONE),
            (2024, 2024, 2023, Change.NONE),
            (2024, 2023, 2023, Change.LIST),
            (2023, 2024, 2023, Change.CATALOGUE),
            (2024, 2025, 2023, Change.BOTH),
            (2024, 2025, None, Change.BOTH),
            (2024, None, None, Change.LIST),
            (2024, None, 2024, Change.CATALOGUE),
            ("a  b", "a b", "c", Change.NONE),
            ("", None, 2023, Change.NONE),
        ],
    )
    def test_who_changed_a_value(self, listed: Any, live: Any, base: Any, change: Change) -> None:
        (merged,) = merge({"year": listed}, {"year": live}, {"year": base})

        assert (merged.key, merged.change) == ("year", change)
        assert (merged.listed, merged.live, merged.base) == (listed, live, base)

    def test_a_list_that_repeats_a_former_value_is_behind(self) -> None:
        former = [{"year": 2021}, {"year": 2022}, {"year": 2023}]

        assert [merge({"year": year}, {"year": 2023}, former[0], former)[0].change for year in (2021, 2022, 2024)] == [
            Change.CATALOGUE,
            Change.CATALOGUE,
            Change.BOTH,
        ]

    @given(PAYLOADS, PAYLOADS, PAYLOADS)
    def test_each_change_is_what_the_three_values_say(
        self, listed: dict[str, Any], live: dict[str, Any], base: dict[str, Any]
    ) -> None:
        changes = merge(listed, live, base)

        assert [one.key for one in changes] == list(listed)
        for one in changes:
            of_list, of_catalogue = not equal(one.listed, one.base), not equal(one.live, one.base)
            expected = {
                (False, False): Change.NONE,
                (True, False): Change.LIST,
                (False, True): Change.CATALOGUE,
                (True, True): Change.NONE if equal(one.listed, one.live) else Change.BOTH,
            }
            assert one.change == expected[of_list, of_catalogue]

    @given(PAYLOADS, PAYLOADS, PAYLOADS)
    def test_both_sides_are_treated_alike(
        self, listed: dict[str, Any], live: dict[str, Any], base: dict[str, Any]
    ) -> None:
        mirrored = {Change.LIST: Change.CATALOGUE, Change.CATALOGUE: Change.LIST}
        one = {change.key: change.change for change in merge(listed, live, base)}
        other = {change.key: change.change for change in merge(live, listed, base)}

        assert {key: one[key] for key in one.keys() & other.keys()} == {
            key: mirrored.get(other[key], other[key]) for key in one.keys() & other.keys()
        }

    @given(PAYLOADS, PAYLOADS, PAYLOADS)
    def test_what_was_taken_over_is_not_proposed_again(
        self, listed: dict[str, Any], live: dict[str, Any], base: dict[str, Any]
    ) -> None:
        taken = {one.key: one.listed for one in merge(listed, live, base) if one.change == Change.LIST}

        again = merge(listed, {**live, **taken}, base)

        assert Change.LIST not in {one.change for one in again}


class TestLinks:
    def rows(self, names: str) -> list[dict[str, str]]:
        return [{"url": name} for name in names]

    @pytest.mark.parametrize(
        ("listed", "live", "base", "former", "change", "links"),
        [
            ("a", "a", "a", "", Change.NONE, "a"),
            ("a", "ab", "a", "", Change.NONE, "ab"),
            ("ac", "ab", "a", "", Change.LIST, "abc"),
            ("c", "ab", "a", "", Change.LIST, "cb"),
            ("cd", "ab", "a", "", Change.LIST, "cbd"),
            ("a", "b", "a", "", Change.CATALOGUE, "b"),
            ("c", "b", "a", "", Change.BOTH, "cb"),
            ("c", "", "a", "", Change.LIST, "c"),
            ("c", "ab", "", "", Change.LIST, "abc"),
            ("x", "ab", "", "x", Change.CATALOGUE, "ab"),
            ("", "ab", "a", "", Change.NONE, "ab"),
        ],
    )
    def test_new_links_are_added_or_take_the_place_of_one(  # noqa: PLR0917 -- the three sides and the outcome
        self, listed: str, live: str, base: str, former: str, change: Change, links: str
    ) -> None:
        merged = merge_links(self.rows(listed), self.rows(live), self.rows(base), set(former))

        assert (merged.change, merged.listed) == (change, self.rows(links))

    @given(*[st.lists(st.sampled_from("abcd"), unique=True).map("".join)] * 3)
    def test_a_link_is_lost_only_to_one_that_takes_its_place(self, listed: str, live: str, base: str) -> None:
        merged = merge_links(self.rows(listed), self.rows(live), self.rows(base))

        found = [row["url"] for row in merged.listed]
        lost = set(live) - set(found)
        assert len(found) == len(set(found))
        assert len(lost) <= 1
        assert lost <= set(base) - set(listed)
        assert set(found) <= set(listed) | set(live)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        *((None, "nothing"), ([], "nothing"), ("a\n b", "a b"), (2023, "2023"), (["a", "b"], "a, b")),
        *(([{"kind": "arxiv", "url": "https://a.org"}], "https://a.org"), ({"name": "A", "url": ""}, "A")),
    ],
)
def test_a_value_in_words(value: Any, shown: str) -> None:
    assert in_words(value) == shown


LIST = """# Birds

## Papers

- **Owl** (2023) - [Sees at night](https://arxiv.org/abs/2301.00001)
- **Wren** (2022) - [Sings](https://arxiv.org/abs/2201.00002)

## Datasets

- **Nests** (2021) - [Ten thousand nests](https://nests.ai)
"""


@pytest.mark.django_db
class TestEditedList:
    """A list that was imported, and that its maintainer and the portal have changed since."""

    @pytest.fixture(autouse=True)
    def _import(self, tmp_path: Path) -> None:
        (tmp_path / "birds.md").write_text(LIST)
        call_command("import_awesome", str(tmp_path / "birds.md"))

    def entry(self, name: str, kind: str = "paper") -> Entry:
        found: Entry = KINDS[kind].model.objects.with_references().get(name=name)
        return found

    def edit(self, name: str, kind: str = "paper", /, **fields: Any) -> None:
        make_revision(kind, self.entry(name, kind), **fields)

    def compared(self, text: str, base: str = "") -> dict[str, ComparedDraft]:
        """What a text says, by name, but for what is the same or no entry."""
        items = read_list(text)
        version = base_in_version([one for one in read_list(base) if isinstance(one, Draft)])
        found = compare_with_catalogue(items, version if base else base_in_layouts(text))
        return {
            one.parsed.name: one
            for one in found
            if isinstance(one.parsed, Draft) and one.state not in (State.SAME, State.SKIPPED)
        }

    def test_nothing_changed(self) -> None:
        assert self.compared(LIST) == {}

    def test_what_only_the_list_changed_is_proposed(self) -> None:
        found = self.compared(LIST.replace("(2023)", "(2024)"))

        assert {name: (one.state, one.fields) for name, one in found.items()} == {"Owl": (State.DIFFERS, ("year",))}
        assert (found["Owl"].payload["year"], found["Owl"].payload["summary"]) == (2024, "Sees at night")

    def test_what_only_the_catalogue_changed_is_not_proposed_backwards(self) -> None:
        self.edit("Owl", year=2024, summary="Sees by day")

        found = self.compared(LIST)

        assert {name: (one.state, one.fields) for name, one in found.items()} == {
            "Owl": (State.BEHIND, ("year", "summary"))
        }
        assert found["Owl"].payload == KINDS["paper"].dump(self.entry("Owl"))

    def test_what_both_changed_alike_is_nothing(self) -> None:
        self.edit("Owl", year=2024)

        assert self.compared(LIST.replace("(2023)", "(2024)")) == {}

    def test_what_both_changed_is_a_conflict_with_the_values(self) -> None:
        self.edit("Owl", year=2025, summary="Sees by day")

        conflict = self.compared(LIST.replace("(2023)", "(2024)"))["Owl"]

        assert (conflict.state, conflict.fields) == (State.CONFLICT, ("year",))
        assert [(one.key, one.base, one.listed, one.live) for one in conflict.changes if one.is_of_list] == [
            ("year", 2023, 2024, 2025)
        ]
        assert conflict.payload["summary"] == "Sees by day"

    def test_each_changed_another_field(self) -> None:
        self.edit("Owl", summary="Sees by day")

        found = self.compared(LIST.replace("(2023)", "(2024)"))["Owl"]

        assert (found.state, found.fields) == (State.DIFFERS, ("year",))
        assert (found.payload["year"], found.payload["summary"]) == (2024, "Sees by day")

    def test_a_list_that_was_exported_in_between_is_only_behind(self) -> None:
        self.edit("Owl", year=2024)
        text = awesome_readme()
        self.edit("Owl", year=2025)

        assert {name: one.state for name, one in self.compared(text).items()} == {"Owl": State.BEHIND}

    def test_a_new_line_is_new_and_a_removed_one_is_told(self) -> None:
        wren = "- **Wren** (2022) - [Sings](https://arxiv.org/abs/2201.00002)"

        found = self.compared(LIST.replace(wren, "- **Lark** (2024) - [Sings](https://arxiv.org/abs/2401.00003)"))

        assert {name: one.state for name, one in found.items()} == {"Lark": State.NEW, "Wren": State.REMOVED}
        assert found["Wren"].entry == self.entry("Wren")

    def test_a_part_of_the_list_says_nothing_of_the_rest(self) -> None:
        assert (
            self.compared("## Papers\n\n- **Owl** (2023) - [Sees at night](https://arxiv.org/abs/2301.00001)\n") == {}
        )

    def test_another_list_that_lacks_entries_says_nothing_of_them(self) -> None:
        other = "# Stars\n\n## Models\n\n- [Owl](https://arxiv.org/abs/2301.00001) [[code](https://owl.ai)] 2023\n"

        assert {name: (one.state, one.fields) for name, one in self.compared(other).items()} == {
            "Owl": (State.DIFFERS, ("links",))
        }

    def test_an_entry_that_the_portal_renamed_is_the_same(self) -> None:
        self.edit("Owl", name="Tawny owl")
        self.edit("Nests", "dataset", name="Nests 10K")

        found = self.compared(LIST)

        assert {name: (one.state, one.fields) for name, one in found.items()} == {
            "Owl": (State.BEHIND, ("name",)),
            "Nests": (State.BEHIND, ("name",)),
        }

    def test_an_entry_that_the_list_renamed_is_proposed(self) -> None:
        found = self.compared(LIST.replace("**Owl**", "**Tawny owl**"))

        assert {name: (one.state, one.fields) for name, one in found.items()} == {
            "Tawny owl": (State.DIFFERS, ("name",))
        }
        assert found["Tawny owl"].payload["aliases"] == []

    def test_an_entry_that_both_renamed_is_a_conflict(self) -> None:
        self.edit("Owl", name="Barn owl")

        found = self.compared(LIST.replace("**Owl**", "**Tawny owl**"))

        assert {name: (one.state, one.fields) for name, one in found.items()} == {
            "Tawny owl": (State.CONFLICT, ("name",))
        }

    def test_a_second_name_beside_the_first_stays_a_question(self) -> None:
        more = "- **Owlet** (2023) - [Sees at night](https://arxiv.org/abs/2301.00001)\n- **Wren**"

        assert {name: one.state for name, one in self.compared(LIST.replace("- **Wren**", more)).items()} == {
            "Owlet": State.QUESTION
        }

    def test_a_retired_entry_is_not_proposed_again(self) -> None:
        retire(entry=self.entry("Owl"), trace=trace("No bird."))

        found = self.compared(LIST)

        assert {name: (one.state, one.entry) for name, one in found.items()} == {"Owl": (State.BEHIND, None)}
        assert found["Owl"].note.startswith("It was retired")

    def test_a_link_that_the_list_replaced_takes_its_place(self) -> None:
        code = {"kind": "code", "url": "https://github.com/a/nests", "label": ""}
        links = KINDS["dataset"].dump(self.entry("Nests", "dataset"))["links"]
        self.edit("Nests", "dataset", links=[*links, code])

        found = self.compared(LIST.replace("https://nests.ai", "https://nests.org"))["Nests"]

        assert (found.state, found.fields) == (State.DIFFERS, ("links",))
        assert [row["url"] for row in found.payload["links"]] == ["https://nests.org", "https://github.com/a/nests"]

    def test_a_link_that_the_portal_removed_is_not_proposed_again(self) -> None:
        self.edit("Nests", "dataset", links=[{"kind": "project", "url": "https://nests.org", "label": ""}])

        found = self.compared(LIST)["Nests"]

        assert (found.state, found.fields) == (State.BEHIND, ("links",))

    def test_a_line_that_never_agreed_with_the_catalogue_still_differs(self, tmp_path: Path) -> None:
        make_paper(name="Rook", year=2020, arxiv_id="2001.00009")
        text = LIST + "\n## Models\n\n- **Rook** (2021) - [Builds](https://arxiv.org/abs/2001.00009)\n"
        (tmp_path / "birds.md").write_text(text)
        call_command("import_awesome", str(tmp_path / "birds.md"))

        assert {name: (one.state, one.fields) for name, one in self.compared(text).items()} == {
            "Rook": (State.DIFFERS, ("year", "summary", "links"))
        }

    def test_with_the_version_before_a_return_to_a_former_value_is_a_change(self) -> None:
        self.edit("Owl", year=2024)
        before = LIST.replace("(2023)", "(2024)")

        by_version, by_layout = (self.compared(LIST, before), self.compared(LIST))

        assert {name: (one.state, one.fields) for name, one in by_version.items()} == {
            "Owl": (State.DIFFERS, ("year",))
        }
        assert {name: one.state for name, one in by_layout.items()} == {"Owl": State.BEHIND}

    def test_what_the_catalogue_never_said_is_no_base(self) -> None:
        make_dataset(name="Eggs", year=2020, links=[{"kind": "data", "url": "https://eggs.ai", "label": ""}])
        before = "# E\n\n## Datasets\n\n- **Eggs** (2019) - [Blue](https://eggs.ai)\n- **Nests** (2021)\n"

        found = self.compared(before.replace("- **Nests** (2021)\n", "").replace("2019", "2018"), before)

        assert {name: (one.state, one.fields) for name, one in found.items()} == {
            "Eggs": (State.DIFFERS, ("year", "summary")),
            "Nests": (State.REMOVED, ()),
        }

    def test_many_cost_no_more_queries_than_one(self) -> None:
        counts = []
        for many in (2, 40):
            rows = [f"- **Bird {many}-{n}** ({{year}}) - [Flies](https://birds.ai/{many}/{n})\n" for n in range(many)]
            for number in range(many):
                make_paper(name=f"Bird {many}-{number}", year=2020)
                self.edit(f"Bird {many}-{number}", year=2022)
            text = "# B\n\n## Papers\n\n" + "".join(rows).format(year=2020)
            items = read_list(text)
            with CaptureQueriesContext(connection) as queries:
                compare_with_catalogue(items, base_in_layouts(text))
            counts.append(len(queries))

        assert counts[0] == counts[1]
