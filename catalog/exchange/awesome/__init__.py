"""Awesome-list Markdown, both ways: `reader.parse` and `writer.render`. Pure: text and plain values, no database."""
