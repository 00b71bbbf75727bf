"""The version of the catalogue: what every public page is made from, told in one small query."""

from django.db import connection

from catalog.models import ListLayout, Renaming, Revision

QUERY = (
    f"SELECT (SELECT max(id) FROM {Revision._meta.db_table}), "  # noqa: S608 -- our own tables' names
    f"(SELECT at FROM {Revision._meta.db_table} ORDER BY id DESC LIMIT 1), "
    f"(SELECT max(id) FROM {Renaming._meta.db_table}), "
    f"(SELECT max(imported_at) FROM {ListLayout._meta.db_table})"
)


def version() -> str:
    """A text that changes with each revision, each replacing of names and each import of a list.

    Publishers and those who leave take turns (Revision.objects.await_turn), so that ids become visible in order and a
    version never comes back; the time of the newest revision tells a restored backup from what came after it.
    """
    with connection.cursor() as cursor:
        cursor.execute(QUERY)
        return "/".join(map(str, cursor.fetchone())).replace(" ", "T")
