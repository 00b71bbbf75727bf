"""The benchmark: its code is in bench/, what it fills and writes beside the site's own data."""

import os

from house import environment, server
from house.base import ROOT, data_dir, must, require_writable


def bench() -> int:
    """`make bench`: the portal beside a plain Django + DRF, over generated catalogues, into docs/benchmarks.md."""
    python = environment.ensure("dev")
    require_writable(data_dir(), "DATA_DIR")
    server.collect_static()
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "bin")])
    must([python, "-m", "bench"], "the benchmark did not finish (the reason is above).")
    return 0
