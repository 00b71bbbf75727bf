"""Fill the empty fields of a draft with what services say about it, each value with its source."""

from dataclasses import replace

from catalog.forms.rows import SourceRow
from catalog.kinds import KINDS
from catalog.text.folding import compact
from submissions.intake.drafts import Draft, truncated
from submissions.intake.lookups.answers import Answer
from submissions.intake.lookups.chain import chain_for, look_up
from submissions.intake.lookups.sites import NotFetched


def enrich(draft: Draft) -> Draft:
    """Add what is known about the draft's arXiv id, DOI or addresses; where nothing can be read, a note says why.

    Nothing that the draft has is changed.
    """
    chain = chain_for(draft.payload)
    if not chain:
        return draft
    try:
        asked, answer = look_up(chain)
    except NotFetched as error:
        return replace(draft, notes=(*draft.notes, str(error)))
    return _with_answer(draft, answer, asked.site.name)


def _with_answer(draft: Draft, answer: Answer, name: str) -> Draft:
    kind = KINDS[draft.kind]
    stated = {key: value for key, value in answer.fields.items() if value and key in kind.form.base_fields}
    new = {key: value for key, value in stated.items() if not draft.payload.get(key)}
    read = {**SourceRow.empty(), "url": answer.url, "note": f"Read from {name}", "confidence": "unverified"}
    rows = [{**read, "field": key} for key in new]
    payload = {**draft.payload, **new, "sources": [*draft.payload.get("sources", []), *rows]}
    notes = [*draft.notes]
    if new:
        notes.append(f"Read from {name}: {', '.join(map(kind.label_of, new))}. Please check.")
    own, found = draft.payload.get("title", ""), stated.get("title", "")
    if own and found and compact(own) != compact(found):
        notes.append(f"The title at {name} is “{found}”: is it the same paper?")
    return truncated(replace(draft, payload=payload, notes=tuple(notes), source=draft.source or answer.url))
