"""No public page shows private data: marked words are planted everywhere and a crawler looks for them.

The crawler finds its links itself. To have it read more of the site, add an address to START.
"""

import re
from collections import Counter
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
from accounts.tokens import make_token
from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.publishing import retire
from catalog.management.awesome import import_list
from catalog.models import Revision
from submissions.api.models import IdempotentRequest
from submissions.models import Letter, Proposal, ProposalAction, Watch
from submissions.notifications.webhooks.models import Delivery, Webhook
from submissions.workflow import (
    NewProposal,
    Target,
    approve,
    claim,
    comment,
    lock,
    reject,
    request_changes,
    revise,
    submit,
    withdraw,
)
from tests.factories import approver, make_paper, make_result, make_revision, make_topic, trace
from tests.factories import contributor as publisher
from tests.people import contributor, moderator, person, signed_in, submit_batch

pytestmark = pytest.mark.django_db

MARK = "zq7canary"
START = [
    "/",
    "/sitemap.xml",
    "/robots.txt",
    "/opensearch.xml",
    "/healthz",
    "/healthz/ready",
    "/status/",
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
    "/admin/submissions/proposal/",
    "/submissions/batches/1/",
    "/accounts/settings/webhooks/",
    "/accounts/settings/webhooks/1/",
    "/accounts/settings/tokens/",
    "/llms.txt",
    "/accounts/login/",
    "/accounts/settings/",
    "/api/",
    "/api/v1/",
    "/api/v1/changes/",
    "/api/v1/proposals/",
    "/api/v1/schema/",
    "/api/v1/search/?q=model",
    f"/api/v1/search/?q={MARK}",
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
MOST_OF_A_SORT = 2
"""Addresses of one view and one kind that are read with a query, and as many without."""


def canary(name: str) -> str:
    return f"{MARK}-{name}"


def plant() -> set[str]:
    """A small catalogue, and a marked word in every private field there is; gives the secrets that cannot be chosen."""
    list_file = settings.BASE_DIR / "tests" / "data" / "lists" / "tagged.md"
    import_list(list_file.read_text(), name="list", contributor=publisher(), approver=approver())
    topic = make_topic(name="OCR")
    result = make_result(topics=[topic.slug])
    model = Paper.objects.with_references().get(pk=result.paper_id)
    make_revision("paper", entry=model, year=2024)
    moved = make_paper(name="Former model")
    make_revision("paper", entry=moved, slug="present-model")
    retire(entry=make_paper(name="Retired model"), trace=trace("A duplicate."))
    plant_people()
    plant_proposals(Paper.objects.with_references().get(pk=model.pk))
    return plant_clients(Revision.objects.latest("pk"))


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
    codes = {"migrated_codes": [canary("recovery")]}
    Authenticator.objects.create(user=moderator(), type=Authenticator.Type.RECOVERY_CODES, data=codes)
    LogEntry.objects.create(user=moderator(), action_flag=CHANGE, object_repr=canary("log"), change_message="[]")
    Client().post("/accounts/login/", {"login": canary("typed"), "password": canary("typed")})


def plant_proposals(model: Paper) -> None:
    ada, hedy, paper = contributor(), moderator(), KINDS["paper"]

    def new(name: str, **fields: Any) -> Proposal:
        link = {"kind": "code", "url": f"https://example.org/{canary(name)}", "label": canary(f"label-{name}")}
        payload = {"name": canary(name), "summary": canary(f"summary-{name}"), "aliases": [canary("alias")]}
        texts: Any = {"source": canary(f"source-{name}"), "comment": canary(f"comment-{name}")}
        return submit(
            author=ada,
            proposed=NewProposal(
                kind=paper, action=ProposalAction.CREATE, payload={**payload, "links": [link]}, **texts
            ),
        )

    def on_model(action: ProposalAction, **more: Any) -> Proposal:
        texts: Any = {"source": canary(f"source-{action}"), "comment": canary(f"comment-{action}")}
        return submit(
            author=ada, proposed=NewProposal(kind=paper, action=action, target=Target.live(model), **texts, **more)
        )

    new("new")
    on_model(ProposalAction.EDIT, payload={**paper.dump(model), "title": canary("title"), "notes": canary("notes")})
    on_model(ProposalAction.FLAG)
    on_model(ProposalAction.RETIRE)
    claim(proposal=new("claimed"), actor=hedy)
    reject(proposal=new("rejected"), actor=hedy, reason=canary("rejection"))
    withdraw(proposal=new("withdrawn"), actor=ada, comment=canary("withdrawal"))
    sent_back = request_changes(proposal=new("asked"), actor=hedy, reason=canary("request"))
    revise(proposal=sent_back, actor=ada, payload={"name": canary("revised")}, source=canary("s"), comment=canary("c"))
    comment(proposal=new("discussed"), actor=hedy, comment=canary("discussion"))
    published = submit(
        author=ada,
        proposed=NewProposal(
            kind=paper, action=ProposalAction.CREATE, payload={"name": "Published", "year": 2024}, source="The report"
        ),
    )
    approve(proposal=published, actor=hedy, comment=canary("decision"))
    edited = submit(
        author=ada,
        proposed=NewProposal(
            kind=paper,
            action=ProposalAction.CREATE,
            payload={"name": "Part", "title": canary("dropped")},
            source="The report",
        ),
    )
    approve(proposal=edited, actor=hedy, payload={"name": "Part"}, comment=canary("why-dropped"))
    submit_batch(author=ada, name=canary("batch"), items=[(paper, {"name": canary("item")}, None)], source=canary("b"))
    lock(entry=model, actor=hedy, reason=canary("lock"))
    Watch.objects.create(user=hedy, topic=canary("watch"))
    Letter.objects.create(to=hedy, proposal=published, due_at=timezone.now(), trouble=canary("trouble"))


def plant_clients(revision: Revision) -> set[str]:
    """What programs hold: a token, a webhook with its deliveries, a remembered request; gives the token's key, its
    digest and the key of a session."""
    ada, now = contributor(), timezone.now()
    token, key = make_token(user=ada, name=canary("token"), scopes=["read"], days=7)
    address = f"https://example.org/{canary('hook')}"
    hook = Webhook.objects.create(owner=ada, url=address, secret=canary("whsec"), position=0, created_at=now)
    Webhook.objects.filter(pk=hook.pk).update(paused_at=now, paused_because=canary("paused"))
    Delivery.objects.create(
        webhook=hook, revision_id=revision.pk, made_at=now, due_at=now, trouble=canary("answer"), given_up=True
    )
    IdempotentRequest.objects.create(user=ada, key=canary("key"), digest="0" * 64, answer=canary("a"), created_at=now)
    reader = Client(headers={"Authorization": f"Bearer {key}"})
    assert MARK in reader.get("/api/v1/proposals/").content.decode()
    return {key, token.digest, str(signed_in(ada).cookies["sessionid"].value)}


def crawl(client: Client, warmer: Client) -> Iterator[tuple[str, str, str]]:
    """Every page that can be reached from START by either: (address, what `warmer` got first, what `client` got)."""
    waiting, read, times = list(START), set(START), Counter[tuple[str, str, bool]]()
    for address in waiting:  # it grows while it is read
        first, second = got(warmer, address), got(client, address)
        yield address, first, second
        for match in LINK.findall(first + second):
            target = inside(urljoin(address, unescape(next(filter(None, match)))))
            if target is None or target in read:
                continue
            read.add(target)
            sort = view_of(target), target.split("/")[1], "?" in target
            times[sort] += 1
            if times[sort] <= MOST_OF_A_SORT:
                waiting.append(target)


def got(client: Client, address: str) -> str:
    """All that is sent for an address, the headers as well."""
    reply: Any = client.get(address)
    assert reply.status_code < 500, address
    return "\n".join([*(f'"{value}"' for value in reply.headers.values()), reply.getvalue().decode("utf-8", "replace")])


def inside(link: str) -> str | None:
    """The path of a link that leads to a page of ours; static files and what signs people out are left out."""
    parts = urlsplit(link)
    own = (urlsplit(settings.SITE_URL).netloc, "testserver", "")
    if parts.netloc not in own or parts.scheme not in ("http", "https", "") or parts.path.startswith("/static/"):
        return None
    path = parts.path or "/"  # the address of the site alone
    return f"{path}?{parts.query}" if parts.query else path


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


def leak_in(address: str, text: str, secrets: set[str]) -> str:
    """Where an answer shows a marked word that was not in the request, or a secret; empty where it does not."""
    for echoed in {address, *re.findall(rf"{MARK}[\w-]*", address)}:
        text = re.sub(rf"{re.escape(echoed)}(?![\w-])", "", text)
    place = min((position for word in (MARK, *secrets) if (position := text.find(word)) >= 0), default=-1)
    return f"{address}: …{text[max(0, place - 60) : place + 60]}…" if place >= 0 else ""


@pytest.fixture
def planted() -> set[str]:
    cache.clear()
    return plant()


# what is reached by POST alone, and what the pages of what is not there yet would lead to
NOT_WALKED_TO = {
    "act",
    "compare-revisions",
    "continue-batch",
    "delete-webhook",
    "favicon",
    "forget",
    "paste",
    "preview",
    "resume-webhook",
    "revise",
    "security-txt",
    "send-again",
    "test-webhook",
    "twins",
}


def test_nothing_private_is_public_also_where_a_moderator_was_first(planted: set[str]) -> None:
    """A moderator reads every page just before a stranger does. That the moderator's pages are full of marked words
    shows that the crawler is not blind."""
    warmer = signed_in(moderator())
    secrets = planted | {str(warmer.cookies["sessionid"].value)}
    leaks, seen, views = list[str](), list[str](), set[str]()

    for address, first, second in crawl(Client(), warmer):
        views.add(view_of(address).rpartition(":")[2])
        seen += filter(None, [leak_in(address, first, set())])
        leaks += filter(None, [leak_in(address, second, secrets)])

    assert leaks == []
    assert len(seen) > 30
    assert Client().get(f"/papers/{canary('new')}/").status_code == 404
    assert public_views() - views <= NOT_WALKED_TO
    assert {"submissions_proposal_changelist", "submissions_proposal_change"} <= views


@pytest.mark.usefixtures("planted")
@pytest.mark.parametrize("path", ["", "revise/", "withdraw/", "comment/"])
def test_the_page_of_a_proposal_is_its_authors_and_moderators(path: str) -> None:
    proposal = Proposal.objects.earliest("pk")
    address = f"/submissions/{proposal.pk}/{path}"
    other = signed_in(contributor("eve"))

    replies = [other.get(address) if not path else other.post(address, {"text": "x"}), Client().get(address)]

    assert [reply.status_code for reply in replies] == [404, 302]
    assert not any(MARK in reply.content.decode() for reply in replies)
