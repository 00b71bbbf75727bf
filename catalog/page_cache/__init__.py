"""Cached responses for anonymous clients: each page and API response is made once for each catalogue version.

Cached are responses of catalogue views to clients without a session or token, with status 200 and no cookie, unless
streamed. Everything else passes through. The version is read from the database at every request, before the response
is made, so that all processes agree and nothing outdated is served. API requests count against the rate limit, cached
or not.

Compressing is safe here although a page may repeat its query (the BREACH attack): no cached page contains a secret.
What passes through is compressed by GZipMiddleware, which hides its length.
"""

from catalog.page_cache.middleware import PageCache

__all__ = ["PageCache"]
