"""The API reference: its page, its examples, and links to the API."""

import html
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from accounts.tokens import make_token
from catalog.api.describing import schema
from catalog.api.reference import EXAMPLES, LANGUAGES, examples, groups, problem_types
from catalog.kinds import KINDS, Kind
from tests.examples import FULL
from tests.factories import make, make_paper
from tests.people import person

RUNNERS = {"sh": ["bash", "-e"], "py": [sys.executable], "js": ["node"]}
CODES = [f"{name}-{ending}" for name in EXAMPLES for ending in LANGUAGES]


@pytest.mark.django_db
def test_the_page_shows_every_operation_and_every_problem(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()

    for group in groups(schema()):
        for operation in group.operations:
            assert f'id="{operation.id}"' in page
    for name in problem_types():
        assert f'id="problem-{name}"' in page


def test_a_limit_that_nobody_reaches_is_not_shown(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()

    assert "whole number from 1 to 200" in page
    assert "whole number, 1 or more" in page
    assert str(10**15) not in page.partition('id="approveProposal"')[2].partition("</details>")[0]


@pytest.mark.parametrize("name", CODES)
def test_an_example_runs_and_prints_what_it_promises(name: str, served: str, tmp_path: Path) -> None:
    codes = {id_: code for _, each in examples(served) for id_, _, code in each}
    ending = name.rpartition("-")[2]
    path = tmp_path / f"example.{'mjs' if ending == 'js' else ending}"
    path.write_text(codes[name])

    _, key = make_token(user=person("bob"), name="example", scopes=["propose"], days=7)
    env = {**os.environ, "VLM_PORTAL_TOKEN": key}
    done = subprocess.run([*RUNNERS[ending], path], capture_output=True, text=True, timeout=60, check=False, env=env)

    promised = {"list": "Clip 0", "page": "coco", "search": "clip-1", "changes": "older", "propose": "pending"}
    expected = promised[name.rpartition("-")[0]]
    assert (done.returncode, done.stderr) == (0, "")
    assert expected in done.stdout


def links(page: str) -> list[str]:
    """Return the API URLs that a page links to, without the documentation."""
    return [html.unescape(link) for link in re.findall(r'href="(/api/v1/[^"]+)"', page)]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_list_links_to_the_same_list_in_the_api(kind: Kind, surroundings: None, client: Client) -> None:
    for name in KINDS:
        make(name, **FULL[name])
    groups = client.get(f"/{kind.plural}/").context["groups"]
    narrowed = [f"?{group.name}={group.options[0].value}&size=50&sort=name" for group in groups if group.options]
    for query in ("", *narrowed[:1]):
        page = Client().get(f"/{kind.plural}/{query}")
        (address,) = links(page.content.decode())

        slugs = [row["slug"] for row in client.get(address).json()["results"]]

        assert slugs == [entry.slug for entry in page.context["page"].object_list]


@pytest.mark.django_db
def test_an_entry_and_a_search_link_to_the_api(client: Client) -> None:
    make_paper(name="CLIP")

    assert links(client.get("/papers/clip/").content.decode()) == ["/api/v1/papers/clip/"]
    assert links(client.get("/search/?q=clip&kind=papers").content.decode()) == ["/api/v1/search/?q=clip&kind=paper"]
