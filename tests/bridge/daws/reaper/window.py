"""A stand-in for ``gfx``: menus, keys, and what is drawn."""

from typing import Any


class Window:
    """gfx: menus are answered with the entry whose text holds a word; keys come from a list.

    "Suggest chords > Vary it" is an entry of a submenu.
    """

    def __init__(self) -> None:
        self.picks: list[str | None] = []
        self.menus: list[list[str]] = []
        self.keys: list[int] = []
        self.drawn: list[str] = []
        self.is_open = False

    def functions(self) -> dict[str, Any]:
        silent = dict.fromkeys(("set", "rect", "update", "setfont"), lambda *_: None)
        numbers = dict.fromkeys(("x", "y", "mouse_x", "mouse_y", "mouse_cap"), 0)
        return {
            **silent,
            **numbers,
            "init": lambda *_: setattr(self, "is_open", True),
            "quit": lambda: setattr(self, "is_open", False),
            "getchar": lambda: self.keys.pop(0) if self.keys else 0,
            "drawstr": self.drawn.append,
            "showmenu": self._menu,
        }

    def _menu(self, text: str) -> int:
        entries = [entry for entry in text.split("|") if entry and not entry.startswith(">")]
        self.menus.append(text.split("|"))
        word = self.picks.pop(0) if self.picks else None
        if word is None:
            return 0
        place = _place(text, word)
        assert not entries[place - 1].lstrip("<").startswith("#"), "a grey entry cannot be picked"
        return place


def _place(text: str, word: str) -> int:
    """Count entries as the menu does: heads of submenus and lines are none."""
    head, _, inside = word.rpartition(" > ")
    place, is_inside = 0, not head
    for entry in text.split("|"):
        if entry.startswith(">"):
            is_inside = is_inside or head in entry
        elif entry:
            place += 1
            if is_inside and inside in entry:
                return place
    raise LookupError(f"{word} is not in {text}")
