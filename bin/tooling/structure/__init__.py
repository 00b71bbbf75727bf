"""`make structure`: measure how the code is built, for docs/structure.md."""

from pathlib import Path

from tooling.base import ROOT, ScriptError, print_progress
from tooling.structure import page
from tooling.structure.measures import MEASURES_OF_PART, all_code, project_measures
from tooling.structure.sources import APPS

PAGE = ROOT / "docs" / "structure.md"


def structure(folder: str = "") -> int:
    """`make structure`: measure the project and rewrite the figures of docs/structure.md.

    With the folder of another checkout, only print that one's figures. Raises ScriptError when it is not one.
    """
    root = Path(folder or ROOT).absolute()
    present = [app for app in APPS if (root / app).is_dir()]  # an earlier commit has fewer
    if not present:
        raise ScriptError(f"{root} is not a checkout of the portal: it has no {APPS[0]}/.")
    everything = all_code(root)
    parts = [*(everything.in_folder(app) for app in present), everything]
    rows = {name: [measure(part) for part in parts] for name, measure in MEASURES_OF_PART.items()}
    project = project_measures(root, everything)
    apps = page.table(["", *present, "all"], rows)
    print(f"{apps}\n{page.table(['', 'all'], {name: [value] for name, value in project.items()})}", end="")
    if not folder:
        updated_page = page.with_column(PAGE.read_text(), {name: values[-1] for name, values in rows.items()} | project)
        PAGE.write_text(page.with_apps(updated_page, apps))
        print_progress("Structure", str(PAGE))
    return 0
