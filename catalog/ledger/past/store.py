"""The last past catalogues that were read, as files that all processes of this machine share.

A file is named after the state that it holds, so that days between which nothing changed share one, and it never goes
out of date. Only one is built at a time; the least recently read are deleted.
"""

import fcntl
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.db.models import Count, Max
from django.db.utils import OperationalError

from catalog.kinds import KINDS
from catalog.ledger.past.build import READ_INDEXES, fill
from catalog.models import ListLayout, Renaming, Revision, Section
from catalog.models.database import connected, is_open

MAX_FILES = 12
MAX_WAIT = 5
"""How long a reader waits while another past catalogue is built, in seconds."""
_builders = threading.BoundedSemaphore(2)
"""The threads of a process that build or wait; there are others to serve pages."""
BUILDER_VERSION = 1
"""To be raised whenever `build` fills the same state otherwise."""


class Busy(Exception):
    """Another past catalogue is being built."""


class TooManyRevisions(Exception):
    """The ledger is too long for a past catalogue to be rebuilt while a reader waits."""


@contextmanager
def reading(at: datetime) -> Iterator[None]:
    """Read the catalogue as of a time in this thread, until the block ends. Raises Busy and TooManyRevisions."""
    if is_open():
        raise RuntimeError("A past catalogue is open in this thread already.")
    path = _file_of(at)
    with ExitStack() as opened:
        try:
            opened.enter_context(connected(path))
        except OperationalError:
            if path.exists():
                raise
            opened.enter_context(connected(_file_of(at)))  # another process had deleted it just then
        yield


def _file_of(at: datetime) -> Path:
    """The file with the catalogue as of a time, which is built if there is none, and now is the last that was read."""
    folder = Path(settings.PAST_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    names = f"names-{Renaming.objects.aggregate(last=Max('pk'))['last'] or 0}-"
    path = folder / f"{names}{state_of(at)}.sqlite3"
    try:
        os.utime(path)
    except FileNotFoundError:
        with _building(folder):
            if not path.exists():
                _build(path, at)
                _delete_old(folder, names)
    return path


def state_of(at: datetime) -> str:
    """A digest of the state of the catalogue as of a time, and of the code that rebuilds it. Raises TooManyRevisions,
    which is known after reading that many."""
    limit = settings.PAST_MAX_REVISIONS
    rows = Revision.objects.filter(at__lte=at).order_by()[: limit + 1]
    revisions = rows.aggregate(number=Count("pk"), last=Max("pk"), at=Max("at"))
    if revisions["number"] > limit:
        raise TooManyRevisions(f"More than {limit} revisions up to {at.isoformat()}.")
    present = [
        *ListLayout.objects.aggregate(Max("imported_at")).values(),
        *Section.objects.order_by("pk").values_list(),
    ]
    parts = (BUILDER_VERSION, _code(), *revisions.values(), *present)
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).hexdigest()


def _code() -> str:
    """What the tables, the payloads and the indexes of this version of the code are like."""
    if not _code_digest:
        migrations = sorted(name for app, name in MigrationLoader(None).disk_migrations if app == "catalog")
        shapes = [str(kind.form.shape()) for kind in KINDS.values()]
        indexes = [index.digest(kind) for kind in KINDS.values() for index in READ_INDEXES]
        _code_digest.append("/".join([*migrations, *shapes, *indexes]))
    return _code_digest[0]


_code_digest: list[str] = []


def _build(path: Path, at: datetime) -> None:
    """Build a file under another name first, so that a reader never sees half of it."""
    draft = path.with_suffix(f".{os.getpid()}.draft")
    try:
        with connected(draft, writable=True):
            fill(at)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _delete_old(folder: Path, names: str) -> None:
    """Delete the least recently read files, those with names of people that were replaced since, and what a process
    that was killed left behind. Who reads a file at this moment keeps it until then."""
    by_age = sorted(folder.glob(f"{names}*.sqlite3"), key=lambda path: path.stat().st_mtime, reverse=True)
    kept = set(by_age[:MAX_FILES])
    for path in (*folder.glob("*.sqlite3"), *folder.glob("*.draft")):
        if path not in kept:
            path.unlink(missing_ok=True)


@contextmanager
def _building(folder: Path) -> Iterator[None]:
    """Hold the lock of builders; the system releases it if the process dies. Raises Busy."""
    if not _builders.acquire(blocking=False):
        raise Busy
    try:
        with (folder / "building.lock").open("w") as lock:
            _wait_for(lock)
            yield
    finally:
        _builders.release()


def _wait_for(lock: TextIO) -> None:
    """Take the lock of a file, which the system releases when it is closed. Raises Busy after MAX_WAIT."""
    deadline = time.monotonic() + MAX_WAIT
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Busy from None
            time.sleep(0.05)
