"""Lists of entries: narrowed, sorted, counted by facet and cut into pages, today and on a past day."""
