"""Moderation in the admin site: the queue, the review page, entry admin pages, rollback."""

from submissions.admin import batches, emails, entries, locks, queue, watches

__all__ = ["batches", "emails", "entries", "locks", "queue", "watches"]
