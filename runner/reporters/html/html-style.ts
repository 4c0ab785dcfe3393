/** The page's style: follows the reader's light or dark theme; every colour comes with a word, so none is needed. */
export const css = `
:root {
  color-scheme: light dark;
  --text: #1c2128; --soft: #5b6470; --page: #f6f7f9; --card: #fff; --line: #d9dee4;
  --ok: #1a7f37; --changed: #8a5a00; --unknown: #7d3bb8; --failed: #b3261e; --skipped: #4a6572; --ignored: #2558b8;
  --ok-bg: #dff3e4; --changed-bg: #fbeccb; --unknown-bg: #efe2fa; --failed-bg: #fbdedb; --skipped-bg: #e6ebef; --ignored-bg: #dde8fb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e4e8ed; --soft: #9aa5b1; --page: #14171b; --card: #1d2126; --line: #343b44;
    --ok: #6fd08c; --changed: #e8b860; --unknown: #c99bf2; --failed: #ff9088; --skipped: #a9bac4; --ignored: #8fb4ff;
    --ok-bg: #173322; --changed-bg: #3a2d10; --unknown-bg: #2f1f40; --failed-bg: #451b18; --skipped-bg: #2a3138; --ignored-bg: #1b2b4a;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif }
main, header { max-width: 70rem; margin: 0 auto; padding: 0 1.5rem }
header { padding-top: 2rem }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; display: flex; gap: .75rem; align-items: center; flex-wrap: wrap }
h2 { font-size: 1.1rem; margin: 2rem 0 .75rem }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem }
p { margin: .25rem 0 }
.soft, .place { color: var(--soft) }
.place { font-weight: 400 }
.place, pre, code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .85em }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; overflow: hidden }
.scroll { overflow-x: auto }
.status { display: inline-block; padding: .05rem .5rem; border-radius: 1rem; font-size: .8rem; font-weight: 600; white-space: nowrap }
.ok { color: var(--ok); background: var(--ok-bg) }
.changed, .rescued { color: var(--changed); background: var(--changed-bg) }
.unknown { color: var(--unknown); background: var(--unknown-bg) }
.failed, .unreachable { color: var(--failed); background: var(--failed-bg) }
.skipped, .none { color: var(--skipped); background: var(--skipped-bg) }
.ignored { color: var(--ignored); background: var(--ignored-bg) }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; white-space: nowrap; padding: .6rem 1rem; font-weight: 600 }
th, td { padding: .4rem 1rem; text-align: left; border-top: 1px solid var(--line); vertical-align: top }
thead th { color: var(--soft); font-weight: 600; font-size: .85rem; border-top: 0 }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
td.zero { color: var(--soft) }
.matrix { width: auto }
.matrix td { text-align: center; border: 1px solid var(--line); font-size: .85rem; font-weight: 600 }
details { border-top: 1px solid var(--line) }
details:first-child { border-top: 0 }
summary { padding: .5rem 1rem; cursor: pointer; display: flex; gap: .6rem; align-items: baseline; flex-wrap: wrap }
summary::before { content: "▸"; color: var(--soft); width: 1em }
details[open] > summary::before { content: "▾" }
summary::-webkit-details-marker { display: none }
summary:focus-visible { outline: 2px solid var(--ignored); outline-offset: -2px }
summary .name { font-weight: 600; flex: 1 1 18rem }
.inside { padding: 0 1rem 1rem 2.6rem }
.inside p { margin: .5rem 0 .25rem }
pre { margin: .4rem 0 .8rem; padding: .6rem .8rem; background: var(--page); border: 1px solid var(--line); border-radius: .35rem; overflow-x: auto; white-space: pre }
pre .add { color: var(--ok); background: var(--ok-bg) }
pre .del { color: var(--failed); background: var(--failed-bg) }
pre .at { color: var(--ignored) }
pre span { display: inline-block; min-width: 100% }
.error { border-left: 4px solid var(--failed); padding: .75rem 1rem; margin-bottom: .75rem }
.error p.what { font-weight: 600; white-space: pre-wrap }
footer { max-width: 70rem; margin: 2rem auto; padding: 0 1.5rem 2rem; color: var(--soft); font-size: .85rem }
@media print { details > .inside { display: block } body { background: #fff } }
`;
