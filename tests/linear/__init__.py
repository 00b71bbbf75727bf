"""No input takes a worker: patterns, parsers, differences and searches on texts made to be slow."""
