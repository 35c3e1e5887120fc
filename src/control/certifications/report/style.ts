// The style of the report as a page, light and dark.

export const STYLE = `
:root { color-scheme: light dark; --text: #1f2933; --muted: #5a6774; --line: #d5dce3; --paper: #fff; --back: #f4f6f8; --link: #0b5c94;
  --passed: #14612b; --failed: #b3261e; --warning: #8a5300; --inconclusive: #6a3fa0; --target: #fff3c4; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e9ee; --muted: #9aa7b4; --line: #38434e; --paper: #1a2129; --back: #12171d; --link: #79bdf2;
    --passed: #6fd08c; --failed: #ff8a80; --warning: #f0b65c; --inconclusive: #c4a3f5; --target: #4a4016; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 1.5rem 1rem 3rem; font: 15px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; color: var(--text); background: var(--back); }
header, main { max-width: 68rem; margin: 0 auto; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 0; font-size: 1.05rem; display: inline; }
h3 { margin: 1.2rem 0 .4rem; font-size: .95rem; }
a { color: var(--link); }
code, pre, svg .label { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .88em; }
code { overflow-wrap: anywhere; }
pre { margin: .3rem 0; padding: .6rem .8rem; overflow: auto; max-height: 24rem; background: var(--back); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .8rem 0; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; background: var(--paper); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; margin: .6rem 0; }
th, td { padding: .45rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
tr:last-child > td { border-bottom: 0; }
th { color: var(--muted); font-weight: 600; font-size: .85rem; white-space: nowrap; }
td.count { text-align: right; white-space: nowrap; }
td p { margin: .15rem 0; overflow-wrap: anywhere; }
td small, small { color: var(--muted); }
.verdict { display: inline-block; padding: 0 .6rem; border: 1px solid; border-radius: 1rem; font-size: .85rem; font-weight: 600; white-space: nowrap; color: var(--muted); }
.passed { color: var(--passed); } .failed, .error { color: var(--failed); } .warning { color: var(--warning); } .inconclusive { color: var(--inconclusive); }
details.drill { margin: .8rem 0; padding: .7rem 1rem; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; }
details.drill > summary { cursor: pointer; }
summary small { margin-left: .5rem; }
.task { max-width: 60rem; }
.diagram { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); }
svg { display: block; width: 100%; min-width: 44rem; max-width: 60rem; height: auto; }
svg text { font-size: 12px; fill: var(--text); }
svg .end { text-anchor: middle; font-weight: 600; }
svg .lifeline { stroke: var(--line); stroke-width: 2; fill: none; }
svg .bracket { stroke: var(--muted); stroke-width: 3; stroke-dasharray: 2 4; fill: none; }
svg .wait, svg .time, svg .number { fill: var(--muted); font-size: 11px; }
svg .time { text-anchor: end; }
svg .row { fill: transparent; }
svg .call:target .row { fill: var(--target); }
svg .arrow { stroke: currentColor; stroke-width: 1.4; fill: none; }
svg .answer { stroke-dasharray: 5 3; }
svg .status { text-anchor: end; fill: currentColor; font-weight: 600; }
svg .ok { color: var(--passed); } svg .error { color: var(--failed); } svg .fault { color: var(--warning); }
svg .mark rect { fill: var(--warning); } svg .mark text { fill: var(--paper); font-weight: 600; }
@media print { body { background: none; } details.drill { break-inside: avoid; } }
`
