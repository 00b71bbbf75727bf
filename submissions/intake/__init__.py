"""Read pasted lines, identifiers, BibTeX and lists into drafts, and find duplicates."""
