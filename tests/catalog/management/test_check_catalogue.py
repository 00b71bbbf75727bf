"""check_catalogue: what is stored and would be refused or changed today."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.ledger.checking import Finding, find_refused_values, refused_values
from tests.factories import make_dataset, make_paper, make_result

pytestmark = pytest.mark.django_db


def checked() -> tuple[str, str]:
    """What the command prints, and the error that it ends with."""
    out = StringIO()
    try:
        call_command("check_catalogue", stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_a_catalogue_that_the_forms_accept() -> None:
    make_paper(name="CLIP", arxiv_id="2103.00020")
    make_dataset(name="LAION")

    assert checked() == ("The forms accept all 2 entries as they are.\n", "")


def test_one_refused_value_is_named_with_kind_slug_field_and_reason() -> None:
    make_paper(name="CLIP", released="2021-02")
    Paper.objects.update(released="2021-02-30")

    assert checked() == ("paper clip, released: There is no day 2021-02-30.\n", "1 value needs an edit.")


def test_every_refused_value_and_every_one_that_would_be_stored_otherwise_is_found() -> None:
    paper = make_paper(name="CLIP")
    result = make_result(paper="clip", value="50.0", standard_error="0.1")
    make_paper(name="ALIGN", arxiv_id="2102.05918")
    make_paper(name="Copy")
    Paper.objects.filter(slug="copy").update(arxiv_id="2102.05918v2", doi="https://doi.org/10.1000/182")
    paper.origins.create(relation="successor-of", paper=paper)
    Result.objects.update(standard_error="-0.1", value="+50.0")

    findings = list(find_refused_values())

    advice = "Edit that entry; or, if one paper describes both models, name it under “Other models of this paper”."
    assert findings == [
        Finding("paper", "clip", "origins", "An entry cannot refer to itself; remove the reference."),
        Finding("paper", "copy", "arxiv_id", f"“ALIGN” (align) has the arXiv id 2102.05918 already. {advice}"),
        Finding(
            "result",
            result.slug,
            "value",
            "Write a plain decimal number such as 64.50: no plus sign, no zeros before it, no separators.",
        ),
        Finding("result", result.slug, "standard_error", "Cannot be negative."),
    ]


def test_a_value_that_would_be_stored_otherwise_is_named_with_both() -> None:
    make_paper(name="CLIP")
    Paper.objects.update(doi="https://doi.org/10.1000/182")

    assert checked() == (
        'paper clip, doi: Is "https://doi.org/10.1000/182", would be stored as "10.1000/182".\n',
        "1 value needs an edit.",
    )


def test_looking_at_an_entry_does_not_change_it() -> None:
    make_paper(name="CLIP")
    Paper.objects.update(doi="https://doi.org/10.1000/182", released="2021-02-30")
    entry, kind = Paper.objects.with_references().get(), KINDS["paper"]
    before = kind.dump(entry)

    assert [finding.label for finding in refused_values(kind, entry)] == ["Released"]
    assert kind.dump(entry) == before
