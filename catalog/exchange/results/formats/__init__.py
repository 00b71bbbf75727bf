"""The formats of results files that are imported, by name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath

from catalog.exchange.results.documents import MAX_BYTES
from catalog.exchange.results.formats import (
    every_eval_ever,
    hf_eval_results,
    lmms_eval,
    mmmu_board,
    model_index,
    mteb,
    open_clip,
    vlmevalkit,
)
from catalog.exchange.results.stated import Stated, UnreadableFile

MAX_RESULTS = 100_000
"""Of one file."""

Read = Callable[[bytes, PurePath], Iterable[Stated]]


@dataclass(frozen=True)
class ResultsFormat:
    """A format of results files: what it is called, how it is read, and how the names of its files end.

    A reader takes the bytes of a file and its path, in which some formats have names, and raises UnreadableFile.
    """

    name: str
    description: str
    reader: Read
    suffixes: tuple[str, ...]
    """In a folder, files whose names end otherwise are left out."""

    def read(self, data: bytes, path: PurePath) -> list[Stated]:
        """All that a file states. Raises UnreadableFile, also for more than MAX_RESULTS of them."""
        stated = list(islice(self.reader(data, path), MAX_RESULTS + 1))
        if len(stated) > MAX_RESULTS:
            raise UnreadableFile(f"The file holds more than {MAX_RESULTS:,} values.")
        return stated


FORMATS = {
    entry.name: entry
    for entry in (
        ResultsFormat("mteb", "a result of MTEB: <model>/<revision>/<task>.json", mteb.read, (".json",)),
        ResultsFormat(
            "open_clip", "a table of open_clip: a checkpoint a row, a data set a column", open_clip.read, (".csv",)
        ),
        ResultsFormat("mmmu_board", "leaderboard_data.json of MMMU's page", mmmu_board.read, (".json",)),
        ResultsFormat("lmms_eval", "results.json of lmms-eval", lmms_eval.read, (".json",)),
        ResultsFormat(
            "vlmevalkit",
            "scores of VLMEvalKit: <model>_<dataset>_acc.csv or _score.csv",
            vlmevalkit.read,
            ("_acc.csv", "_score.csv"),
        ),
        ResultsFormat(
            "hf_eval_results",
            "results in a model repository of Hugging Face: <owner>/<model>/.eval_results/*.yaml",
            hf_eval_results.read,
            (".yaml", ".yml"),
        ),
        ResultsFormat(
            "model_index", "model-index in the front matter of a model card", model_index.read, (".md", ".yaml", ".yml")
        ),
        ResultsFormat("every_eval_ever", "Every Eval Ever, version 0.3", every_eval_ever.read, (".json",)),
    )
}
__all__ = ["FORMATS", "MAX_BYTES", "MAX_RESULTS", "ResultsFormat"]
