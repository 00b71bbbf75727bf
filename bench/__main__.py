"""`make bench`: fill the databases, ask both sites in turn, write docs/benchmarks.md."""

import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vlmportal.settings")
django.setup()

from house.base import say  # noqa: E402

from bench import report  # noqa: E402 -- Django must be set up first
from bench.databases import Pair  # noqa: E402
from bench.measuring import chapter  # noqa: E402
from bench.options import Options  # noqa: E402

options = Options.from_environment()
started = time.monotonic()
pairs = [Pair(engine, size, options.seed) for size in options.sizes for engine in options.engines]
path = report.write([chapter(pair, options) for pair in pairs], options, time.monotonic() - started)
say("Report", str(path))
