"""How templates are loaded."""

import re

from django.template import Origin
from django.template.loaders import cached

INDENTATION = re.compile(r"\n[ \t]+")


class Loader(cached.Loader):
    """Compiles each template once, an HTML one without the indentation that is for its authors alone.

    A page with two hundred rows would carry it two hundred times. Lines stay, so an error still names the right one.
    """

    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        return INDENTATION.sub("\n", contents) if str(origin.template_name).endswith(".html") else contents
