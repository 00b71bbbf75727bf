"""Protocols: named ways of measuring."""

from django.db import models

from catalog.kinds.shared.conditions import Conditions
from catalog.models import Entry


class Protocol(Conditions, Entry):
    """A named way of measuring, such as a harness with the settings that it prescribes."""

    kind = "protocol"
    plural = "protocols"

    words = models.TextField("as its documentation says", blank=True)
