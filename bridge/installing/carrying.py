"""Installs what a DAW's ``install.py`` names, and takes it out again; told first, then done.

Twice is the same as once. What the musician changed, or what was there before, is kept beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from assistant.errors import FileError
from bridge.daws.installer import Installer, Merge
from bridge.installing import record as book
from bridge.installing.processes import Look, look
from bridge.installing.record import Record, digest
from bridge.installing.steps import Step, carry_out, placing, read, removing
from bridge.version import VERSION

__all__ = ["Plan", "plan_install", "plan_uninstall", "write_files"]

BACKUP = ".before-bandmate"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is going to be done.

    Parameters
    ----------
    record : Record
        What is known afterwards; without files, nothing is.
    steps : tuple of Step
        In order; empty where all is as it should be.
    remarks : tuple of str
        What the musician has to know or to do besides.
    """

    record: Record
    steps: tuple[Step, ...]
    remarks: tuple[str, ...] = ()

    def carry_out(self) -> None:
        """Do it, and remember it; raises `FileError` where a step cannot be done."""
        stays = bool(self.record.files or self.record.merged)
        if stays:
            book.keep(self._begun())
        carry_out(self.steps)
        if stays:
            book.keep(self.record)
        else:
            book.forget(self.record)

    def _begun(self) -> Record:
        """Return what is known until all is done: each file as it was, or as it will be."""
        known = book.find(self.record.name, Path(self.record.folder))
        written = {**(known.files if known else {})}
        for relative, content in self.record.files.items():
            either = dict.fromkeys((*written.get(relative, "").split(), content))
            written[relative] = " ".join(either)
        return replace(self.record, files=written)


def plan_install(
    name: str, daw: Installer, folder: Path, command: str, *, closed: bool = False
) -> Plan:
    """Say what to do so that a DAW has bandmate's script.

    Parameters
    ----------
    name : str
        The DAW's, as bandmate calls it.
    daw : Installer
        What goes there.
    folder : Path
        Where it goes.
    command : str
        bandmate with its whole path.
    closed : bool
        The musician says that the DAW does not run.

    Returns
    -------
    Plan
        Files that the DAW writes anew when it ends are left alone while it runs.
    """
    plan = write_files(name, folder, daw.files(command), command)
    steps, remarks, merged = list(plan.steps), [], dict(plan.record.merged)
    merges = daw.merges(command)
    seen = _seen(daw, merges, closed)
    for relative, merge in merges.items():
        path = plan.record.path(relative).resolve()
        before = _text(path)
        after = merge.merge(before or "")
        if after == before:
            merged.setdefault(relative, False)
        elif merge.only_when_closed and seen.runs is not False:
            remarks += [_why(daw, seen, path, name), merge.otherwise]
        else:
            merged.setdefault(relative, before is None)
            steps += _changing(path, before, after)
    if seen.runs is False and seen.by:
        remarks.append(f"{daw.TITLE} does not run, as far as {seen.by} tells.")
    said = tuple(remark for remark in remarks if remark)
    return Plan(replace(plan.record, merged=merged), tuple(steps), said)


def plan_uninstall(record: Record, daw: Installer | None, *, closed: bool = False) -> Plan:
    """Say what to do so that everything that was installed is gone again.

    Parameters
    ----------
    record : Record
        What was installed.
    daw : Installer or None
        The DAW; None where only files were written.
    closed : bool
        The musician says that the DAW does not run.

    Raises
    ------
    FileError
        Where the DAW runs, and would write back what is taken out.
    """
    steps: list[Step] = []
    merges = daw.merges(record.command) if daw else {}
    merges = {relative: merges[relative] for relative in record.merged if relative in merges}
    for relative, merge in merges.items():
        steps += _taking_out(record, relative, merge)
    seen = _seen(daw, merges, closed) if daw and steps else Look(False, "")
    if daw and seen.runs is not False:
        raise FileError(_why(daw, seen, Path(record.folder), record.name, "uninstall"))
    for relative in record.files:
        steps += _removing(record, relative)
    steps += [Step("clear", record.path(folder)) for folder in reversed(record.made)]
    gone = {step.path for step in steps if step.doing == "remove"}
    backups = {_backup(record.path(relative).resolve()) for relative in merges}
    remarks = [f"{path} is left: much changed since." for path in backups - gone if path.exists()]
    return Plan(replace(record, files={}, made=(), merged={}), tuple(steps), tuple(remarks))


def write_files(name: str, folder: Path, files: Mapping[str, bytes], command: str) -> Plan:
    """Say what to do so that a folder holds some files, and none of an older bandmate.

    Parameters
    ----------
    name : str
        What they are for.
    folder : Path
        Where they go.
    files : mapping of str to bytes
        By relative path.
    command : str
        What they call.
    """
    known = book.find(name, folder) or Record(name, str(folder), VERSION, command)
    now = {relative: digest(content) for relative, content in files.items()}
    made = _missing_folders(known, now)
    record = replace(known, version=VERSION, command=command, files=now, made=(*known.made, *made))
    steps = [Step("make", record.path(one)) for one in made]
    for relative in known.files.keys() - now.keys():
        steps += _removing(known, relative)
    for relative, content in files.items():
        steps += placing(record.path(relative), content, _is_ours(known, relative))
    return Plan(record, tuple(steps))


def _missing_folders(record: Record, files: Mapping[str, str]) -> list[str]:
    """List the folders that have to be made, each after the one it lies in."""
    above = {str(folder): None for path in files for folder in PurePosixPath(path).parents}
    missing = [one for one in above if one != "." and not record.path(one).exists()]
    return sorted(missing, key=lambda one: len(PurePosixPath(one).parts))


def _is_ours(record: Record, relative: str) -> bool:
    """Say whether a file is as bandmate wrote it."""
    there = read(record.path(relative))
    return there is not None and digest(there) in record.files.get(relative, "").split()


def _removing(record: Record, relative: str) -> list[Step]:
    path = record.path(relative)
    steps = removing(path, _is_ours(record, relative))
    if path.suffix == ".py":  # what Python made of it would keep its folder from being cleared
        compiled = [*path.parent.glob(f"__pycache__/{path.stem}.*.pyc")]
        steps += [Step("remove", one) for one in compiled]
        steps += [Step("clear", path.parent / "__pycache__")] if compiled else []
    return steps


def _seen(daw: Installer, merges: Mapping[str, Merge], closed: bool) -> Look:
    """Look whether the DAW runs, where that matters."""
    if closed or not any(merge.only_when_closed for merge in merges.values()):
        return Look(False, "")
    return look(daw.PROGRAMS)


def _why(daw: Installer, seen: Look, path: Path, name: str, doing: str = "install") -> str:
    if seen.runs is None:
        return (
            f"Whether {daw.TITLE} runs cannot be told ({seen.by} does not answer), and it would "
            f"write back {path}. Quit it, then: bandmate {doing} {name} --closed"
        )
    return (
        f"{daw.TITLE} runs, as far as {seen.by} tells, and writes {path} anew when it ends. "
        f"Quit it, then: bandmate {doing} {name}"
    )


def _changing(path: Path, before: str | None, after: str) -> list[Step]:
    """Change a file of others, with what it was beside it."""
    write = Step("write", path, _bytes(after))
    if before is None:
        return [write]
    return [Step("write", _backup(path), _bytes(before)), write]


def _taking_out(record: Record, relative: str, merge: Merge) -> list[Step]:
    """Take our lines out of a file; it goes where it was made for them, and nothing came since."""
    path = record.path(relative).resolve()
    now = _text(path)
    if now is None:
        return []
    after = merge.unmerge(now)
    if record.merged[relative] and after == merge.unmerge(merge.merge("")):
        return [Step("remove", path)]
    kept = _text(_backup(path))
    taken_out = [] if after == now else [Step("write", path, _bytes(after))]
    if kept is not None and merge.unmerge(kept) == after:  # as it was: the backup has served
        return [*taken_out, Step("remove", _backup(path))]
    return taken_out


def _backup(path: Path) -> Path:
    return path.with_name(path.name + BACKUP)


def _text(path: Path) -> str | None:
    """Read a file of others so that every byte of it can be written again."""
    content = read(path)
    return None if content is None else content.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
