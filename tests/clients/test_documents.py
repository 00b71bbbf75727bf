"""The documents of the Python client do what they say: its README, the mirror, the notebook, the package."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from tooling.base import ROOT
from vlm_portal_client import PandasMissing, Portal
from vlm_portal_client.transport import VERSION

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.publishing import merge, retire
from submissions.models import Proposal
from tests.catalog.api.reading import read
from tests.factories import make_paper, make_revision, trace

CLIENT = ROOT / "clients" / "python"
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"
BLOCK = re.compile(r"^(<!-- mirror -->\n)?```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(*, mirror: bool) -> list[str]:
    """The Python of the README: the script that mirrors, or the examples."""
    found = BLOCK.findall((CLIENT / "README.md").read_text(encoding="utf-8"))
    return [code for marked, code in found if bool(marked) is mirror]


def environment(**more: str) -> dict[str, str]:
    """The environment of another process that can import the client."""
    return {**os.environ, "PYTHONPATH": str(CLIENT / "src"), **more}


def test_the_examples_of_the_readme_run_in_order(
    address: str, token: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VLM_PORTAL_TOKEN", token)
    names: dict[str, Any] = {}
    with ExitStack() as opened:
        for code in blocks(mirror=False):
            exec(code.replace("https://portal.example.org", address), names)  # noqa: S102 -- our own README
            opened.callback(names["portal"].close)

    said = capsys.readouterr().out
    for line in (
        f"2025 Gemma 3 {address}/papers/gemma-3/",
        "0 models at the end of January 2026",
        "1 2 Qwen2.5-VL 72B 70.2 https://arxiv.org/abs/2502.13923",
        "no place: CLIP ",
        "There is no paper or model at “no-such-paper”, and there never was.",
    ):
        assert line in said
    assert list(names["papers"].index) == ["gemma-3", "qwen2-5-vl"]
    assert list(names["table"]["group"]) == ["ranked", "ranked", "differing"]
    assert len(names["claims"]) == 5
    assert sorted(Proposal.objects.values_list("name", flat=True)) == ["CLIP", "COYO-700M", "DataComp-1B", "LAION-5B"]


def mirrored(address: str, script: Path, path: Path) -> Any:
    """The catalogue as the script of the README has mirrored it: by kind and slug, revision and fields."""
    subprocess.run([sys.executable, script, address, path], check=True, timeout=60, env=environment())
    copy = json.loads(path.read_text())
    return {kind: entries for kind, entries in copy["entries"].items() if entries}


def published() -> Any:
    """The same, read from the lists."""
    rows = {kind.name: read(f"{kind.plural}/?page_size=200")["results"] for kind in KINDS.values()}
    return {
        kind: {row["slug"]: {"revision": row["revision"], "fields": row["fields"]} for row in entries}
        for kind, entries in rows.items()
        if entries
    }


def test_the_mirror_of_the_readme_keeps_an_exact_copy(address: str, tmp_path: Path) -> None:
    [code] = blocks(mirror=True)
    script, path = tmp_path / "mirror.py", tmp_path / "copy.json"
    script.write_text(code, encoding="utf-8")
    assert mirrored(address, script, path) == published()

    clip, gemma = (Paper.objects.with_references().get(slug=slug) for slug in ("clip", "gemma-3"))
    make_revision("paper", clip, year=2020, slug="clip-zero")
    merge(entry=gemma, into=Paper.objects.get(slug="clip-zero"), trace=trace("One paper."))
    retire(entry=make_paper(name="Hoax"), trace=trace("A test."))
    make_paper(name="Clip 9")

    assert mirrored(address, script, path) == published()


def test_the_mirror_has_ten_lines_besides_imports() -> None:
    [code] = blocks(mirror=True)
    lines = [line for line in code.splitlines() if line and not line.startswith(("import", "from"))]

    assert len(lines) <= 10


DRAWN = """
import json
marks = {p.get_label(): p.get_offsets().tolist() for p in axes.collections if not p.get_label().startswith("_")}
bars = [[round(x, 1) for x, _ in line.get_segments()[0]] for line in axes.collections if hasattr(line, "get_segments")]
names = [label.get_text() for label in axes.get_yticklabels()]
print(json.dumps({"title": axes.get_title(), "marks": marks, "bars": bars, "names": names}))
"""


def test_the_notebook_draws_the_board_of_a_running_site(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(DRAWN))

    NotebookClient(notebook, timeout=120, kernel_name="python3").execute(
        env=environment(VLM_PORTAL_URL=address, VLM_PORTAL_BENCHMARK="mmmu")
    )

    drawn = json.loads(notebook.cells[-1].outputs[0].text)
    pictures = [
        output for cell in notebook.cells for output in cell.get("outputs", ()) if "image/png" in output.get("data", {})
    ]
    assert len(pictures) == 1
    assert drawn["title"] == "MMMU, validation: accuracy"
    assert drawn["names"] == ["Qwen2.5-VL 72B", "Gemma 3 27B", "CLIP"]
    assert drawn["bars"] == [[67.1, 73.1], [61.7, 67.9], [77.8, 83.0]]
    assert drawn["marks"] == {"with a place": [[70.2, 0.0], [64.9, 1.0]], "measured differently": [[80.5, 2.0]]}


def test_the_notebook_is_kept_without_output() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)

    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert {(len(cell.outputs), cell.execution_count) for cell in code} == {(0, None)}


def test_the_wheel_holds_the_package_its_types_and_its_licence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "flit_core.wheel", "--outdir", str(tmp_path), str(CLIENT)]
    subprocess.run(command, check=True, timeout=60, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
        metadata = archive.read(f"vlm_portal_client-{VERSION}.dist-info/METADATA").decode()

    sources = CLIENT / "src"
    modules = {path.relative_to(sources).as_posix() for path in sources.rglob("*.py")}
    extra = {"vlm_portal_client/py.typed"} | {
        f"vlm_portal_client-{VERSION}.dist-info/{name}" for name in ("METADATA", "RECORD", "WHEEL", "licenses/LICENSE")
    }
    assert held == modules | extra
    assert "License-Expression: MIT" in metadata
    assert (CLIENT / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def imported(path: Path) -> set[str]:
    """The packages that a module imports from outside the standard library."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names - sys.stdlib_module_names


def test_the_client_imports_what_it_asks_for_and_nothing_of_the_site() -> None:
    project = tomllib.loads((CLIENT / "pyproject.toml").read_text())["project"]
    by_module = {path.name: imported(path) - {"vlm_portal_client"} for path in (CLIENT / "src").rglob("*.py")}

    assert {name: found for name, found in by_module.items() if found} == {
        "frames.py": {"pandas"},
        "boards.py": {"pandas"},
        "paging.py": {"pandas"},
        "portal.py": {"httpx"},
        "transport.py": {"httpx"},
    }
    assert project["dependencies"] == ["httpx>=0.27,<1"]
    assert project["optional-dependencies"] == {"pandas": ["pandas>=2"]}
    assert project["version"] == VERSION


def test_without_pandas_a_frame_says_what_to_install(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    board = portal.board("mmmu")
    monkeypatch.setitem(sys.modules, "pandas", None)

    with pytest.raises(PandasMissing, match=r'^Data frames need pandas: pip install "vlm-portal-client\[pandas\]"$'):
        board.to_frame()


def test_frames_of_an_empty_board_and_list_have_their_columns(portal: Portal) -> None:
    board = portal.board("mmmu", organisation="qwen", metric="ANLS")
    frame = board.to_frame()

    assert list(frame.columns[-2:]) == ["ANLS", "accuracy"]
    assert [str(kind) for kind in frame.dtypes[["first", "accuracy"]]] == ["Int64", "float64"]
    assert portal.entries("paper", year_min=2099).to_frame().index.name == "slug"
