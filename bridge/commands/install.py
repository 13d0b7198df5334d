"""``bandmate install``: put bandmate into a DAW, or let it start with the session."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import FileError, SettingError
from bridge import places
from bridge.commands import serve
from bridge.commands.parser import Parser
from bridge.daws import installer
from bridge.installing import carrying, telling
from bridge.installing.carrying import Plan
from bridge.installing.folders import folder_of

__all__ = ["main", "show"]


def main(words: Sequence[str]) -> int:
    """Put bandmate into a DAW; without a name, list the DAWs on this machine."""
    told = _parser().read(_joined(words))
    if told.at_login and (told.daw or told.folder or told.closed):
        seen = "A DAW" if told.daw else "--folder" if told.folder else "--closed"
        raise SettingError(f"{seen} and --at-login are two things: say one after the other.")
    if told.serve and not told.at_login:
        raise SettingError("--serve goes with --at-login: it says with which options.")
    if told.at_login:
        return _at_login(_options(told.serve), dry=told.dry_run)
    if told.daw:
        return _daw(told.daw, told.folder, closed=told.closed, dry=told.dry_run)
    return _list()


def _joined(words: Sequence[str]) -> list[str]:
    """Bind ``--serve --link`` together, of which the second is no option of this command."""
    said = list(words)
    if "--serve" in said[:-1]:
        at = said.index("--serve")
        said[at : at + 2] = ["=".join(said[at : at + 2])]
    return said


def _options(said: str) -> list[str]:
    """Read what `bandmate serve` is to be told; it would else fail unseen, at each login."""
    try:
        options = shlex.split(said)
    except ValueError as error:
        raise SettingError(f"--serve is {said[:80]!r}: {error}.") from None
    serve.check(options)
    return options


def show(plan: Plan, *, dry: bool) -> None:
    """Print what is done, and do it; dry, only print."""
    if not plan.steps:
        print("  nothing to change")
    if not dry:
        plan.carry_out()
    for step in plan.steps:
        print(f"  {'would ' if dry else ''}{step}")
    for remark in plan.remarks:
        print(f"  note: {remark}")


def _daw(name: str, told: Path | None, *, closed: bool, dry: bool) -> int:
    daw = installer.installer(name)
    folder = folder_of(daw, told)
    if folder is None:
        raise FileError(
            f"{daw.TITLE} is not found on this machine. Start it once; or say where its folder "
            f"is: bandmate install {name} --folder FOLDER"
        )
    command = places.command()
    if command is None:
        raise FileError("The program `bandmate` is not found: install bandmate again.")
    print(f"{daw.TITLE}: {folder}")
    show(carrying.plan_install(name, daw, folder, str(command), closed=closed), dry=dry)
    print("Next:")
    for number, step in enumerate(daw.NEXT, 1):
        print(f"  {number}. {step}")
    return 0


def _at_login(words: list[str], *, dry: bool) -> int:
    service = telling.here(words)
    files = {service.path.name: service.content}
    if not dry:
        service.path.parent.mkdir(parents=True, exist_ok=True)
    print(f"{service.title}: {service.path}")
    program = str(places.command() or sys.executable)
    show(carrying.write_files(telling.NAME, service.path.parent, files, program), dry=dry)
    if dry:
        for command in service.on:
            print(f"  would run {shlex.join(command.words)}")
        return 0
    left = telling.tell(service.on)
    print("\n".join(left or ["bandmate runs, and starts with the session from now on."]))
    return 0


def _list() -> int:
    for name in installer.found():
        daw = installer.installer(name)
        folder = folder_of(daw)
        seen = f"{folder}: bandmate install {name}" if folder else "not found"
        print(f"{daw.TITLE:14} {seen}")
    return 0


def _parser() -> Parser:
    parser = Parser("install", main.__doc__)
    add = parser.add_argument
    add("daw", nargs="?", default="", help=", ".join(installer.found()))
    add("--folder", type=Path, help="the DAW's folder, where it is not found")
    add("--closed", action="store_true", help="the DAW does not run, whatever it looks like")
    add("--dry-run", action="store_true", help="only say what would be done")
    add("--at-login", action="store_true", help="start `bandmate serve` with the session")
    add("--serve", default="", metavar="OPTIONS", help='with --at-login: options, as "--log info"')
    return parser
