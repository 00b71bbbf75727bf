"""Awesome-list Markdown: `reader.parse` and `writer.render`. Text and plain values only, no database."""
