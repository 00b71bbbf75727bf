"""Names of authors: their parts, and whose they are."""

import pytest

from catalog.text.author_names import PersonName, is_group, is_person, name_in_parts, people_in


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lovelace", PersonName("Lovelace", "Ada")),
        ("Alec B. Radford", PersonName("Radford", "Alec B.")),
        ("Aaron van den Oord", PersonName("Oord", "Aaron", "van den")),
        ("Martin King Jr.", PersonName("King", "Martin", suffix="Jr.")),
        ("William Gates III", PersonName("Gates", "William", suffix="III")),
        ("Li Fei-Fei", PersonName("Fei-Fei", "Li")),
        ("Jinping Xi", PersonName("Xi", "Jinping")),
        ("van Gogh", PersonName("Gogh", "van")),
        ("Plato", PersonName("Plato")),
        ("张伟", PersonName("张伟")),
        ("", PersonName("")),
    ],
)
def test_parts_of_a_name(name: str, parts: PersonName) -> None:
    assert name_in_parts(name) == parts


@pytest.mark.parametrize(
    ("name", "group", "person"),
    [
        ("Ada Lovelace", False, True),
        ("Gemma Team", True, False),
        ("Allen Institute for AI", True, False),
        ("Example Research and Development", True, False),
        ("OpenAI", False, False),
        ("Lovelace, Ada", False, False),
        ("Aidan Gomez", False, True),
    ],
)
def test_whether_a_name_is_a_groups_or_a_persons(name: str, group: bool, person: bool) -> None:
    assert (is_group(name), is_person(name)) == (group, person)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Ada Lovelace", ["Ada Lovelace"]),
        ("Ada Lovelace, Grace Hopper and Alan Turing", ["Ada Lovelace", "Grace Hopper", "Alan Turing"]),
        ("Ada Lovelace, Grace Hopper, et al.", ["Ada Lovelace", "Grace Hopper"]),
        ("Ada Lovelace et al.", ["Ada Lovelace"]),
        ("Lin et al.", []),
        ("Hudson and Manning", []),
        ("Tong, Liu, Zhai, Ma, LeCun, Xie", []),
        ("Deng, Jia", []),
        ("Ada Lovelace, Gemma Team", []),
        ("", []),
    ],
)
def test_people_are_those_that_are_named_in_full(text: str, people: list[str]) -> None:
    assert people_in(text) == people
