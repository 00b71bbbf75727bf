"""Plain text of what BibTeX files hold: LaTeX, and the HTML that publishers put into them."""

import html
import re
from functools import cache

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
from pylatexenc.latexwalker import LatexWalkerError

MAX_LENGTH = 5000
"""Characters of a text that are read: more than any field takes."""
MARKUP = re.compile(r"[\\$~]|--|``|''")
LITERAL = re.compile(r"(\\.)|([%&#])", re.DOTALL)
"""Signs that LaTeX gives a meaning to, and that are meant as they are where nobody escaped them."""
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
TAG = re.compile(
    r"</?(?:i|b|u|em|strong|small|sub|sup|scp|sc|tt|span|p|title|inline-formula|tex-math|(?:jats|mml):[a-z]{1,20})"
    r"(?: [^<>]{0,200})?/?>",
    re.IGNORECASE,
)
LINE_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
ESCAPED = re.compile(r"\\([_%&#$~{}])(?:\{\})?")
COMMAND = re.compile(r"\\[a-zA-Z]{1,40}\*? ?")
NAMED_SIGNS = {
    r"\textasciitilde": "~",
    r"\textasciicircum": "^",
    r"\textunderscore": "_",
    r"\textbackslash": "\\",
    r"\textless": "<",
    r"\textgreater": ">",
    r"\slash": "/",
    r"\string": "",
    r"\sim": "~",
}
OWN_SIGNS = {"textasciicircum": "^", "textasciitilde": "~", "textless": "<", "textgreater": ">"}
"""The commands for signs that the decoder reads as other signs, or does not know."""
NAMED_SIGN = re.compile(
    r"\{?\$?(\\(?:textasciitilde|textasciicircum|textunderscore|textbackslash|textless|textgreater|slash|string|sim))"
    r"(?![a-zA-Z])\$? ?(?:\{\})?\}?"
)


def plain_text(raw: str) -> str:
    """One line of text without LaTeX commands, braces, HTML tags and entities; accents are letters."""
    text = LINE_BREAK.sub(" ", TAG.sub("", ENTITY.sub(lambda found: html.unescape(found[0]), raw[:MAX_LENGTH])))
    decoded = _decoded(text) if MARKUP.search(text) else _without_braces(text)
    return " ".join(decoded.split())


def verbatim(raw: str) -> str:
    """An identifier or address without the escapes that LaTeX needs in it; what is no escape stays as it is."""
    text = ENTITY.sub(lambda found: html.unescape(found[0]), raw[:MAX_LENGTH])
    text = ESCAPED.sub(r"\1", NAMED_SIGN.sub(lambda sign: NAMED_SIGNS[sign[1]], text))
    return " ".join(_without_braces(text.replace("$<$", "<").replace("$>$", ">")).split())


def _without_braces(text: str) -> str:
    return text.replace("{", "").replace("}", "")


def _decoded(text: str) -> str:
    """Text of LaTeX. Where it is nested too deeply, or a command lacks what it needs, it loses its commands instead."""
    literal = LITERAL.sub(lambda found: found[1] or f"\\{found[2]}", text)
    try:
        return str(_decoder().latex_to_text(literal))
    except (RecursionError, LatexWalkerError, LookupError, TypeError, ValueError):  # pylatexenc has no error for it
        return _without_braces(COMMAND.sub("", text))


@cache
def _decoder() -> LatexNodes2Text:
    signs = [MacroTextSpec(name, sign) for name, sign in OWN_SIGNS.items()]
    context = get_default_latex_context_db()
    context.add_context_category("as they are", prepend=True, macros=signs)
    context.set_unknown_macro_spec(MacroTextSpec("", discard=False))  # \texttt{word}: the word stays
    return LatexNodes2Text(context, math_mode="text")
