"""Styles of an automix: how far it goes with each role. They are data, ``automix/<name>``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from assistant.contract import Shelf
from assistant.errors import MaterialError, UnknownName
from assistant.mixing.asked import STYLES
from assistant.mixing.balance import Balance, load_balance
from assistant.mixing.role_names import Role
from assistant.mixing.sends import SENDS
from assistant.mixing.tone import Tones, load_tones

__all__ = ["STYLES", "RoleStyle", "Style", "load_style"]


@dataclass(frozen=True, slots=True)
class RoleStyle:
    """What a style does with tracks of one role; by default nothing.

    Parameters
    ----------
    reach : float
        How far from the centre it may stand, 0.0 to 1.0.
    hpf_hz : float
        Corner of the high pass where nothing is played under it; 0.0 for none.
    squeeze_db : float
        What a compressor takes off its loud passages, where it is as lively as it comes.
    ratio : float
        Of that compressor; its times are the track's own.
    yields : float
        How far it gives way to the lead, 0.0 to 1.0.
    width : float
        Of what is wide already: 1.0 as recorded.
    lifts : mapping of str to float
        What to bring forward, in dB by region of `assistant.mixing.tone.REGIONS`.
    sends : mapping of str to float
        By name of the send, how far under the track it comes back, in dB.
    """

    reach: float = 0.0
    hpf_hz: float = 0.0
    squeeze_db: float = 0.0
    ratio: float = 2.0
    yields: float = 0.0
    width: float = 1.0
    lifts: Mapping[str, float] = field(default_factory=dict)
    sends: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Style:
    """How a mix is to sound.

    Parameters
    ----------
    name, title, about : str
        On the shelf, in a list, and in a sentence.
    tone_share : float
        Share of what lies outside of what is usual for a role that EQ takes back, 0.0 to 1.0.
    tone_most_db : float
        The most that one band does.
    room_db : float
        The most that a track gives way to the lead.
    clear_db : float
        How far the lead is to stand over all else together where it is covered most.
    duck_db : float
        By how much strokes of the kick turn the bass down; 0.0 for not at all.
    roles : mapping of Role to RoleStyle
        Those that it does something with.
    balance : Balance
        How loud each role stands.
    tones : Tones
        How each role usually sounds.
    """

    name: str
    title: str
    about: str
    tone_share: float
    tone_most_db: float
    room_db: float
    clear_db: float
    duck_db: float
    roles: Mapping[Role, RoleStyle]
    balance: Balance
    tones: Tones

    def of(self, role: Role) -> RoleStyle:
        """Return what it does with a role."""
        return self.roles.get(role, _NOTHING)


_NOTHING = RoleStyle()
_NESTED = {"lifts", "sends"}


def load_style(shelf: Shelf, name: str) -> Style:
    """Take a style from the shelf.

    Parameters
    ----------
    shelf : Shelf
        Where ``automix/<name>``, the balance of that name and the tones of roles are.
    name : str
        One of `STYLES`.

    Returns
    -------
    Style
        Checked.

    Raises
    ------
    UnknownName
        Where there is no such style, or where it names a role or a send that there is not.
    MaterialError
        Where the page lacks something, or has what is no number.
    """
    if name not in STYLES:
        raise UnknownName("style", name, STYLES)
    page = shelf(f"automix/{name}")
    balance, tones = load_balance(shelf, name), load_tones(shelf)
    try:
        return Style(
            name=name,
            title=str(page["title"]),
            about=str(page["about"]),
            tone_share=float(page["tone_share"]),
            tone_most_db=float(page["tone_most_db"]),
            room_db=float(page["room_db"]),
            clear_db=float(page["clear_db"]),
            duck_db=float(page["duck_db"]),
            roles={_role(key): _role_style(one) for key, one in page["roles"].items()},
            balance=balance,
            tones=tones,
        )
    except (KeyError, TypeError, ValueError) as broken:
        raise MaterialError(
            f"The style {name!r} has a title, an about, tone_share, tone_most_db, room_db,"
            f" clear_db, duck_db and roles, numbers but for the words; this one not: {broken!r}."
        ) from broken


def _role(name: str) -> Role:
    known = [role.value for role in Role if role is not Role.BUS]
    if name not in known:
        raise UnknownName("role", name, known)
    return Role(name)


def _role_style(page: Mapping[str, Any]) -> RoleStyle:
    known = [one.name for one in fields(RoleStyle)]
    for key in page:
        if key not in known:
            raise UnknownName("word of a role in a style", key, known)
    for send in page.get("sends", {}):
        if send not in SENDS:
            raise UnknownName("send", send, SENDS)
    nested = {key: {k: float(v) for k, v in page.get(key, {}).items()} for key in _NESTED}
    plain = {key: float(value) for key, value in page.items() if key not in _NESTED}
    return RoleStyle(**plain, **nested)  # type: ignore[arg-type]
