"""Authors in a field of BibTeX."""

import pytest

from catalog.text.person_names import authors_in


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("Ann E", ["Ann E"]),
        ("Dubos, Nicolas and Le Viol, Isabelle", ["Nicolas Dubos", "Isabelle Le Viol"]),
        ("A B\n  AND C D and E F", ["A B", "C D", "E F"]),
        ("King, Jr., Martin", ["Martin King Jr."]),
        ("King, Martin, Jr.", ["Martin King Jr."]),
        ("Martin King, III", ["Martin King III"]),
        ("Steele Jr., Guy L.", ["Guy L. Steele Jr."]),
        ("van den Oord, Aaron and {van der Berg}, Jan", ["Aaron van den Oord", "Jan van der Berg"]),
        ("Ludwig van Beethoven", ["Ludwig van Beethoven"]),
        ("{Example AI Research and Development}", ["Example AI Research and Development"]),
        ("{{Some Lab}} and {Smith, Jones and Co.}", ["Some Lab", "Smith, Jones and Co."]),
        ("Team, Gemma and Doe, Jane and others", ["Gemma Team", "Jane Doe"]),
        ("Doe, Jane and et al.", ["Jane Doe"]),
        ("family=Berg, given=Jan, prefix=van den and Doe, Jane", ["Jan van den Berg", "Jane Doe"]),
        (r"{\O}ster, S{\o}ren and {\v{S}}k, Ji{\v r}{\'\i}", ["Søren Øster", "Jiří Šk"]),
        ("M&uuml;ller, J&ouml;rg and 王, 伟", ["Jörg Müller", "伟 王"]),
        ("Zhang, Wei; Li, Qi; van der Berg, Jan", ["Wei Zhang", "Qi Li", "Jan van der Berg"]),
        ("Doe, Jane, and Roe, Richard and", ["Jane Doe", "Richard Roe"]),
        ("Anderson Sand and Andy Ford", ["Anderson Sand", "Andy Ford"]),
        ("", []),
        ("others", []),
    ],
)
def test_names_have_given_names_first(raw: str, names: list[str]) -> None:
    assert authors_in(raw) == (names, True)


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("Wei Zhang, Qi Li, Pei Wu", ["Wei Zhang", "Qi Li", "Pei Wu"]),
        ("Zhang W, Li Q, Wu P", ["Zhang W", "Li Q", "Wu P"]),
        ("Zhang, W., Li, Q.-F.", ["W. Zhang", "Q.-F. Li"]),
        ("Zhang, Wei, Li, Qi", []),  # who belongs to whom is not known
        ("Zhang, Li, Wu and Doe, Jane", ["Jane Doe"]),
    ],
)
def test_people_who_are_separated_by_commas_are_told_apart_or_left_out_and_reported(raw: str, names: list[str]) -> None:
    assert authors_in(raw) == (names, False)
