"""Whether the site can be served from a database: it is the portal's own, and migrated."""

from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

OWN_APP = "catalog"
PREPARE = "run python3 bin/portal prepare-data"


def refuse_foreign_tables(using: str = "default", **kwargs: Any) -> None:
    """Before migrating: raise CommandError if the database belongs to another program, so that nothing is added."""
    if problem := foreign(connections[using]):
        raise CommandError(problem)


def foreign(connection: BaseDatabaseWrapper) -> str:
    """Say that the database has tables of another program and none of the portal; empty if that is not so.

    A first migration that was interrupted leaves only tables of the portal.
    """
    if any(app == OWN_APP for app, _ in MigrationRecorder(connection).applied_migrations()):
        return ""
    own = {*connection.introspection.django_table_names(), MigrationRecorder.Migration._meta.db_table}
    tables = sorted(set(connection.introspection.table_names()) - own)
    if not tables:
        return ""
    names = ", ".join(tables[:3]) + (", …" if len(tables) > 3 else "")
    return f"{described(connection)} belongs to another program (tables: {names}); set DATABASE_URL to one of its own."


def unmigrated(connection: BaseDatabaseWrapper) -> str:
    """Say which migrations are missing; empty if none is."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return ""
    first, _ = plan[0]
    if not executor.loader.applied_migrations:
        return f"{described(connection)} is empty; {PREPARE}."
    return f"{described(connection)} lacks {len(plan)} migrations, from {first.app_label}.{first.name}; {PREPARE}."


def obstacle(connection: BaseDatabaseWrapper) -> str:
    """Why the site cannot be served from this database, in one line; empty if it can."""
    try:
        return foreign(connection) or unmigrated(connection)
    except DatabaseError as error:
        return f"{described(connection)} cannot be read: {str(error).splitlines()[0]}."


def described(connection: BaseDatabaseWrapper) -> str:
    """The database by its name, without the password that DATABASE_URL may have."""
    return f"the database {connection.settings_dict['NAME']}"
