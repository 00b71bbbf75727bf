"""`make bench`: fill the databases, measure both sites, write docs/benchmarks.md."""

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vlmportal.settings")
django.setup()

from tooling.base import ScriptError, print_error, print_progress  # noqa: E402

from bench import report  # noqa: E402 -- Django must be set up first
from bench.databases import Pair  # noqa: E402
from bench.measuring import measure_pair  # noqa: E402
from bench.options import Options  # noqa: E402


def main() -> None:
    """Run the whole benchmark. Raises ScriptError if something that it needs is missing."""
    options = Options.from_environment()
    started = time.monotonic()
    pairs = [Pair(engine, size, options.seed) for size in options.sizes for engine in options.engines]
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        load_times = list(pool.map(Pair.ensure_filled, pairs, [options.keep] * len(pairs)))
    pair_results = [measure_pair(pair, loaded, options) for pair, loaded in zip(pairs, load_times, strict=True)]
    path = report.write(pair_results, options, time.monotonic() - started)
    print_progress("Report", str(path))


if __name__ == "__main__":
    try:
        main()
    except ScriptError as error:
        print_error(str(error))
        sys.exit(1)
