"""``bandmate uninstall``: take out of a DAW exactly what ``bandmate install`` put there."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import SettingError, UnknownName
from bridge.commands.install import show
from bridge.commands.parser import Parser
from bridge.daws import installer
from bridge.installing import carrying, record, telling
from bridge.installing.folders import whole
from bridge.installing.record import Record

__all__ = ["main"]


def main(words: Sequence[str]) -> int:
    """Take bandmate out of a DAW again."""
    told = _parser().read(words)
    if bool(told.daw) == told.at_login:
        raise SettingError("Say a DAW, or --at-login (see `bandmate uninstall --help`).")
    if told.at_login:
        return _at_login(dry=told.dry_run)
    known = [name for name in (*_names(), *installer.found()) if name != telling.NAME]
    if told.daw not in known:
        raise UnknownName("DAW to take bandmate out of", told.daw, known)
    written = _written(told.daw, told.folder)
    if not written:
        print(f"Nothing of bandmate's is installed for {told.daw}.")
    for one in written:
        print(f"{one.name}: {one.folder}")
        daw = installer.installer(one.name) if one.name in installer.found() else None
        show(carrying.plan_uninstall(one, daw, closed=told.closed), dry=told.dry_run)
    return 0


def _at_login(*, dry: bool) -> int:
    written = _written(telling.NAME, None)
    if not written:
        print("Nothing starts bandmate with the session.")
        return 0
    service = telling.here()
    left = [] if dry else telling.tell(service.before_off)
    for one in written:
        print(f"{service.title}: {one.folder}")
        show(carrying.plan_uninstall(one, None), dry=dry)
    if dry:
        for command in (*service.before_off, *service.after_off):
            print(f"  would run {shlex.join(command.words)}")
        return 0
    left += telling.by_hand(service.after_off) if left else telling.tell(service.after_off)
    print("\n".join(left or ["bandmate starts with the session no more."]))
    return 0


def _written(name: str, folder: Path | None) -> list[Record]:
    """Return what was written for a DAW: into one folder, or into all of them."""
    where = str(whole(folder)) if folder else ""
    return [one for one in record.records() if one.name == name and where in {"", one.folder}]


def _names() -> list[str]:
    return [one.name for one in record.records()]


def _parser() -> Parser:
    parser = Parser("uninstall", main.__doc__)
    add = parser.add_argument
    add("daw", nargs="?", default="", help=", ".join(installer.found()))
    add("--folder", type=Path, help="only of this folder, where there are several")
    add("--closed", action="store_true", help="the DAW does not run, whatever it looks like")
    add("--dry-run", action="store_true", help="only say what would be done")
    add("--at-login", action="store_true", help="start with the session no more")
    return parser
