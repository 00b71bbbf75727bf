"""Ways in: one line, one identifier, one BibTeX entry, a whole list, as drafts of payloads; and likely twins."""
