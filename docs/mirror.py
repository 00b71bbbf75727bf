"""Keeps an exact copy of a portal's catalogue in a file: python mirror.py https://portal.example.org copy.json"""

import json
import sys
import urllib.request
from pathlib import Path

site, path = sys.argv[1].rstrip("/"), Path(sys.argv[2])
copy = json.loads(path.read_text()) if path.exists() else {"cursor": "", "entries": {}}
more = True
while more:
    since = f"&since={copy['cursor']}" if copy["cursor"] else ""
    with urllib.request.urlopen(f"{site}/api/v1/changes/?page_size=500{since}") as answer:
        page = json.load(answer)
    for change in page["results"]:
        entries = copy["entries"].setdefault(change["kind"], {})
        entries.pop(change["moved_from"] or change["slug"], None)
        if change["fields"] is not None:  # null: retired, or merged into another
            entries[change["slug"]] = {"revision": change["revision"], "fields": change["fields"]}
    copy["cursor"], more = page["cursor"], page["has_more"]
draft = path.with_suffix(".new")
draft.write_text(json.dumps(copy))
draft.replace(path)
