"""Moderation in the admin: the queue, the review page, the desk of an entry, rolling back."""

from submissions.admin import entries, others, queue

__all__ = ["entries", "others", "queue"]
