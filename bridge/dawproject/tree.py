"""``project.xml`` as a tree, bounded, and the numbers in it, checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from bridge.midi.score import MAX_NAME
from bridge.sound.flaws import Flaw

__all__ = ["grown", "name_of", "number", "whole"]

MAX_ELEMENTS = 500_000
MAX_DEPTH = 64
MAX_NUMBER = 1e9

VERSION = "1"

_DOCTYPE = b"<!DOCTYPE"


class _Bounded(TreeBuilder):
    """Grows a tree, and stops where it becomes too large or too deep."""

    def __init__(self) -> None:
        super().__init__()
        self._elements = self._depth = 0

    def start(self, tag: Any, attrs: Any, /) -> Any:
        """Begin an element."""
        self._elements += 1
        self._depth += 1
        if self._elements > MAX_ELEMENTS:
            raise Flaw(f"says more than {MAX_ELEMENTS:,} things; export fewer tracks of it.")
        if self._depth > MAX_DEPTH:
            raise Flaw(f"nests its parts over {MAX_DEPTH} deep; no DAW does, and it is refused.")
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Any:
        """End an element."""
        self._depth -= 1
        return super().end(tag)


def grown(data: bytes) -> Element:
    """Read XML without a document type: entities could grow without end, or name files.

    Parameters
    ----------
    data : bytes
        In UTF-8.

    Returns
    -------
    Element
        The root, ``Project``.

    Raises
    ------
    Flaw
        Where it is something else, too large, or broken.
    """
    if b"\0" in data:  # UTF-16, which hides the declaration, and which expat knows by its mark
        raise Flaw("holds a project.xml that is not in UTF-8; export it again.")
    if _DOCTYPE in data:
        raise Flaw("declares a document type in its project.xml; no DAW does, and it is refused.")
    # Whatever encoding it claims to have: another could spell the declaration in other bytes.
    parser = XMLParser(target=_Bounded(), encoding="utf-8")  # noqa: S314  bounded, no entities
    try:
        parser.feed(data)
        root: Element = parser.close()
    except (ParseError, ValueError, LookupError) as error:
        raise Flaw(f"holds a broken project.xml ({error}). Export it again.") from None
    if root.tag != "Project":
        raise Flaw("holds a project.xml of another kind; it is no DAWproject.")
    version = root.get("version", VERSION)
    if version.partition(".")[0] != VERSION:
        raise Flaw(f"is a DAWproject of version {version[:20]!r}; version {VERSION} is read.")
    return root


def number(said: Mapping[str, str], name: str, usual: float | None = None) -> float:
    """Read a number that an element says.

    Parameters
    ----------
    said : mapping of str to str
        The attributes of an element.
    name : str
        Of the attribute.
    usual : float, optional
        Where it is not said; without one, it has to be.

    Returns
    -------
    float
        Finite, and of a size that music has.

    Raises
    ------
    Flaw
        Where it is none.
    """
    text = said.get(name)
    if text is None:
        if usual is None:
            raise Flaw(f"leaves out {name!r} where a DAWproject needs it. Export it again.")
        return usual
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= MAX_NUMBER:
        raise Flaw(f"says {name} is {text[:40]!r}, which is no place or length of music.")
    return value


def whole(said: Mapping[str, str], name: str, low: int, high: int, usual: int | None = None) -> int:
    """Read a whole number between two others, as `number` does."""
    value = number(said, name, usual)
    if value != int(value) or not low <= value <= high:
        raise Flaw(f"says {name} is {value:g}; it goes from {low} to {high}.")
    return int(value)


def name_of(element: Element, usual: str) -> str:
    """Return a name, on one line and without what cannot be printed."""
    name = "".join(letter for letter in element.get("name", "") if letter.isprintable())
    return name.strip()[:MAX_NAME] or usual
