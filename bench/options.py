"""The options of a benchmark, from environment variables."""

import os
from dataclasses import dataclass

from tooling import machine


@dataclass(frozen=True)
class Options:
    """Sizes in papers, engines, rounds, seconds per case and round, the seed, and whether to keep databases that older
    code filled."""

    sizes: tuple[int, ...]
    engines: tuple[str, ...]
    rounds: int
    seconds: int
    seed: int
    keep: bool

    @classmethod
    def from_environment(cls) -> "Options":
        engines = os.environ.get("ENGINES") or ("sqlite postgresql" if machine.postgres() else "sqlite")
        return cls(
            sizes=tuple(int(size) for size in (os.environ.get("SIZES") or "1000 100000").split()),
            engines=tuple(engines.split()),
            rounds=int(os.environ.get("ROUNDS") or 3),
            seconds=int(os.environ.get("SECONDS") or 1),
            seed=int(os.environ.get("SEED") or 1),
            keep=os.environ.get("KEEP") == "1",
        )
