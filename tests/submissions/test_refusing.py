"""Every form refuses what cannot be published, by the field's name, and loses nothing that was typed."""

from typing import Any

import pytest

from catalog.kinds import KINDS
from submissions.models import Proposal, ProposalAction
from submissions.workflow import Invalid, NewProposal, Target, submit
from tests.factories import make, make_result
from tests.people import contributor, signed_in
from tests.posting import fields_of

pytestmark = pytest.mark.django_db

ALL = pytest.mark.parametrize("kind", KINDS)
LINK = {"kind": "code", "url": "https://example.org", "label": ""}

WRONG: dict[str, tuple[str, Any]] = {
    "javascript": ("links", [{**LINK, "url": "javascript:alert(1)"}]),
    "javascript in capitals": ("links", [{**LINK, "url": "JaVaScRiPt:alert(1)"}]),
    "data": ("links", [{**LINK, "url": "data:text/html,x"}]),
    "no scheme": ("links", [{**LINK, "url": "//example.org"}]),
    "a control character": ("name", "Vim\x07"),
    "a direction mark": ("name", "Vim\u202e"),
    "half a character": ("name", "Vim\ud800"),
    "too long a name": ("name", "x" * 301),
    "too long a text": ("summary", "x" * 20_001),
    "too long an address": ("links", [{**LINK, "url": "https://example.org/" + "x" * 500}]),
    "an unknown key": ("colour", "red"),
    "an unknown key in a row": ("links", [{**LINK, "colour": "red"}]),
    "a number for a text": ("name", 7),
    "a text for a number": ("year", "2024"),
    "true for a number": ("year", True),
    "an object for a list": ("links", {}),
    "a text for a row": ("links", ["https://example.org"]),
    "a number in a list of texts": ("aliases", [7]),
    "an unknown topic": ("topics", ["nowhere"]),
    "an unknown section": ("section", "nowhere"),
    "an unknown choice": ("links", [{**LINK, "kind": "poem"}]),
    "an impossible year": ("year", 3024),
    "too many rows": ("links", [LINK] * 501),
}


def made(kind: str, **fields: Any) -> Any:
    return make_result(**fields) if kind == "result" else make(kind, **fields)


@ALL
@pytest.mark.parametrize("wrong", WRONG)
def test_the_workflow_names_the_field(kind: str, wrong: str) -> None:
    field, value = WRONG[wrong]
    live = made(kind, name="Vim")

    with pytest.raises(Invalid) as refused:
        submit(
            author=contributor(),
            proposed=NewProposal(
                kind=KINDS[kind],
                action=ProposalAction.EDIT,
                payload={**KINDS[kind].dump(live), field: value},
                target=Target.live(live),
                source="the paper",
            ),
        )

    assert list(refused.value.errors) == [field]
    assert all(refused.value.errors[field])
    assert not Proposal.objects.exists()


TYPED: dict[str, tuple[str, str, str]] = {
    # which field is named, and what was typed under which name
    "javascript": ("Links, row 1, Address", "links-0-url", "javascript:alert(1)"),
    "data": ("Links, row 1, Address", "links-0-url", "data:text/html,x"),
    "a control character": ("Name", "name", "Vim\x07"),
    "a direction mark": ("Name", "name", "Vim\u202eimV"),
    "too long": ("Name", "name", "x" * 301),
    "no number": ("Year", "year", "next year"),
    "an unknown topic": ("Topics", "topics-0-slug", "No such topic"),
}


@ALL
@pytest.mark.parametrize("wrong", TYPED)
def test_the_page_names_the_field_and_keeps_what_was_typed(kind: str, wrong: str) -> None:
    label, name, text = TYPED[wrong]
    live = made(kind, name="Vim")
    address = f"{live.get_absolute_url()}edit/"
    client = signed_in(contributor())
    texts = {"summary": "Two lines,\r\nof “words”.", "source": "the <paper>", "comment": "So & so.", name: text}
    form = {**fields_of(client.get(address).content.decode()), **texts}

    reply = client.post(address, {**form, "submit": "1"})

    page = reply.content.decode()
    fields = fields_of(page)
    assert reply.status_code == 400
    assert f">{label}</a>: " in page
    shown = {key: value.replace("\x07", "\ufffd") for key, value in texts.items()}  # no document holds U+0007
    assert {key: fields[key] for key in texts} == shown
    typed = {key: value for key, value in {**form, **shown}.items() if value and key != "csrfmiddlewaretoken"}
    assert {key: fields.get(key) for key in typed} == typed
    assert not Proposal.objects.exists()


@ALL
def test_an_edit_without_a_source_is_refused_and_its_text_stays(kind: str) -> None:
    live = made(kind, name="Vim")
    address = f"{live.get_absolute_url()}edit/"
    client = signed_in(contributor())
    form = {**fields_of(client.get(address).content.decode()), "summary": "More.", "comment": "Better."}

    reply = client.post(address, {**form, "submit": "1"})

    fields = fields_of(reply.content.decode())
    assert reply.status_code == 400
    assert "Give a source" in reply.content.decode()
    assert (fields["summary"], fields["comment"]) == ("More.", "Better.")


@ALL
def test_a_form_sent_as_it_came_proposes_nothing(kind: str) -> None:
    live = made(kind, name="Vim", summary="One.\n\nTwo.", aliases=["V", "I"], links=[LINK])
    address = f"{live.get_absolute_url()}edit/"
    client = signed_in(contributor())
    form = {**fields_of(client.get(address).content.decode()), "source": "the paper"}

    reply = client.post(address, {**form, "submit": "1"})

    assert (reply.status_code, "Nothing is changed" in reply.content.decode()) == (400, True)
