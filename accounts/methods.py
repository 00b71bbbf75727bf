"""Which HTTP methods a view takes; vlmportal/middleware.py answers all others."""

from collections.abc import Callable
from typing import TypeVar

View = TypeVar("View", bound=Callable)


def accepts(*methods: str) -> Callable[[View], View]:
    """Declare the methods of a view, as the outermost decorator; HEAD comes with GET. Without it, a view takes GET."""

    def decorate(view: View) -> View:
        view.methods = methods  # type: ignore[attr-defined]  # read by the middleware
        return view

    return decorate
