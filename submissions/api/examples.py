"""Examples of requests and responses for the documentation."""

from typing import Any

SITE = "https://portal.example.org"

EDIT: dict[str, Any] = {
    "kind": "paper",
    "action": "edit",
    "slug": "blip-2",
    "fields": {"venue": "ICML 2023", "year": 2023},
    "source": "https://proceedings.mlr.press/v202/li23q.html",
    "comment": "The venue as the proceedings print it.",
}

REVISION: dict[str, Any] = {"fields": {"venue": "ICML 2023 (oral)"}, "comment": "It was an oral."}

PROPOSAL: dict[str, Any] = {
    "id": 41,
    "url": f"{SITE}/api/v1/proposals/41/",
    "html_url": f"{SITE}/submissions/41/",
    "kind": "paper",
    "action": "retire",
    "status": "pending",
    "name": "BLIP-2",
    "slug": "blip-2",
    "base": 3,
    "into": None,
    "fields": None,
    "additions": {},
    "source": "",
    "comment": "It doubles another entry.",
    "author": "ada",
    "batch": None,
    "twins": [],
    "version": 1,
    "submitted": "2026-01-31T12:00:00+00:00",
    "updated": "2026-01-31T12:00:00+00:00",
    "claimed_by": None,
    "takes_two": True,
    "seconded_by": None,
    "decision": None,
    "effects": {"blocker": None, "referring_count": 0, "referring": [], "kept": []},
    "events": [
        {"verb": "submit", "by": "ada", "at": "2026-01-31T12:00:00+00:00", "comment": "It doubles another entry."}
    ],
}

PAGE: dict[str, Any] = {
    "count": {"type": "integer"},
    "count_is_exact": {"type": "boolean"},
    "next": {"type": ["string", "null"], "format": "uri"},
}

PASTED = {"text": "2024 | Vim | https://arxiv.org/abs/2401.09417 | Vision Mamba"}

DRAFT: dict[str, Any] = {
    "kind": "paper",
    "fields": {
        "name": "Vim",
        "summary": "Vision Mamba",
        "year": 2024,
        "links": [{"kind": "arxiv", "url": "https://arxiv.org/abs/2401.09417", "label": ""}],
        "arxiv_id": "2401.09417",
    },
    "source": "https://arxiv.org/abs/2401.09417",
    "notes": [],
    "twins": [],
}

LINES = (
    '{"kind": "paper", "fields": {"name": "Vim", "year": 2024}}\n'
    '{"kind": "dataset", "fields": {"name": "LAION-5B", "size": "5.85B pairs"}}\n'
)

BATCH: dict[str, Any] = {
    "batch": 7,
    "accepted": 1,
    "refused": 1,
    "results": [
        {"line": 1, "status": 201, "proposal": 42, "url": f"{SITE}/api/v1/proposals/42/"},
        {
            "line": 2,
            "status": 422,
            "problem": {
                "type": f"{SITE}/api/docs/#problem-invalid-fields",
                "title": "Unprocessable content",
                "status": 422,
                "detail": "Some values are not right; see errors.",
                "instance": "/api/v1/proposals/batch/#line-2",
                "errors": {"fields": {"year": ["Must be a whole number or null, not text."]}},
            },
        },
    ],
}

GIVEN_CHECK = {
    "text": "## Papers\n\n- **Vim** (2024) - [Vision Mamba](http://arxiv.org/abs/2401.09417)\n",
    "base": "## Papers\n",
}

NEW_LINE: dict[str, Any] = {
    "line": 3,
    "last": 3,
    "outcome": "new",
    "level": "",
    "message": "“Vim” is not in the catalogue: it would be proposed (paper or model).",
    "kind": "paper",
    "name": "Vim",
    "url": "",
    "changes": [],
    "earlier": None,
}

CHECK: dict[str, Any] = {
    "entries": 1,
    "compared": True,
    "counts": {"new": 1},
    "problems": {"duplicates": 0, "unread": 0, "questions": 0, "conflicts": 0, "links": 1},
    "lines": [NEW_LINE],
    "links": [
        {
            "line": 3,
            "text": "Vision Mamba",
            "address": "http://arxiv.org/abs/2401.09417",
            "problem": "it has no https",
            "better": "https://arxiv.org/abs/2401.09417",
        }
    ],
}

GIVEN_LIST: dict[str, Any] = {
    "text": "## Papers\n\n"
    "- **Vim** (2024) - [Vision Mamba](https://arxiv.org/abs/2401.09417)\n"
    "- [Slides](slides.pdf)\n",
    "name": "My reading list",
    "source": "https://github.com/ada/reading/blob/main/README.md",
}

IMPORT: dict[str, Any] = {
    "batch": 8,
    "url": f"{SITE}/api/v1/proposals/list/8/",
    "html_url": f"{SITE}/submissions/batches/8/",
    "proposals": f"{SITE}/api/v1/proposals/?batch=8",
    "total": 1,
    "submitted": 1,
    "refused": 0,
    "left": 0,
    "finished": True,
    "stopped_by": "",
    "refusals": [],
}

LIST: dict[str, Any] = {
    "entries": 1,
    "counts": {"new": 1, "unreadable": 1},
    "lines": [
        NEW_LINE,
        {
            "line": 4,
            "last": 4,
            "outcome": "unreadable",
            "level": "warning",
            "message": "“slides.pdf” is an address within the list’s own files: write the whole address.",
            "kind": "",
            "name": "",
            "url": "",
            "changes": [],
            "earlier": None,
        },
    ],
    "import": IMPORT,
}
