"""`make structure`: measure how the code is built, for docs/structure.md."""

from pathlib import Path

from house.base import ROOT, HouseError, say
from house.structure import page
from house.structure.measures import OF_A_PART, of_the_project, part_of
from house.structure.sources import APPS

PAGE = ROOT / "docs" / "structure.md"


def structure(folder: str = "") -> int:
    """`make structure`: measure the project and rewrite the figures of docs/structure.md.

    With the folder of another checkout, only print that one's figures. Raises HouseError when it is not one.
    """
    root = Path(folder or ROOT).absolute()
    if missing := [app for app in APPS if not (root / app).is_dir()]:
        raise HouseError(f"{root} is not a checkout of the portal: it has no {missing[0]}/.")
    everything = part_of(root)
    parts = [*(everything.in_folder(app) for app in APPS), everything]
    rows = {name: [measure(part) for part in parts] for name, measure in OF_A_PART.items()}
    whole = of_the_project(root, everything)
    apps = page.table(["", *APPS, "all"], rows)
    print(f"{apps}\n{page.table(['', 'all'], {name: [value] for name, value in whole.items()})}", end="")
    if not folder:
        written = page.with_column(PAGE.read_text(), {name: values[-1] for name, values in rows.items()} | whole)
        PAGE.write_text(page.with_apps(written, apps))
        say("Structure", str(PAGE))
    return 0
