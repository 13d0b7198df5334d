"""How every report looks: light and dark, on a desk and on a phone, and on paper."""

from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1c2330;--soft:#5c6675;
--line:#dfe3ea;--shade:#f1f3f7;--grid:#e6e9ef;--before:#6f7887;--after:#0a58d0;--good:#15803d;
--warn:#a8640a}
@media (prefers-color-scheme:dark){:root{--page:#11151c;--card:#191f29;--ink:#e7ebf2;--soft:#9aa5b6;
--line:#2b3442;--shade:#151b24;--grid:#28313f;--before:#a3afc2;--after:#6db6ff;--good:#6ee7a0;
--warn:#f0b661}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:76rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .4rem;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2.2rem 0 .7rem}
p{margin:.4rem 0;max-width:70ch;overflow-wrap:anywhere}
.soft{color:var(--soft)}
code{font:.92em/1.4 ui-monospace,"SF Mono",Menlo,Consolas,monospace;background:var(--shade);
border:1px solid var(--line);border-radius:.35rem;padding:.1em .4em}
pre{margin:.6rem 0;overflow-x:auto}pre code{display:inline-block;padding:.6em .8em}
.cards{display:flex;flex-wrap:wrap;gap:.6rem;margin:1.2rem 0 0;padding:0;list-style:none}
.cards li{background:var(--card);border:1px solid var(--line);border-radius:.7rem;
padding:.55rem .9rem}
.cards span{display:block;font-size:.8rem;color:var(--soft)}
.cards b{font-weight:600;font-variant-numeric:tabular-nums}
.key{display:flex;flex-wrap:wrap;gap:.3rem 1.3rem;margin:0 0 .9rem;padding:0;list-style:none;
font-size:.88rem;color:var(--soft)}
.key li{display:flex;align-items:center;gap:.5rem}
.key svg{width:34px;height:16px;flex:none}
figure{margin:0 0 .9rem;background:var(--card);border:1px solid var(--line);border-radius:.7rem;
padding:.5rem .7rem .4rem}
figcaption{font-size:.84rem;color:var(--soft);font-variant-numeric:tabular-nums;margin:0 0 .3rem}
.wide{overflow-x:auto;-webkit-overflow-scrolling:touch}
.wide:focus-visible,.scroll:focus-visible,a:focus-visible{outline:2px solid var(--after);
outline-offset:2px}
figure svg{display:block;width:100%;min-width:50rem;height:auto}
svg text{font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
fill:var(--soft)}
.grid{stroke:var(--grid)}
.before,.after{fill:none;stroke-linejoin:round;stroke-linecap:round}
.before{stroke:var(--before);stroke-width:1.3}
.after{stroke:var(--after);stroke-width:2}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.7rem}
table{border-collapse:collapse;width:100%;font-size:.88rem;font-variant-numeric:tabular-nums}
th,td{padding:.42rem .7rem;text-align:right;border-top:1px solid var(--line);white-space:nowrap}
thead th{border-top:0;color:var(--soft);font-weight:600;font-size:.8rem;vertical-align:bottom}
tbody th{font-weight:600;position:sticky;left:0;background:var(--card)}
td.t,th.t,td.w{text-align:left}
td.w{white-space:normal;min-width:17rem}
td.good{color:var(--good)}
td.warn{color:var(--warn)}
@media (max-width:40rem){main{padding:1.2rem .8rem 3rem}h1{font-size:1.4rem}
figure{padding:.4rem .4rem .3rem}th,td{padding:.4rem .5rem}td.w{min-width:24rem}}
@media print{body{background:#fff}figure,tr{break-inside:avoid}figure svg{min-width:0}}
"""
