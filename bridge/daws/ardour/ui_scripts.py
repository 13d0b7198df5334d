"""Ardour's file ``ui_scripts``: the Lua of its action slots, and of what it calls by a timer.

The slots are one Lua program in base64, of statements such as ``scripts[1]["n"] = "name"``; it is
taken to pieces as text and never run. What is not ours is kept to the byte.
"""

from __future__ import annotations

import base64
import binascii
import re
from html import escape

from assistant.errors import DawError
from bridge.daws.lua import string

__all__ = ["MAX_SLOTS", "slots", "with_hook", "with_slot", "without"]

MAX_SLOTS = 32

_EMPTY = '<?xml version="1.0" encoding="UTF-8"?>\n<UIScripts>\n</UIScripts>\n'
_SLOTS = re.compile(r"(<ActionScript\b[^>]*>)([^<]*)(</ActionScript>)|<ActionScript\b[^>]*/>")
_HOOKS = re.compile(r"(<ActionHooks\b[^>]*[^/]>|<ActionHooks>)|<ActionHooks\b[^>]*/>")
_HOOK = r'[ \t]*<LuaCallback\b[^>]*\bname="{}[^"]*"[^>]*>[^<]*</LuaCallback>\n?'
_STRING = re.compile(r'"(?:\\.|[^"\\])*"', re.DOTALL)
_STATEMENT = re.compile(r"scripts\[(\d+)\]")
_FIRST_HOOK_ID = 2_000_000_000
"""Ids only have to differ; Ardour counts its own from 1."""


def slots(text: str) -> dict[int, str]:
    """Return the names of the actions, by slot; slots count from 1.

    Raises
    ------
    DawError
        Where the file is not as Ardour writes it.
    """
    found: dict[int, str] = {}
    program = _program(text)
    blank = _blanked(program)
    for begin in re.finditer(r"scripts\[(\d+)\]\[...\] = \"", blank):
        if program[begin.start() : begin.end()].endswith('["n"] = "'):
            end = blank.index('"', begin.end())
            found[int(begin[1])] = _plain(program[begin.end() : end])
    return found


def with_slot(text: str, slot: int, name: str, body: str) -> str:
    """Put an action into a free slot; 0 is the first that is free.

    Parameters
    ----------
    text : str
        The file; ``""`` where there is none.
    slot : int
        From 1 to `MAX_SLOTS`, or 0.
    name : str
        What the menu says.
    body : str
        Lua that returns the function to call.

    Raises
    ------
    DawError
        Where all slots are taken, or the file is not as Ardour writes it.
    """
    program = _program(text) or "scripts = {} "
    taken = {int(number) for number in _STATEMENT.findall(_blanked(program))}
    free = [number for number in range(1, MAX_SLOTS + 1) if number not in taken]
    if not free or (slot and slot not in free):
        raise DawError(
            f"All {MAX_SLOTS} places of Ardour for Lua actions are taken; remove some in "
            "Edit > Lua Scripts > Script Manager, and try again."
        )
    place = f"scripts[{slot or free[0]}]"
    source = f'ardour {{ ["type"] = "EditorAction", name = {string(name)} }}\n'
    whole = f"{source}function factory () {body} end"
    fields = {"n": string(name), "s": string(whole), "f": string(body), "a": "{}", "c": "false"}
    said = " ".join(f'{place}["{key}"] = {value}' for key, value in fields.items())
    return _with_program(text, f"{program}{place} = {{}} {said} ")


def with_hook(text: str, name: str, signals: str, body: str) -> str:
    """Put in what Ardour calls on a signal.

    Parameters
    ----------
    text : str
        The file; ``""`` where there is none.
    name : str
        What the script manager says.
    signals : str
        Zeros and ones, one for each signal of Ardour's, the last one first.
    body : str
        Lua that returns the function to call.
    """
    source = f'ardour {{ ["type"] = "EditorHook", name = {string(name)} }}\n'
    whole = f"{source}function factory () {body} end"
    fields = {"n": string(name), "s": string(whole), "f": string(body), "a": "{}"}
    said = "s = {} " + " ".join(f's["{key}"] = {value}' for key, value in fields.items()) + " "
    number = _FIRST_HOOK_ID + text.count("<LuaCallback ")
    ours = (
        f'    <LuaCallback lua="Lua 5.3" id="{number}" name="{escape(name)}" signals="{signals}">'
        f"{_to_base64(said)}</LuaCallback>\n"
    )
    text = _whole(text)
    hooks = _HOOKS.search(text)
    if hooks is None:
        return _inserted(text, f"  <ActionHooks>\n{ours}  </ActionHooks>\n")
    opened = hooks[1] or "<ActionHooks>"
    closed = "" if hooks[1] else "  </ActionHooks>"
    return f"{text[: hooks.start()]}{opened}\n{ours}{closed}{text[hooks.end() :].lstrip(chr(10))}"


def without(text: str, prefix: str) -> str:
    """Take out the actions and hooks whose names begin so; all others stay as they are.

    Raises
    ------
    DawError
        Where the file is not as Ardour writes it.
    """
    text = re.sub(_HOOK.format(re.escape(escape(prefix))), "", text)
    ours = [slot for slot, name in slots(text).items() if name.startswith(prefix)]
    if not ours:
        return text
    program = _program(text)
    for slot in ours:
        program = _without_slot(program, slot)
    return _with_program(text, program)


def _without_slot(program: str, slot: int) -> str:
    """Leave out every statement of one slot."""
    starts = [one.start() for one in re.finditer(r"scripts(?=\[| = )", _blanked(program))]
    pieces = [program[: starts[0]] if starts else program]
    for begin, end in zip(starts, [*starts[1:], len(program)], strict=True):
        if not program.startswith(f"scripts[{slot}]", begin):
            pieces.append(program[begin:end])
    return "".join(pieces)


def _blanked(program: str) -> str:
    """Blank what is inside strings, in which any Lua may stand."""
    return _STRING.sub(lambda text: '"' + " " * (len(text[0]) - 2) + '"', program)


def _plain(quoted: str) -> str:
    r"""Read the inside of a string of Lua: ``\065`` is a byte, ``\x`` is x."""
    raw = re.sub(
        r"\\(\d{1,3}|.)",
        lambda found: chr(int(found[1]) & 0xFF) if found[1].isdigit() else found[1],
        quoted,
        flags=re.DOTALL,
    )
    return raw.encode("latin-1").decode("utf-8", "replace")


def _whole(text: str) -> str:
    text = text if text.strip() else _EMPTY
    if "</UIScripts>" not in text:
        raise DawError("Ardour's file ui_scripts is not as Ardour writes it; it is left as it is.")
    return text


def _program(text: str) -> str:
    """Return the Lua of the slots; characters are bytes."""
    found = _SLOTS.search(_whole(text))
    try:
        code = "".join(((found and found[2]) or "").split())
        return base64.b64decode(code, validate=True).decode("latin-1")
    except binascii.Error:
        raise DawError("Ardour's file ui_scripts holds something else than Ardour's.") from None


def _with_program(text: str, program: str) -> str:
    text = _whole(text)
    found = _SLOTS.search(text)
    opened = (found and found[1]) or '<ActionScript lua="Lua 5.3">'
    node = f"{opened}{_to_base64(program)}</ActionScript>"
    if found is None:
        return _inserted(text, f"  {node}\n")
    return text[: found.start()] + node + text[found.end() :]


def _inserted(text: str, node: str) -> str:
    before, end, after = text.partition("</UIScripts>")
    return f"{before}{node}{end}{after}"


def _to_base64(program: str) -> str:
    return base64.b64encode(program.encode("latin-1")).decode()
