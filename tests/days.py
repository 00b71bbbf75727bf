"""Days for tests of reads as of a time."""

from datetime import UTC, datetime

TODAY = datetime.now(UTC).date().isoformat()
"""The last day that can be read: what was published by now is in it."""
