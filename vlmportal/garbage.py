"""When a server process looks for garbage."""

import gc

OBJECTS, YOUNGER, OLDER = 10_000, 20, 20
"""After how many new objects, and how often among them those that survived one look and those that survived two."""


def look_seldom() -> None:
    """Look for unreachable objects less often than Python does by itself, and never among what is loaded by now, which
    stays for good. A large page makes hundreds of thousands of objects that it needs until it is done: looking through
    them over and over took a sixth of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS, YOUNGER, OLDER)
