"""What the person who starts a benchmark may choose, from the environment."""

import os
from dataclasses import dataclass

from house import machine


@dataclass(frozen=True)
class Options:
    """Sizes in papers, engines, rounds, seconds a case is asked for in each, the seed, and whether databases that
    older code has filled will do."""

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
