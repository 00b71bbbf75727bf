"""A moderator at work in a real browser: by keyboard, within the undo window, against others, and without scripts."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import ADMIN, ROOT, free_port, served
from tests.journeys.portal import set_up_app

pytestmark = pytest.mark.browser
Tab = Any

QUEUE = "/admin/submissions/proposal/"
SENT = 15_000  # ms: a held decision goes out within
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Keys that come before a page is painted are dropped by the browser."""


WORKER = """
import json, sys, traceback
import django
django.setup()
for line in sys.stdin:
    names, trouble = {}, ""
    try:
        exec(json.loads(line), names)
    except Exception:
        trouble = traceback.format_exc()
    print(json.dumps([names.get("out"), trouble]), flush=True)
"""
IMPORTS = """
from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from submissions.models import *
from submissions.workflow import *
from tests.factories import *
from tests.people import *
"""


@dataclass
class Desk:
    """A site of its own: its address, and a process that lays out what a journey starts from."""

    address: str
    worker: "subprocess.Popen[str]"

    def run(self, code: str) -> Any:
        """The value that `code` leaves in `out`."""
        assert self.worker.stdin
        assert self.worker.stdout
        self.worker.stdin.write(json.dumps(IMPORTS + code) + "\n")
        self.worker.stdin.flush()
        out, trouble = json.loads(self.worker.stdout.readline())
        assert not trouble, trouble
        return out

    def status(self, *names: str) -> dict[str, str]:
        """The states of proposals by name."""
        code = f"out = dict(Proposal.objects.filter(name__in={names!r}).values_list('name', 'status'))"
        return self.run(code)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    address, folder = f"http://127.0.0.1:{free_port()}", tmp_path_factory.mktemp("review")
    mine = {"DATA_DIR": str(folder), "DATABASE_URL": "", "LOCAL_DEMO": "1"}
    env = {**os.environ, **mine, "DJANGO_SETTINGS_MODULE": "vlmportal.settings"}
    command = [sys.executable, "-c", WORKER]
    with (
        served(address, folder, LOCAL_DEMO="1"),
        subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as worker,
    ):
        yield Desk(address, worker)
        worker.terminate()


@pytest.fixture(autouse=True)
def clear(desk: Desk) -> None:
    """Every journey starts from an empty queue."""
    desk.run("[withdraw(proposal=p, actor=p.author) for p in Proposal.objects.open().select_related('author')]")


@pytest.fixture
def moderator(desk: Desk, tab: Tab) -> Page:
    page: Page = tab()
    sign_in(page, desk, "demo-moderator")
    return page


def sign_in(page: Page, desk: Desk, name: str) -> None:
    page.goto(f"{desk.address}/accounts/login/?next=/about/")
    if name != ADMIN[0]:
        return page.get_by_role("button", name=name, exact=True).click()
    page.get_by_text("With a password", exact=True).click()
    page.get_by_label("Username").fill(ADMIN[0])
    page.get_by_label("Password").fill(ADMIN[1])
    page.get_by_role("button", name="Sign in with a password").click()
    return page.wait_for_url("**/about/")


def open_first(page: Page, desk: Desk) -> None:
    """From the admin's first page to the first proposal, by the key that the page names."""
    page.goto(f"{desk.address}/admin/")
    page.evaluate(PAINTED)
    page.keyboard.press("n")
    page.wait_for_url("**/change/**")


def press(page: Page, key: str) -> None:
    """Press a key of the review page once its script has run."""
    expect(page.locator("[data-show-keys]")).to_be_visible()
    page.evaluate(PAINTED)
    page.keyboard.press(key)


def expect_message(page: Page, text: str) -> None:
    expect(page.locator("[data-held]")).to_contain_text(text, timeout=SENT)


def expect_sent(page: Page, text: str) -> None:
    """The server's own word; nothing else is held or on its way."""
    expect(page.locator("[data-held] li[data-state=sent]")).to_contain_text(text, timeout=SENT)
    expect_none_held(page)


def expect_none_held(page: Page) -> None:
    expect(page.locator("[data-held] li:not([data-state=sent])")).to_have_count(0, timeout=SENT)


def heading(page: Page) -> Any:
    return page.get_by_role("heading", level=1)


def test_from_a_pasted_line_to_the_public_page(desk: Desk, tab: Tab) -> None:
    author, moderator = tab(), tab()
    sign_in(author, desk, "demo-contributor")
    author.goto(f"{desk.address}/contribute/")
    author.locator("#paste").fill(
        "2024 | MiniVLM | https://arxiv.org/abs/2012.06946 | A small model for vision and language"
    )
    author.get_by_role("button", name="Read it").click()
    author.get_by_role("button", name="Submit for review").click()
    expect(author.get_by_text("Waiting for review").first).to_be_visible()

    sign_in(moderator, desk, "demo-moderator")
    open_first(moderator, desk)
    expect(heading(moderator)).to_have_text("MiniVLM")
    press(moderator, "a")
    moderator.wait_for_url(f"**{QUEUE}")
    expect_message(moderator, "Approved: MiniVLM.")
    assert desk.status("MiniVLM") == {"MiniVLM": "pending"}
    expect(moderator.locator("li[data-state=decided]")).to_have_count(1, timeout=SENT)

    author.goto(f"{desk.address}/papers/minivlm/")
    expect(heading(author)).to_have_text("MiniVLM")
    author.reload()
    assert desk.status("MiniVLM") == {"MiniVLM": "approved"}


def test_a_key_a_decision_and_the_last_ones_can_be_taken_back(desk: Desk, moderator: Page) -> None:
    desk.run("[propose(author=contributor(), name=f'Paper {n}') for n in 'ABC']")
    open_first(moderator, desk)
    press(moderator, "a")
    expect(heading(moderator)).to_have_text("Paper B")
    press(moderator, "1")
    expect(heading(moderator)).to_have_text("Paper C")
    expect(moderator.locator("[data-held] li")).to_have_count(2)

    press(moderator, "z")
    expect(heading(moderator)).to_have_text("Paper B")
    press(moderator, "z")
    expect(heading(moderator)).to_have_text("Paper A")

    expect(moderator.locator("[data-held]")).to_be_hidden()
    assert desk.status("Paper A", "Paper B") == {"Paper A": "pending", "Paper B": "pending"}


def test_a_comment_is_sent_and_offered_again_after_an_undo(desk: Desk, moderator: Page) -> None:
    desk.run("propose(author=contributor(), name='Paper D')\npropose(author=contributor(), name='Paper E')")
    open_first(moderator, desk)
    press(moderator, "c")
    moderator.keyboard.type("Which table? a, r and n are only letters here.")
    moderator.keyboard.press("Control+Enter")
    expect(heading(moderator)).to_have_text("Paper E")
    press(moderator, "z")
    expect(moderator.get_by_label("Words to the author")).to_have_value(
        "Which table? a, r and n are only letters here."
    )
    press(moderator, "c")
    expect(heading(moderator)).to_have_text("Paper E")

    moderator.goto(f"{desk.address}/about/")  # leaving the admin sends what is held
    expect(heading(moderator)).to_be_visible()
    moderator.goto(f"{desk.address}{QUEUE}?state=changes-requested")
    expect(moderator.locator(".queue-rows")).to_contain_text("Paper D")


def test_what_is_held_goes_out_on_every_page_of_the_admin(desk: Desk, moderator: Page) -> None:
    desk.run("propose(author=contributor(), name='Paper F')\npropose(author=contributor(), name='Paper G')")
    open_first(moderator, desk)
    press(moderator, "a")
    expect(heading(moderator)).to_have_text("Paper G")
    moderator.get_by_role("link", name="Tables").click()
    expect(heading(moderator)).to_have_text("Tables")
    expect_sent(moderator, "Approved: Paper F.")
    assert desk.status("Paper F") == {"Paper F": "approved"}


def test_without_a_connection_nothing_is_lost(desk: Desk, moderator: Page, tab: Tab) -> None:
    desk.run("propose(author=contributor(), name='Paper H')\npropose(author=contributor(), name='Paper I')")
    open_first(moderator, desk)
    press(moderator, "a")
    expect(heading(moderator)).to_have_text("Paper I")
    moderator.context.set_offline(True)
    expect_message(moderator, "Paper H: Not sent yet: there is no connection.")
    moderator.context.set_offline(False)
    moderator.get_by_role("button", name="Try now").click()
    expect_sent(moderator, "Approved: Paper H.")


def decide_without_an_answer(desk: Desk, moderator: Page, name: str, lose: Callable[[Any], None]) -> list[str]:
    """Approve a proposal; `lose` deals with the requests, whose methods are returned as they come."""
    desk.run(f"propose(author=contributor(), name={name!r})\npropose(author=contributor(), name='After {name}')")
    methods: list[str] = []

    def handle(route: Any) -> None:
        methods.append(route.request.method)
        lose(route)

    moderator.route("**/approve/**", handle)
    open_first(moderator, desk)
    expect(heading(moderator)).to_have_text(name)
    press(moderator, "a")
    expect(heading(moderator)).to_have_text(f"After {name}")
    return methods


@pytest.mark.parametrize("answer", ["none", "502"])
def test_a_decision_that_arrived_without_an_answer_is_found_and_not_sent_again(
    desk: Desk, moderator: Page, tab: Tab, answer: str
) -> None:
    def lose(route: Any) -> None:
        if route.request.method == "GET":
            route.continue_()
            return
        route.fetch()
        if answer == "none":
            route.abort()
        else:
            route.fulfill(status=502, body="Bad gateway")

    methods = decide_without_an_answer(desk, moderator, f"Paper {answer}", lose)

    expect_sent(moderator, f"Approved: Paper {answer}.")
    assert (methods, desk.status(f"Paper {answer}")) == (["POST", "GET"], {f"Paper {answer}": "approved"})
    desk.run(
        f"reject(proposal=Proposal.objects.get(name='After Paper {answer}'), actor=moderator('mary'), reason='No.')"
    )
    tab.errors.clear()


def test_a_decision_that_may_have_arrived_is_sent_again_by_hand_only(desk: Desk, moderator: Page, tab: Tab) -> None:
    methods = decide_without_an_answer(desk, moderator, "Paper Lost", lambda route: route.abort())

    expect_message(moderator, "Paper Lost: No answer came, so the decision may have arrived.")
    moderator.wait_for_timeout(7_000)  # longer than what was not sent waits
    assert methods == ["POST", "GET", "GET", "GET"]
    moderator.unroute("**/approve/**")
    moderator.get_by_role("button", name="Look at it").click()
    expect(heading(moderator)).to_have_text("Paper Lost")
    moderator.get_by_role("button", name="Send again").click()

    expect_sent(moderator, "Approved: Paper Lost.")
    desk.run("reject(proposal=Proposal.objects.get(name='After Paper Lost'), actor=moderator('mary'), reason='No.')")
    tab.errors.clear()


def test_a_signed_out_moderator_sees_a_message_and_signs_in_again(desk: Desk, moderator: Page, tab: Tab) -> None:
    desk.run("propose(author=contributor(), name='Paper J')\npropose(author=contributor(), name='Paper K')")
    open_first(moderator, desk)
    press(moderator, "5")
    expect(heading(moderator)).to_have_text("Paper K")
    moderator.context.clear_cookies()
    expect_message(moderator, "Paper J: Not sent yet: you are signed out.")
    again = moderator.context.new_page()
    sign_in(again, desk, "demo-moderator")
    moderator.get_by_role("button", name="Try now").click()
    expect_sent(moderator, "Rejected: Paper J.")
    assert desk.status("Paper J") == {"Paper J": "rejected"}
    assert {"403" in text or "ERR_FAILED" in text for text in tab.errors} <= {True}
    tab.errors.clear()


def test_the_second_of_two_moderators_sees_who_decided(desk: Desk, moderator: Page, tab: Tab) -> None:
    desk.run("propose(author=contributor(), name='Paper L')\npropose(author=contributor(), name='Paper M')")
    open_first(moderator, desk)
    press(moderator, "a")
    expect(heading(moderator)).to_have_text("Paper M")
    desk.run("reject(proposal=Proposal.objects.get(name='Paper L'), actor=moderator('mary'), reason='No.')")

    expect_message(moderator, "Paper L: mary has rejected this proposal already.")
    press(moderator, "n")
    moderator.wait_for_load_state()
    expect_message(moderator, "Paper L: mary has rejected this proposal already.")
    moderator.get_by_role("button", name="Seen").click()
    expect(moderator.locator("[data-held]")).to_be_hidden()
    assert ["409" in text for text in tab.errors] == [True]
    tab.errors.clear()


def test_a_stale_edit_is_brought_up_to_date_and_approved(desk: Desk, moderator: Page) -> None:
    desk.run(
        "paper = make_paper(name='Stale', title='Old')\n"
        "propose_edit(paper, author=contributor(), year=2024)\n"
        "make_revision('paper', entry=paper, title='New')"
    )
    open_first(moderator, desk)
    expect(moderator.get_by_text("it is at revision 2 now. Nothing collides.")).to_be_visible()
    press(moderator, "a")  # closed to it, and says nothing worse
    expect(heading(moderator)).to_have_text("Stale")
    press(moderator, "b")
    expect(moderator.get_by_text("Brought up to date: Stale.")).to_be_visible()
    press(moderator, "a")
    expect_sent(moderator, "Approved: Stale.")
    value = desk.run("out = list(Paper.objects.filter(name='Stale').values_list('title', 'year'))")
    assert value == [["New", 2024]]


def test_a_collision_is_decided_by_hand(desk: Desk, moderator: Page) -> None:
    desk.run(
        "paper = make_paper(name='Collides', venue='Old')\n"
        "propose_edit(paper, author=contributor(), venue='Proposed')\n"
        "make_revision('paper', entry=paper, venue='Live')"
    )
    open_first(moderator, desk)
    expect(moderator.locator("#field-venue .side")).to_have_count(3)
    press(moderator, "e")
    moderator.wait_for_url("**/edit/**")
    moderator.get_by_label("Venue").fill("By hand")
    moderator.get_by_role("button", name="Approve as edited").last.click()
    expect(moderator.get_by_text("Approved as you edited it: Collides.")).to_be_visible()
    value = desk.run("out = Paper.objects.get(name='Collides').venue")
    assert value == "By hand"


def test_some_fields_only_by_keyboard(desk: Desk, moderator: Page) -> None:
    desk.run("propose_edit(make_paper(name='Partly'), author=contributor(), year=2024, title='Wrong')")
    open_first(moderator, desk)
    press(moderator, "j")
    press(moderator, "j")
    expect(moderator.get_by_label("Title")).to_be_focused()
    moderator.keyboard.press("x")
    expect(moderator.get_by_role("button", name="Approve a", exact=True)).to_be_disabled()
    press(moderator, "p")
    expect_sent(moderator, "Approved: Partly.")
    value = desk.run("out = list(Paper.objects.filter(name='Partly').values_list('title', 'year'))")
    assert value == [["", 2024]]


def test_the_keys_are_shown_and_sources_are_opened(desk: Desk, moderator: Page) -> None:
    desk.run("propose_edit(make_paper(name='Keys'), author=contributor(), year=2024)")
    open_first(moderator, desk)
    moderator.keyboard.press("?")
    expect(moderator.get_by_role("dialog", name="Keys")).to_be_visible()
    press(moderator, "a")  # a key for the page does nothing behind the dialog
    moderator.keyboard.press("Escape")
    expect(moderator.get_by_role("dialog")).to_have_count(0)
    expect(moderator.locator("[data-held]")).to_be_hidden()
    moderator.context.route("https://arxiv.org/**", lambda route: route.fulfill(body="A paper."))
    with moderator.context.expect_page() as opened:
        moderator.keyboard.press("o")
    expect(opened.value).to_have_url("https://arxiv.org/abs/2301.12597")


def test_an_approved_change_is_undone_from_its_page(desk: Desk, moderator: Page) -> None:
    pk = desk.run(
        "edit = propose_edit(make_paper(name='Undone', year=2023), year=2024)\n"
        "done = approve(proposal=edit, actor=moderator('mary'))\n"
        "out = done.pk"
    )
    moderator.goto(f"{desk.address}{QUEUE}{pk}/change/")
    press(moderator, "u")
    moderator.wait_for_url("**/undo/**")
    moderator.keyboard.type("It was right before.")
    moderator.keyboard.press("Enter")
    expect(moderator.get_by_text("Undone: Undone, by revision 3.")).to_be_visible()
    value = desk.run("out = Paper.objects.get(name='Undone').year")
    assert value == 2023


def test_a_batch_is_decided_together_and_reported_one_by_one(desk: Desk, moderator: Page) -> None:
    desk.run(
        "items = [(KINDS['paper'], {'name': f'Listed {n}'}, None) for n in range(3)]\n"
        "submit_batch(author=contributor(), name='A workshop', items=items, source='https://example.org/')\n"
    )
    moderator.goto(f"{desk.address}{QUEUE}")
    moderator.get_by_role("link", name="batch A workshop").first.click()
    moderator.get_by_label("Tick New entry: Listed 1").check()
    moderator.get_by_role("button", name="Reject…").click()
    moderator.get_by_role("button", name="It is outside what the catalogue is for.").click()
    expect(heading(moderator)).to_have_text("1 rejected")
    moderator.get_by_role("link", name="Back to the queue").click()
    moderator.get_by_role("link", name="batch A workshop").first.click()
    moderator.get_by_role("button", name="Approve all 2 of this selection").click()
    expect(heading(moderator)).to_have_text("2 approved")
    names = ("Listed 0", "Listed 1", "Listed 2")
    assert desk.status(*names) == dict(zip(names, ("approved", "rejected", "approved"), strict=True))


def test_without_scripts_every_decision_is_a_button(desk: Desk, tab: Tab) -> None:
    desk.run("[propose(author=contributor(), name=f'Plain {n}') for n in 'ABC']")
    page = tab(java_script_enabled=False)
    sign_in(page, desk, "demo-moderator")
    page.goto(f"{desk.address}/admin/")
    page.get_by_role("link", name="Review the next one").click()
    page.get_by_role("button", name="Approve", exact=False).first.click()
    expect(page.get_by_text("Approved: Plain A.")).to_be_visible()
    expect(heading(page)).to_have_text("Plain B")
    page.get_by_role("button", name="It is in the catalogue already.").click()
    expect(page.get_by_text("Rejected: Plain B.")).to_be_visible()
    page.get_by_role("button", name="Reject", exact=False).first.click()
    expect(page.get_by_role("alert")).to_have_text("Say why it is rejected.")
    page.get_by_label("Words to the author").fill("Not yet.")
    page.get_by_role("button", name="Request changes").click()
    expect(page.get_by_text("All caught up")).to_be_visible()
    names = ("Plain A", "Plain B", "Plain C")
    assert desk.status(*names) == dict(zip(names, ("approved", "rejected", "changes-requested"), strict=True))
    assert ["400" in text for text in tab.errors] == [True]
    tab.errors.clear()


def test_twenty_decisions_are_twenty_keys(desk: Desk, moderator: Page) -> None:
    desk.run("[propose(author=contributor(), name=f'Twenty {n:02d}', year=2024) for n in range(20)]")
    open_first(moderator, desk)
    began = time.monotonic()
    for n in range(20):
        expect(heading(moderator)).to_have_text(f"Twenty {n:02d}")
        press(moderator, "a" if n % 4 else "2")
    moderator.wait_for_url(f"**{QUEUE}")
    sys.stdout.write(f"20 decisions by keyboard: {time.monotonic() - began:.1f} s\n")  # for docs/review.md
    expect_message(moderator, ": Twenty ")
    expect_none_held(moderator)  # the answers may come in any order
    states = list(desk.status(*(f"Twenty {n:02d}" for n in range(20))).values())
    assert (states.count("approved"), states.count("rejected")) == (15, 5)


PAGES = (
    "queue",
    "batch",
    "create",
    "edit",
    "stale",
    "merge",
    "flag",
    "decided",
    "edit-form",
    "rollback",
    "rollback-confirmed",
    "undo",
    "desk",
    "tables",
    "verify",
    "verification",
)


@pytest.fixture
def laid_out(desk: Desk) -> dict[str, str]:
    """One of everything that a moderator meets, by name."""
    return desk.run(  # type: ignore[no-any-return]
        f"""
queue = {QUEUE!r}
from django.urls import reverse
from submissions.admin.entries import entry_admin_url
from submissions.workflow import carrying_out
ada = contributor()
paper, two = make_paper(name='CLIP', year=2021, summary='Reads images.', authors=['A', 'B']), make_paper(name='CLIP 2')
moved = make_paper(name='BLIP', venue='Old', title='Old')
create = propose(author=ada, name='CLIP', links=[{{'kind': 'code', 'url': 'https://github.com/a/b', 'label': ''}}])
edit = propose_edit(paper, author=ada, year=2022, summary='Reads images and text.', authors=['B', 'C'])
stale = propose_edit(moved, author=ada, venue='Mine')
make_revision('paper', entry=moved, venue='Theirs', title='New')
kind = KINDS['paper']
merged = NewProposal(kind, ProposalAction.MERGE, target=Target.live(paper), into=two, comment='One.')
merge = submit(author=ada, proposed=merged)
flag = submit(author=ada, proposed=NewProposal(kind, ProposalAction.FLAG, target=Target.live(two), comment='Wrong.'))
done = approve(proposal=propose_edit(two, author=ada, year=2020), actor=moderator('mary'))
batch, _ = submit_batch(author=ada, name='A list', items=[(KINDS['dataset'], {{'name': 'D'}}, None)], source='https://a.org/')
result = make_result(source_url='https://arxiv.org/abs/2301.12597', locator='Table 3', split='val')
lock(entry=two, actor=moderator('mary'), reason='An edit war.')
spammed = spam(3)
kept = Paper.objects.with_references().get(pk=spammed[1].entry_id)
make_revision('paper', entry=kept, year=1999)
bob = contributor('bob')
rollback = roll_back(account_id=bob.pk, since=spammed[0].at, actor=moderator('hedy'), reason='Spam.')
confirm_rollback(rollback=rollback, actor=moderator('mary'))
carrying_out.CHUNK_SIZE = 2
carrying_out.carry_out.call(rollback.pk)
page = lambda p, verb='change': f'{{queue}}{{p.pk}}/{{verb}}/'
out = {{
    'queue': queue, 'batch': f'{{queue}}?batch={{batch.pk}}', 'create': page(create), 'edit': page(edit),
    'stale': page(stale), 'merge': page(merge), 'flag': page(flag), 'decided': page(done),
    'edit-form': page(stale, 'edit'), 'rollback': f'{{queue}}rollback/?account=ada&since=2020-01-01',
    'rollback-confirmed': f'{{queue}}rollback/{{rollback.pk}}/',
    'undo': reverse('admin:submissions_undo', args=[done.revision_id]), 'desk': entry_admin_url(two),
    'tables': '/admin/tables/', 'verify': f'/admin/catalog/result/{{result.pk}}/verify/',
    'verification': f'{{queue}}verification/',
}}
"""
    )


def found_by_axe(page: Page) -> list[tuple[str, str]]:
    """The rules that a page breaks, each with the first place; WCAG 2.2's size of targets, 24 px, is among them."""
    options = {"rules": {"target-size": {"enabled": True}}}
    violations = Axe().run(page, options=options).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:160]) for one in violations]


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390), ("dark", 1280), ("light", 320)])
def test_pages_of_the_moderator_are_accessible_complete_and_quiet(
    theme: str, width: int, desk: Desk, tab: Callable[..., Page], laid_out: dict[str, str]
) -> None:
    page = tab(color_scheme=theme, viewport={"width": width, "height": 800})
    sign_in(page, desk, "demo-moderator")
    by_page = {}
    for name in PAGES:
        page.goto(desk.address + laid_out[name])
        bad = found_by_axe(page)
        by_page[name] = bad + [("wide", "")] * (page.evaluate("document.documentElement.scrollWidth") > width)
    assert {name: bad for name, bad in by_page.items() if bad} == {}


TABLES = (
    *(f"catalog/{kind}" for kind in ("paper", "dataset", "benchmark", "result", "topic", "component")),
    *("catalog/revision", "catalog/section", "accounts/user"),
    *(f"submissions/{name}" for name in ("batch", "entrylock", "letter", "watch")),
)


def test_every_table_row_and_history_is_accessible_and_quiet(desk: Desk, tab: Tab, laid_out: dict[str, str]) -> None:
    desk.run("make_result(); make_dataset(); make_topic(); make_component()")
    page = tab(color_scheme="dark")
    sign_in(page, desk, ADMIN[0])
    page.goto(f"{desk.address}/accounts/2fa/")
    set_up_app(page)
    by_page: dict[str, Any] = {}

    def look(path: str) -> None:
        reply = page.goto(f"{desk.address}/admin/{path}")
        assert tab.errors == []
        bad = found_by_axe(page)
        tab.errors.clear()  # axe styles what it measures in place, and the policy tells it off
        if bad or not reply or reply.status != 200:
            by_page[path] = (reply and reply.status, bad)

    for table in TABLES:
        look(f"{table}/")
        row = page.locator("#result_list tbody a").first
        if row.count():
            path = (row.get_attribute("href") or "").partition("/admin/")[2].partition("?")[0]
            look(path)
            look(path.replace("/change/", "/history/"))
    for path in ("submissions/watch/add/", "accounts/user/add/", "password_change/"):
        look(path)
    assert by_page == {}
