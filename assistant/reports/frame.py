"""The frame of a report, and what is hung into it: cards, figures, keys to them, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.reports.words import safe

__all__ = ["figure", "frame", "key", "row", "table"]


def frame(
    title: str, why: str, *, cards: Iterable[tuple[str, str]], style: str, body: Iterable[str]
) -> str:
    """Put a page together.

    Parameters
    ----------
    title, why : str
        Of the suggestion, as plain text.
    cards : iterable of (str, str)
        What was found: a name as plain text, and what is said of it, as HTML.
    style : str
        CSS.
    body : iterable of str
        Sections, as HTML. What is drawn but once, such as patterns, may stand before them.

    Returns
    -------
    str
        HTML that asks for nothing from anywhere.
    """
    named = safe(title)
    items = "".join(f"<li><span>{safe(name)}</span><b>{said}</b></li>" for name, said in cards)
    return "".join(
        (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<title>{named}</title><style>{style}</style></head><body><main>",
            f"<header><h1>{named}</h1><p>{safe(why)}</p>",
            f'<ul class="cards">{items}</ul>' if items else "",
            "</header>",
            *body,
            "</main></body></html>\n",
        )
    )


def figure(caption: str, svg: str, label: str) -> str:
    """Hang a picture that is slid sideways where the page is narrow.

    Parameters
    ----------
    caption, label : str
        What stands over it, and what it is called aloud; plain text.
    svg : str
        An ``svg`` element.
    """
    return (
        f'<figure><figcaption>{safe(caption)}</figcaption><div class="wide" tabindex="0"'
        f' role="region" aria-label="{safe(label)}">{svg}</div></figure>'
    )


def key(items: Iterable[tuple[str, str]]) -> str:
    """Say what the lines of a picture are.

    Parameters
    ----------
    items : iterable of (str, str)
        SVG on paper 34 wide and 16 high, and what it stands for, as plain text.
    """
    told = (
        f'<li><svg viewBox="0 0 34 16" aria-hidden="true">{drawn}</svg>{safe(words)}</li>'
        for drawn, words in items
    )
    return f'<ul class="key">{"".join(told)}</ul>'


def table(label: str, heads: Iterable[tuple[str, str]], rows: Iterable[str]) -> str:
    """Make a table.

    Parameters
    ----------
    label : str
        What it is called aloud, as plain text.
    heads : iterable of (str, str)
        Class and words of each column; numbers need no class, text has ``"t"``.
    rows : iterable of str
        From `row`.
    """
    named = "".join(f'<th scope="col"{_class(kind)}>{safe(head)}</th>' for kind, head in heads)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{safe(label)}">'
        f"<table><thead><tr>{named}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def row(name: str, cells: Sequence[tuple[str, str]], mark: str = "") -> str:
    """Make a row of a table.

    Parameters
    ----------
    name : str
        In the first column, as HTML.
    cells : sequence of (str, str)
        Class and HTML of each other column.
    mark : str
        An ``id`` that links may lead to.
    """
    said = "".join(f"<td{_class(kind)}>{cell}</td>" for kind, cell in cells)
    marked = f' id="{mark}"' if mark else ""
    return f'<tr{marked}><th scope="row">{name}</th>{said}</tr>\n'


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
