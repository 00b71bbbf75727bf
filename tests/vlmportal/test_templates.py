"""How templates are loaded."""

from pathlib import Path

import pytest
from django.template import Engine, TemplateSyntaxError, engines

from vlmportal.templates import Loader


def engine_of(folder: Path, **texts: str) -> Engine:
    """An engine with the project's loader and these templates: `page_html` is page.html."""
    for name, text in texts.items():
        (folder / name.replace("_", ".")).write_text(text)
    loaders = [("vlmportal.templates.Loader", ["django.template.loaders.filesystem.Loader"])]
    return Engine(dirs=[str(folder)], loaders=loaders, debug=True)


def test_html_is_compiled_without_indentation(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, page_html="<ul>\n    {% if 1 %}\n\t  <li>a  b</li>\n\n    {% endif %}\n</ul>\n")

    assert engine.render_to_string("page.html") == "<ul>\n\n<li>a  b</li>\n\n\n</ul>\n"


def test_indentation_of_a_value_stays(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, page_html="  <pre>{{ code }}</pre>")

    assert engine.render_to_string("page.html", {"code": "def f():\n    pass"}) == "  <pre>def f():\n    pass</pre>"


def test_a_letter_keeps_its_indentation(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, letter_txt="Changed:\n  year\n")

    assert engine.render_to_string("letter.txt") == "Changed:\n  year\n"


def test_an_error_names_its_line(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, page_html="<p>\n    one\n    {% nonsense %}\n</p>")

    with pytest.raises(TemplateSyntaxError) as refused:
        engine.get_template("page.html")
    assert refused.value.template_debug["line"] == 3  # type: ignore[attr-defined]


def test_the_site_uses_it() -> None:
    assert isinstance(engines["django"].engine.template_loaders[0], Loader)  # type: ignore[attr-defined]
