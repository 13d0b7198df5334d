"""How the report of a mix looks, beyond what all reports share; each role has a colour."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.mixing.role_names import Role
from assistant.reports import style

__all__ = ["STYLE", "role_class"]

# What is alike looks alike: drums are warm, what fills is green to blue, voices are pink.
_COLOURS: Mapping[Role, tuple[str, str]] = {
    Role.KICK: ("#b3261e", "#ff7b72"),
    Role.SNARE: ("#c44a12", "#ff9a5c"),
    Role.HATS: ("#946c00", "#f2c94c"),
    Role.TOMS: ("#8a4b2a", "#d69a78"),
    Role.DRUMS: ("#a3571b", "#e0a36a"),
    Role.BASS: ("#5b3cc4", "#a593ff"),
    Role.GUITAR: ("#2e7d32", "#7bd67f"),
    Role.KEYS: ("#00796b", "#4fd1bd"),
    Role.PAD: ("#0277bd", "#66bdf5"),
    Role.LEAD_VOCAL: ("#c2185b", "#ff77a9"),
    Role.BACKING_VOCAL: ("#9c4a8f", "#e3a0da"),
    Role.OTHER: ("#5f6b7a", "#a9b5c6"),
    Role.FX: ("#6b7a1f", "#c0cf6a"),
    Role.BUS: ("#37474f", "#cfd8dc"),
}


def role_class(role: Role) -> str:
    """Return the class that gives an element the colour of a role."""
    return f"r-{role.value.replace('_', '-')}"


def _colours(shade: int) -> str:
    return "".join(
        f".{role_class(role)}{{--role:{both[shade]}}}" for role, both in _COLOURS.items()
    )


STYLE = (
    style.STYLE
    + _colours(0)
    + ":root{--fault:#b3261e;--taste:#0f766e}\n@media (prefers-color-scheme:dark){"
    + ":root{--fault:#ff8a80;--taste:#5eead4}"
    + _colours(1)
    + "}"
    + """
.ground{fill:var(--card)}
.zero{stroke:var(--before)}
thead th{white-space:normal}
tbody th{text-align:left;white-space:normal;min-width:8.5rem;max-width:16rem;
overflow-wrap:anywhere}
td.q{text-align:left;white-space:normal}
td.p,td.r,td.d{text-align:left;white-space:normal;overflow-wrap:anywhere;min-width:5.5rem}
td.r{min-width:7.5rem}
td.d{min-width:9rem}
td.c{padding:0 .5rem}
td.c svg{display:block}
.short{display:inline-block;max-width:calc(100% - 1.4em);max-height:4.5em;overflow:hidden;
vertical-align:middle}
td.p .short{max-width:100%}
.again{font-weight:400;color:var(--soft)}
.chip{display:inline-block;width:.7em;height:.7em;border-radius:50%;background:var(--role);
margin-right:.45em;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.bar{fill:var(--role);fill-opacity:.55}
.place{stroke:var(--ink);stroke-width:2}
.way{stroke:var(--after);stroke-width:1.4}
.then{fill:var(--after);stroke:var(--card);stroke-width:1}
.now{fill:none;stroke:var(--before);stroke-width:1.6}
.now.alone{fill:var(--role);stroke:none}
.over{fill:var(--role)}
.track{fill:none;stroke:var(--role);stroke-width:1;stroke-opacity:.55;stroke-linejoin:round}
.track.told{stroke-width:1.7;stroke-opacity:1}
.sum{fill:none;stroke:var(--ink);stroke-width:2.2;stroke-linejoin:round}
.hidden{fill:var(--role);fill-opacity:.22;stroke:none}
.disc{fill:var(--role);stroke:var(--card);stroke-width:1.5}
svg text.digit{fill:var(--card);font-size:10px;font-weight:700}
svg text.said{fill:var(--ink);font-weight:600;paint-order:stroke;stroke:var(--card);
stroke-width:4px;stroke-linejoin:round}
.key.tracks{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr))}
.key span{overflow-wrap:anywhere}
.findings{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));
gap:.8rem;align-items:start;margin:.6rem 0 0}
.finding{--mark:var(--fault);background:var(--card);border:1px solid var(--line);
border-left:5px solid var(--mark);border-radius:.7rem;padding:.7rem 1rem .8rem}
.finding.taste{--mark:var(--taste);border-left-style:double;border-left-width:7px}
.finding h3{font-size:1rem;margin:0 0 .2rem;overflow-wrap:anywhere}
.tag{font-size:.72rem;font-weight:700;letter-spacing:.05em;text-transform:uppercase;
color:var(--mark);border:1px solid var(--mark);border-radius:1rem;padding:.05em .6em;
margin-right:.5em;vertical-align:.08em}
.facts{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;margin:.35rem 0;padding:0;list-style:none;
font-size:.85rem;color:var(--soft);font-variant-numeric:tabular-nums}
.facts b{color:var(--ink);font-weight:600}
.finding dl{margin:.5rem 0 0;display:grid;grid-template-columns:6rem 1fr;gap:.3rem .8rem}
.finding dt{color:var(--soft);font-size:.88rem}
.finding dd{margin:0;overflow-wrap:anywhere}
dd .facts{margin:.1rem 0}
.dial{margin:0;padding:0;list-style:none;font-variant-numeric:tabular-nums}
.n{white-space:nowrap}
.dial b{font-weight:600}
details{margin:0 0 .9rem}
summary{cursor:pointer;color:var(--soft);font-size:.9rem;margin:0 0 .5rem}
@media (max-width:40rem){tbody th{min-width:6.5rem;max-width:8.5rem}td.d{min-width:12rem}
td.c svg.levels{width:12rem}
.finding dl{grid-template-columns:1fr;gap:.1rem}.finding dd{margin-bottom:.4rem}
pre code{display:block;white-space:pre-wrap;overflow-wrap:anywhere}}
@media print{.findings{display:block}.finding{break-inside:avoid;margin:0 0 .7rem}
h2,h3{break-after:avoid}
.scroll,.wide{overflow:visible}thead{display:table-header-group}
table,thead th{font-size:.6rem}th,td{padding:.2rem .3rem;white-space:normal}
td.w,td.d,td.r,td.p{min-width:0}tbody th{min-width:5.5rem}
td.c{padding:0 .2rem}td.c svg.levels{width:8rem}td.c svg.sides{width:3rem}
main{padding:0}details:not([open]){display:none}}
"""
)
