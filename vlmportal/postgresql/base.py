"""The database engine `vlmportal.postgresql`.

statement_timeout ends a statement only if the server works, and TCP's timeouts end a connection only if nobody
acknowledges what is sent. A server that was stopped, or a proxy that lost it, takes statements and never answers.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

CONNECT_PAUSE = 5.0
"""Seconds after an attempt to connect that got no answer, in which others fail at once."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Waits for an answer for OPTIONS["answer_timeout"] seconds, or without end if there is none; for what a new
    connection and a health check need, for `connect_timeout` seconds."""

    connects_again_at = float("-inf")  # of all threads of the process

    is_hurried = False

    @property
    def patience(self) -> float | None:
        """Seconds to wait for an answer at the moment."""
        options = self.settings_dict["OPTIONS"]
        seconds: float | None = options.get("connect_timeout" if self.is_hurried else "answer_timeout")
        return seconds

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        params.pop("answer_timeout", None)
        return params

    def connect(self) -> None:
        if time.monotonic() < DatabaseWrapper.connects_again_at:
            raise psycopg.OperationalError("the server did not answer a moment ago")
        with self._hurried():
            super().connect()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.errors.ConnectionTimeout:
            DatabaseWrapper.connects_again_at = time.monotonic() + CONNECT_PAUSE
            raise
        self._limit_waiting(connection)
        return connection

    def _limit_waiting(self, connection: Any) -> None:
        """Close the connection, and raise OperationalError, if an answer takes too long: it might still come, and be
        taken for that of another statement."""
        wait = connection.wait

        def limited(generator: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            try:
                return wait(generator, interval, self.patience if timeout is None else timeout)
            except psycopg.OperationalError:
                if connection.pgconn.transaction_status == TransactionStatus.ACTIVE:
                    connection.close()
                raise

        connection.wait = limited

    def is_usable(self) -> bool:
        with self._hurried():
            return super().is_usable()

    @contextmanager
    def _hurried(self) -> Iterator[None]:
        """Wait no longer than for a connection."""
        self.is_hurried = True
        try:
            yield
        finally:
            self.is_hurried = False
