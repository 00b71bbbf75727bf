"""Cached responses for anonymous clients: each page and API read is made once for each catalogue version.

What is held is what a reader without a session or token got from a view of the catalogue, whole, with status 200 and no
cookie. Everything else passes through. The version is read from the database at every request, before the answer is
made, so that all processes agree and nothing out of date is ever given. Each read of the API is counted as it comes.

Compressing is safe here although a page may repeat its query (the BREACH attack): no page that is held has a secret in
it. What passes through is compressed by GZipMiddleware, which hides its length.
"""

from catalog.page_cache.middleware import PageCache

__all__ = ["PageCache"]
