"""Records of BibTeX: where each field ends, what joined and inherited values are, and what is told of broken ones."""

import pytest

from catalog.exchange.bibtex_records import MAX_JOINED, BibtexRecord, BrokenRecord, read_records

Fields = dict[str, str]


def only(text: str) -> BibtexRecord:
    (record,) = read_records(text)
    assert isinstance(record, BibtexRecord), record
    return record


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("@Article{k, Title = {A}, YEAR = 2020}", {"title": "A", "year": "2020"}),
        ('@misc(k, title="A {"}b{"} c", year={2019})', {"title": 'A {"}b{"} c', "year": "2019"}),
        ("\ufeff@misc{k, title={A}}", {"title": "A"}),
        ("@misc{k, title={A {nested {deep}} b}, month = may,}", {"title": "A {nested {deep}} b", "month": "may"}),
        ("@misc{, title={A}}", {"title": "A"}),
        ("@misc{k, title = Some words, year=2020}", {"title": "Some words", "year": "2020"}),
        (
            "@misc{k, title = {unclosed in a value\\}, year = {2020}}}",
            {"title": "unclosed in a value\\}, year = {2020}"},
        ),
        ("words @misc{k, title={A}} and more", {"title": "A"}),
        ("@misc{k, title={a@b.c and\n @x y}}", {"title": "a@b.c and\n @x y"}),
    ],
)
def test_fields_are_read_by_their_names_in_lower_case(text: str, fields: Fields) -> None:
    record = only(text)

    assert (record.fields, record.notes) == (fields, ())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('@string{cvpr = "Proceedings of {CVPR}"}\n@a{k, x = cvpr # ", " # "2021"}', "Proceedings of {CVPR}, 2021"),
        ('@string(A = {one})\n@string{b = a # " two"}\n@a{k, x = B # { three} # 4}', "one two three4"),
        ("@string{a = {one}}\n@string{a = {two}}\n@a{k, x = a}", "two"),
        ('@a{k, x = may # "~7"}', "may~7"),
        ("@a{k, x = CVPR}", "CVPR"),  # a word without a meaning is kept
    ],
)
def test_strings_are_resolved_and_joined(text: str, value: str) -> None:
    assert only(text).fields == {"x": value}


def test_a_joined_value_with_a_name_that_is_not_defined_is_left_out_and_told() -> None:
    record = only('@a{k,\n  title={T},\n  x = ieee # " 2021"}')

    assert record.fields == {"title": "T"}
    assert record.notes == ("Line 3: x was left out, since no @string says what “ieee” is.",)


def test_a_value_that_grows_with_every_use_of_a_name_is_cut() -> None:
    growing = "@string{a={0123456789}}\n" + "@string{a = a # a}\n" * 100

    assert len(only(growing + "@a{k, x = a # a # a # a # a # a # a}").fields["x"]) == MAX_JOINED


@pytest.mark.parametrize(
    "text",
    [
        "@a{k, x={One}\n y={2020}, z=3}",
        '@a{k, x="One" y=2020 z=3}',
        "@a{k, x={One},\n y=2020\n z={3}}",
    ],
)
def test_a_missing_comma_between_two_fields_is_mended(text: str) -> None:
    record = only(text)

    assert (record.fields, record.notes) == ({"x": "One", "y": "2020", "z": "3"}, ())


def test_what_stands_behind_a_value_is_told_with_its_line() -> None:
    record = only("@a{k,\n  x={One} two,\n  x={Three}}")

    assert record.fields == {"x": "One"}
    assert record.notes == (
        "Line 2: after the value of x stands “two”, which was left out.",
        "Line 3: x is there twice; the first was read.",
    )


def test_two_records_with_the_same_key_are_both_read() -> None:
    records = read_records("@a{k, x={1}}\n@a{k, x={2}}\n@a{k, x={3}}")

    assert [(record.line, record.fields["x"]) for record in records if isinstance(record, BibtexRecord)] == [
        (1, "1"),
        (2, "2"),
        (3, "3"),
    ]


UNREAD = "the record could not be read: "


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("@a{k\n x={1}}", "a comma is missing after its key"),
        ("@a{k, x={1}, y}", "a field has no “=”"),
        ("@a{k, x={1\n", "another record begins before it ends: a closing brace or quotation mark is missing"),
        ('@a{k, x="1\n', "another record begins before it ends: a closing brace or quotation mark is missing"),
        ("@string{x\n", "another record begins before it ends: a closing brace or quotation mark is missing"),
    ],
)
def test_a_broken_record_is_told_by_its_line_and_the_others_are_read(broken: str, reason: str) -> None:
    first, second = read_records(f"% mine\n{broken}\n@a{{next, x={{2}}}}")

    assert isinstance(first, BrokenRecord)
    assert (first.line, first.text) == (2, broken.splitlines()[0])
    assert isinstance(second, BibtexRecord)
    assert second.key == "next"


def test_a_record_without_an_end_is_told() -> None:
    assert read_records("\n@a{k, x={1}") == [
        BrokenRecord(2, "@a{k, x={1}", f"{UNREAD}it does not end: a closing brace or quotation mark is missing")
    ]


PARENT = "@proceedings{p, title={Proceedings of P}, year={2020}, publisher={Q}, url={https://a.b}}"


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            f"@inproceedings{{c, crossref={{P}}, title={{T}}}}\n{PARENT}",
            {"booktitle": "Proceedings of P", "year": "2020", "publisher": "Q", "crossref": "P", "title": "T"},
        ),
        (
            f"{PARENT}\n@inproceedings{{c, crossref={{p}}, title={{T}}, booktitle={{B}}, year={{2021}}}}",
            {"booktitle": "B", "year": "2021", "publisher": "Q", "crossref": "p", "title": "T"},
        ),
    ],
)
def test_a_record_has_where_it_was_published_from_the_one_that_it_refers_to(text: str, fields: Fields) -> None:
    assert only(text).fields == fields


def test_a_reference_to_a_record_that_is_not_there_is_told() -> None:
    assert only("@a{c, crossref={p}, title={T}}").notes == ("The record “p” that it refers to is not in the text.",)


def test_papers_that_refer_to_one_another_are_both_read() -> None:
    records = read_records("@article{a, crossref={b}, title={A}}\n@article{b, crossref={a}, title={B}, year=2020}")

    assert [record.fields for record in records if isinstance(record, BibtexRecord)] == [
        {"crossref": "b", "title": "A", "year": "2020"},
        {"crossref": "a", "title": "B", "year": "2020"},
    ]


def test_comments_and_preambles_are_no_records() -> None:
    assert read_records("% a\n@comment{@a{k, x=1}}\n@preamble{ {b} }\n") == []
