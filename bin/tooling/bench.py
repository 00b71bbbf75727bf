"""`make bench`. Its code is in bench/, its databases in DATA_DIR/bench."""

import os

from tooling import environment, server
from tooling.base import ROOT, data_dir, require_writable
from tooling.processes import run_or_fail


def bench() -> int:
    """Compare the portal with a plain Django + DRF over generated catalogues, and write docs/benchmarks.md."""
    python = environment.ensure("dev")
    require_writable(data_dir(), "DATA_DIR")
    server.collect_static()
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "bin")])
    run_or_fail([python, "-m", "bench"], "the benchmark did not finish (see above).")
    return 0
