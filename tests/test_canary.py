"""What is private stands on no public page: marked words are planted everywhere and looked for by a crawler.

The crawler finds its links itself. To have it read more of the site, add an address to START.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.cache import cache
from django.test import Client
from django.urls import Resolver404, URLPattern, get_resolver, resolve
from django.utils import timezone

from accounts.models import User
from catalog.kinds import KINDS
from catalog.management.awesome import import_list
from catalog.models import Paper
from catalog.publishing import retire
from submissions.models import Action, Letter, Proposal, Watch
from submissions.workflow import (
    Target,
    approve,
    claim,
    comment,
    lock,
    reject,
    request_changes,
    revise,
    submit,
    submit_batch,
    withdraw,
)
from tests.factories import approver, make_paper, make_result, make_revision, make_topic
from tests.factories import contributor as publisher
from tests.people import contributor, moderator, person, signed_in

pytestmark = pytest.mark.django_db

MARK = "zq7canary"
START = [
    "/",
    "/sitemap.xml",
    "/robots.txt",
    "/opensearch.xml",
    "/healthz",
    "/feeds/",
    "/export/",
    "/export/README.md",
    "/search/?q=model",
    f"/search/?q={MARK}",
    "/contribute/",
    "/contribute/pick/paper/?q=model",
    f"/contribute/pick/paper/?q={MARK}",
    "/people/ada/",
    f"/people/{MARK}-hidden/",
    "/submissions/",
    "/admin/",
    "/accounts/login/",
    "/accounts/settings/",
    "/api/",
    "/api/v1/",
    "/api/v1/changes/",
    "/api/v1/proposals/",
    "/api/v1/schema/",
    "/api/docs/",
    "/nowhere/",
    "/papers/nowhere/",
    "/papers/retired-model/",
    "/papers/former-model/",
    *(f"/api/v1/{kind.plural}/" for kind in KINDS.values()),
]
LINK = re.compile(
    r"""(?:href|src|action|data-[a-z]+|url)=["']?([^"'\s>]+)|<loc>([^<]+)|"((?:/|https?://)[^"\\\s]+)\""""
)
MOST = 600
SIGNED_IN_ONLY = {"edit", "retire", "restore", "flag", "new", "new-batch", "mine"}


def canary(name: str) -> str:
    return f"{MARK}-{name}"


def plant() -> None:
    """A small catalogue, and a marked word in every private field there is."""
    list_file = settings.BASE_DIR / "tests" / "data" / "lists" / "tagged.md"
    import_list(list_file.read_text(), name="list", contributor=publisher(), approver=approver())
    topic = make_topic(name="OCR")
    result = make_result(topics=[topic.slug])
    model = Paper.objects.with_references().get(pk=result.paper_id)
    make_revision("paper", entry=model, year=2024)
    moved = make_paper(name="Former model")
    make_revision("paper", entry=moved, slug="present-model")
    retire(entry=make_paper(name="Retired model"), contributor=publisher(), approver=approver(), reason="A twin.")
    plant_people()
    plant_proposals(Paper.objects.with_references().get(pk=model.pk))


def plant_people() -> None:
    hidden = person(canary("hidden"), first_name=canary("first"), email=f"{canary('mail')}@example.org")
    hidden.set_password(canary("password"))
    hidden.password = canary("hash")
    hidden.save()
    hidden.suspend(because=canary("suspension"))
    for user in (approver(), contributor(), moderator()):
        User.objects.filter(pk=user.pk).update(email=f"{canary(user.username)}@example.org")
        EmailAddress.objects.create(user=user, email=f"{canary('address')}-{user.username}@example.org", verified=True)
        SocialAccount.objects.create(user=user, uid=canary(f"uid-{user.pk}"), extra_data={"login": canary("login")})
    Authenticator.objects.filter(user=moderator()).update(data={"secret": canary("totp")})
    Authenticator.objects.create(
        user=moderator(), type=Authenticator.Type.RECOVERY_CODES, data={"seed": canary("recovery")}
    )
    LogEntry.objects.create(user=moderator(), action_flag=CHANGE, object_repr=canary("log"), change_message="[]")
    Client().post("/accounts/login/", {"login": canary("typed"), "password": canary("typed")})


def plant_proposals(model: Paper) -> None:
    ada, hedy, paper = contributor(), moderator(), KINDS["paper"]

    def new(name: str, **fields: Any) -> Proposal:
        link = {"kind": "code", "url": f"https://example.org/{canary(name)}", "label": canary(f"label-{name}")}
        payload = {"name": canary(name), "summary": canary(f"summary-{name}"), "aliases": [canary("alias")]}
        words: Any = {"source": canary(f"source-{name}"), "comment": canary(f"comment-{name}")}
        return submit(author=ada, kind=paper, action=Action.CREATE, payload={**payload, "links": [link]}, **words)

    def on_model(action: Action, **more: Any) -> Proposal:
        words: Any = {"source": canary(f"source-{action}"), "comment": canary(f"comment-{action}")}
        return submit(author=ada, kind=paper, action=action, target=Target.live(model), **words, **more)

    new("new")
    on_model(Action.EDIT, payload={**paper.dump(model), "title": canary("title"), "notes": canary("notes")})
    on_model(Action.FLAG)
    on_model(Action.RETIRE)
    claim(proposal=new("claimed"), actor=hedy)
    reject(proposal=new("rejected"), actor=hedy, reason=canary("rejection"))
    withdraw(proposal=new("withdrawn"), actor=ada, comment=canary("withdrawal"))
    asked = request_changes(proposal=new("asked"), actor=hedy, reason=canary("request"))
    revise(proposal=asked, actor=ada, payload={"name": canary("revised")}, source=canary("s"), comment=canary("c"))
    comment(proposal=new("discussed"), actor=hedy, text=canary("discussion"))
    published = submit(author=ada, kind=paper, action=Action.CREATE, payload={"name": "Published", "year": 2024})
    approve(proposal=published, actor=hedy, comment=canary("decision"))
    edited = submit(author=ada, kind=paper, action=Action.CREATE, payload={"name": "Part", "title": canary("dropped")})
    approve(proposal=edited, actor=hedy, payload={"name": "Part"}, comment=canary("why-dropped"))
    submit_batch(author=ada, name=canary("batch"), items=[(paper, {"name": canary("item")}, None)], source=canary("b"))
    lock(entry=model, actor=hedy, reason=canary("lock"))
    Watch.objects.create(user=hedy, topic=canary("watch"))
    Letter.objects.create(to=hedy, proposal=published, due_at=timezone.now(), trouble=canary("trouble"))


def crawl(client: Client) -> Iterator[tuple[str, Any, str]]:
    """Every page that can be reached from START: (address, reply, text)."""
    waiting, seen = list(START), set(START)
    while waiting and len(seen) < 20_000:
        address = waiting.pop(0)
        reply: Any = client.get(address)
        text = reply.getvalue().decode("utf-8", "replace")
        yield address, reply, text
        links = [reply["Location"]] if "Location" in reply else []
        links += [unescape(next(filter(None, found))) for found in LINK.findall(text)]
        for link in links:
            wanted = inside(urljoin(address, link))
            if wanted and wanted not in seen and is_new(wanted, seen):
                seen.add(wanted)
                waiting.append(wanted)


def inside(link: str) -> str | None:
    """The path of a link that leads to a page of ours; static files and what signs people out are left out."""
    parts = urlsplit(link)
    own = (urlsplit(settings.SITE_URL).netloc, "testserver", "")
    if parts.netloc not in own or parts.scheme not in ("http", "https", "") or parts.path.startswith("/static/"):
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def is_new(address: str, seen: set[str]) -> bool:
    """Whether pages of this sort were not read often enough: each view a few dozen times, each with a few queries."""
    sort = view_of(address) + ("?" if "?" in address else "")
    return sum(view_of(other) + ("?" if "?" in other else "") == sort for other in seen) < (8 if "?" in address else 14)


def view_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return "nowhere"


def public_views() -> set[str]:
    """The names of all views of the catalogue, and of those of the way in that answer without an account."""
    patterns = get_resolver("catalog.urls").url_patterns + get_resolver("submissions.urls").url_patterns
    flat = [p for one in patterns for p in (one.url_patterns if hasattr(one, "url_patterns") else [one])]
    names = {p.name for p in flat if isinstance(p, URLPattern)}
    return {str(name) for name in names}


def leaks(client: Client) -> tuple[list[str], set[str]]:
    """The addresses whose reply holds a marked word that was not asked for, and the views that were read."""
    found, views = [], set()
    for address, reply, text in crawl(client):
        assert reply.status_code < 500, address
        views.add(view_of(address).partition(":")[2] or view_of(address))
        said = f"{text}\n{reply.headers}"
        for echoed in {address, *re.findall(rf"{MARK}[\w-]*", address)}:
            said = re.sub(rf"{re.escape(echoed)}(?![\w-])", "", said)
        if MARK in said:
            place = said.index(MARK)
            found.append(f"{address}: …{said[max(0, place - 60) : place + 60]}…")
    return found, views


@pytest.fixture
def planted() -> None:
    cache.clear()
    plant()


NOT_WALKED_TO = {"compare-revisions", "twins", "preview", "paste", "forget", "detail", "revise", "withdraw", "comment"}


@pytest.mark.usefixtures("planted")
def test_nothing_private_is_public_also_where_a_moderator_was_first() -> None:
    signed = signed_in(moderator())
    for address in START:
        signed.get(address)

    found, views = leaks(Client())

    assert found == []
    assert Client().get(f"/papers/{canary('new')}/").status_code == 404
    assert public_views() - views <= NOT_WALKED_TO | {"batch"}


@pytest.mark.usefixtures("planted")
def test_the_crawler_would_see_it() -> None:
    """What a moderator sees is full of the marked words: the crawler is not blind."""
    found, views = leaks(signed_in(moderator()))

    assert {"submissions_proposal_changelist", "submissions_proposal_change"} <= views
    assert len(found) > 10


@pytest.mark.usefixtures("planted")
@pytest.mark.parametrize("path", ["", "revise/", "withdraw/", "comment/"])
def test_the_page_of_a_proposal_is_its_authors_and_moderators(path: str) -> None:
    proposal = Proposal.objects.earliest("pk")
    address = f"/submissions/{proposal.pk}/{path}"
    other = signed_in(contributor("eve"))

    replies = [other.get(address) if not path else other.post(address, {"text": "x"}), Client().get(address)]

    assert [reply.status_code for reply in replies] == [404, 302]
    assert not any(MARK in reply.content.decode() for reply in replies)
