"""The problem types of the proposals API."""

PROBLEMS: dict[str, str] = {
    "invalid-fields": "Members of the body or fields of the payload are not right; `errors` says which, nested as "
    "they were sent.",
    "not-json": "The body is not JSON, is nested too deep, or holds a character that cannot be stored.",
    "unreadable": "The text is none of the forms that can be turned into a draft.",
    "nothing-to-propose": "The list was read, and says nothing that the catalogue does not; `lines` accounts for it.",
    "already-proposed": "The same account has the same proposal open; `proposal` leads to it.",
    "stale-base": "The entry has changed since it was read; `revision` says where it is now.",
    "changed-since": "The proposal has changed since it was read; `version` says where it is now.",
    "conflict": "The proposal or the entry is not in a state that allows this; `detail` says why.",
    "insufficient-scope": "The token was not made for this; `WWW-Authenticate` names the scope that it needs.",
    "second-factor": "The account is a moderator's, and its session has not used a second factor.",
    "bad-idempotency-key": "Idempotency-Key is empty, too long, or holds characters that cannot be seen.",
    "idempotency-key-reused": "Idempotency-Key was used for another request within a day.",
    "too-many-lines": "The batch has more lines than are taken at once.",
}
"""The meaning of each problem type, by the fragment of its URI."""
