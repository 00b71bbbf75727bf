"""What the site tells agents leads somewhere."""

import re

import pytest
from django.test import Client

from catalog.kinds import KINDS

OTHER_LINKS = 8
pytestmark = pytest.mark.django_db


def test_every_link_leads_to_something(client: Client) -> None:
    answer = client.get("/llms.txt")
    text = answer.content.decode()
    links = re.findall(r"\]\(http://127\.0\.0\.1:8000(/[^)]*)\)", text)

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert text.startswith("# VLM Portal\n\n> ")
    assert len(links) == OTHER_LINKS + len(KINDS)
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)
    assert "&amp;" not in text
    assert "`python manage.py mcp --url http://127.0.0.1:8000`" in text
