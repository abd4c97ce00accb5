/** The page's style sheet as the browser gets it: one column on a phone, two on a desk; light or dark as the person's system is. */
export const STYLE = String.raw`
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --panel: #fff; --ink: #1c2330; --soft: #5b6575; --line: #e2e5ea; --hover: #f3f5f8;
  --accent: #4453d6; --good: #14795a; --good-ground: #e3f5ee; --bad: #b3261e; --bad-ground: #fdecea; --warn: #8a5300; --warn-ground: #fff4dd; --calm-ground: #eceef2;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12151b; --panel: #1a1e26; --ink: #e4e8ef; --soft: #98a2b3; --line: #2b313c; --hover: #20252e;
    --accent: #98a4ff; --good: #5fd0a5; --good-ground: #15332a; --bad: #ff9089; --bad-ground: #3b1d1c; --warn: #f0c070; --warn-ground: #372a12; --calm-ground: #262c36;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { font: 13.5px/1.4 Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Noto Sans CJK SC", sans-serif; color: var(--ink); background: var(--ground); }
body { margin: 0 auto; padding: 0 20px 40px; max-width: 1480px; overflow-wrap: anywhere; }
h1, h2, h3, h4, p, ol, dl, dd, fieldset { margin: 0; padding: 0; border: 0; }
h1 { font-size: 15px; } h2 { font-size: 13px; } h3 { font-size: 14px; } h4 { font-size: 12px; color: var(--soft); }
ol { list-style: none; }
code, pre, .code, .ms, .when { font-family: var(--mono); font-size: 12px; }
small, .note, .of, .term { color: var(--soft); font-weight: 400; }
.term { font-size: .88em; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 20px; top: 6px; z-index: 1; background: var(--panel); padding: 6px 10px; }

.top { display: flex; flex-wrap: wrap; gap: 2px 18px; align-items: baseline; padding: 14px 0 12px; }
.top .seller { color: var(--soft); }
.live { margin-left: auto; color: var(--soft); }
.live::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 6px; border-radius: 50%; background: var(--soft); }
.live[data-state=live]::before { background: var(--good); }
.live[data-state=lost] { color: var(--bad); } .live[data-state=lost]::before { background: var(--bad); }
.empty { display: none; }
#banner p { margin-bottom: 12px; padding: 10px 14px; border-radius: 8px; background: var(--bad-ground); color: var(--bad); }

#gauge { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 12px; margin-bottom: 16px; }
.tile, .panel, .life { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; }
.tile { padding: 10px 14px; }
.tile h2 { color: var(--soft); font-weight: 500; }
.value { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; min-height: 34px; }
.number { font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; } .number small { font-size: 13px; }
.number.high { color: var(--bad); } .number.some { color: var(--warn); }
.pips { display: inline-flex; gap: 3px; } .pips i { width: 18px; height: 6px; border-radius: 3px; background: var(--calm-ground); } .pips .on { background: var(--bad); }
.soonest { font-variant-numeric: tabular-nums; }
.on-purpose { grid-column: 1 / -1; padding: 6px 14px; border-radius: 8px; background: var(--warn-ground); color: var(--warn); }

.columns { display: grid; grid-template: auto 1fr / 320px minmax(0, 1fr); gap: 12px 16px; align-items: start; } main { grid-area: 1 / 2 / 3 / 3; }
.side { display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); }
.panel { padding: 12px 14px; } .panel > h2, .panel > summary { font-size: 13px; font-weight: 600; } .panel > h2 { margin-bottom: 8px; }
details.panel[open] > summary { margin-bottom: 10px; } .panel form + form { margin-top: 14px; padding-top: 14px; border-top: 1px solid var(--line); }
main > h2 { padding-bottom: 8px; font-size: 14px; }
#lives { display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); }

.life > header { display: flex; flex-wrap: wrap; align-items: center; gap: 0 10px; padding: 8px 14px 7px; }
.sku { font-weight: 600; } .size { font-weight: 400; color: var(--soft); }
.chip { padding: 1px 9px; border-radius: 10px; font-size: 12px; background: var(--calm-ground); color: var(--soft); } .chip .term { color: inherit; opacity: .8; }
.chip.active, .chip.on-sale { background: var(--good-ground); color: var(--good); }
.chip.ordered { background: var(--warn-ground); color: var(--warn); }
.chip.frozen, .chip.delisted { background: var(--bad-ground); color: var(--bad); }
.facts { display: flex; flex-wrap: wrap; gap: 0 14px; width: 100%; color: var(--soft); font-size: 12.5px; }
.life.released { opacity: .75; } .life.released:hover, .life.released:focus-within { opacity: 1; }
.stuck { margin: 0 14px 8px; padding: 6px 10px; border-radius: 6px; background: var(--warn-ground); color: var(--warn); }
.rest { display: inline-flex; flex-wrap: wrap; gap: 2px 10px; align-items: center; font-variant-numeric: tabular-nums; } .left { font-weight: 600; }
progress { width: 90px; height: 6px; border: 0; border-radius: 3px; overflow: hidden; background: var(--calm-ground); accent-color: var(--warn); } progress:not([value]) { display: none; }
progress::-webkit-progress-bar { background: var(--panel); } progress::-webkit-progress-value { background: var(--warn); } progress::-moz-progress-bar { background: var(--warn); }

.line { border-top: 1px solid var(--line); }
.line li { position: relative; }
.line li + li { border-top: 1px solid var(--line); }
.fold ol { border-top: 1px solid var(--line); background: var(--ground); }
li > details > summary, p.line { display: grid; grid-template-columns: auto minmax(0, 21em) 4.6em 4.6em minmax(0, 1fr); gap: 0 12px; align-items: baseline; padding: 3px 14px 3px 30px; border: 0; }
p.line { grid-template-columns: auto auto minmax(0, 1fr); } .order p.line { grid-template-columns: auto auto auto minmax(0, 1fr); padding-right: 110px; min-height: 27px; align-items: center; }
li > details > summary { cursor: pointer; list-style: none; } li > details > summary::-webkit-details-marker { display: none; } li > details > summary:hover { background: var(--hover); }
.line li::before { content: ""; position: absolute; left: 14px; top: 9px; width: 7px; height: 7px; border-radius: 50%; background: var(--line); z-index: 1; }
.line li.order::before { left: 13px; top: 9px; width: 9px; height: 9px; border-radius: 2px; background: var(--accent); }
.line li.ok::before { background: var(--good); } .line li.bad::before { background: var(--bad); } .line li.waiting::before { background: var(--warn); }
.line li.fold::before, .line li.event::before { background: none; border: 1.5px solid var(--soft); }
.fold > details > summary { display: block; color: var(--soft); }
.when, .ms { color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; } .ms { text-align: right; }
.event .verdict, .event .verb { color: var(--soft); }
.ok .verdict { color: var(--good); } .bad .verdict, .bad .code { color: var(--bad); } .waiting .verdict { color: var(--warn); }
.said { color: var(--soft); } .trouble { padding: 0 6px; border-radius: 4px; background: var(--warn-ground); color: var(--warn); } .next { color: var(--warn); font-variant-numeric: tabular-nums; }
#tests li > details > summary { grid-template-columns: auto minmax(0, 1fr) auto; padding: 3px 0 3px 16px; } #tests li::before { left: 0; top: 10px; } #tests .ms, #tests .call .term, #tests .ok .verdict { display: none; } #tests .verb { font-size: 13px; } #tests .verdict { grid-column: 1 / -1; }

.whole { padding: 4px 14px 12px 30px; } #tests .whole { padding: 4px 0 10px; }
.sides { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px; } #tests .sides { grid-template-columns: minmax(0, 1fr); }
.head { font-family: var(--mono); font-size: 11.5px; color: var(--soft); } .head div { display: flex; gap: 8px; min-width: 0; } .head dt { flex: none; } .head dd { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
pre { margin: 6px 0 0; padding: 8px 10px; max-height: 22em; overflow: auto; white-space: pre-wrap; border: 1px solid var(--line); border-radius: 6px; background: var(--ground); }
.why { margin-top: 8px; color: var(--bad); }
.edit { margin-top: 8px; }

.life > .actions { border-top: 1px solid var(--line); } .actions > summary { padding: 6px 14px; color: var(--soft); cursor: pointer; } .actions > form, .asking { padding: 4px 14px 8px; }
.asking { display: flex; flex-wrap: wrap; gap: 8px; align-items: flex-start; padding-bottom: 12px; } .asking > details[open] { flex-basis: 100%; padding: 0 0 8px; } .asking details[open] > summary { margin-bottom: 8px; }
summary { cursor: pointer; } .quiet > summary { color: var(--soft); font-size: 12.5px; width: fit-content; } .quiet[open] > summary { margin-bottom: 6px; }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(130px, 1fr)); gap: 8px; margin-bottom: 6px; } .several { grid-column: 1 / -1; }
.field { min-width: 0; } .field > label, legend { display: block; font-size: 12px; color: var(--soft); } .field > input[type=checkbox] + label { display: inline; } .several label { display: block; font-family: var(--mono); font-size: 12px; }
.chance { display: grid; grid-template-columns: minmax(0, 1fr) 64px; gap: 8px; align-items: center; padding: 2px 0; } .chance > label { color: var(--ink); } .chance small { display: block; }
legend { padding: 4px 0; font-weight: 600; }
input:not([type=checkbox]), select, textarea { width: 100%; padding: 5px 8px; font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
textarea { font-family: var(--mono); font-size: 12px; resize: vertical; }
input::placeholder { color: var(--soft); opacity: .7; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin: 6px 0; }
button, .button { display: inline-block; padding: 4px 11px; font: inherit; font-weight: 500; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; cursor: pointer; list-style: none; box-shadow: 0 1px 1px rgb(0 0 0 / 5%); } .button::-webkit-details-marker { display: none; }
button:hover, .button:hover { background: var(--hover); } button .term, .button .term { font-weight: 400; }
button.primary { color: #fff; background: #4453d6; border-color: #4453d6; padding: 5px 16px; } button.primary .term { color: inherit; opacity: .85; } button.primary:hover { background: #3744bd; }
[aria-busy] button { opacity: .55; }
form.small { position: absolute; right: 14px; top: 2px; display: flex; flex-direction: row-reverse; gap: 6px; } .small button { padding: 0 8px; font-size: 12px; line-height: 22px; color: var(--soft); border-color: transparent; box-shadow: none; background: none; } .order:hover .small button, .small button:focus-visible { border-color: var(--line); background: var(--panel); } .small .result { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 26em; order: 1; background: var(--panel); }
.result { display: block; font-size: 12.5px; white-space: pre-line; color: var(--soft); } .result:empty { display: none; } .result.good { color: var(--good); } .result.bad { color: var(--bad); }
.single { max-width: 900px; padding-top: 14px; } .single h1 { margin: 8px 0; }

@media (max-width: 860px) {
  .columns { grid-template: none / minmax(0, 1fr); } main { grid-area: auto; } #gauge { grid-template-columns: repeat(2, minmax(0, 1fr)); } .live { margin-left: 0; }
}
@media (max-width: 620px) {
  body { padding: 0 12px 32px; } #gauge { gap: 8px; } .tile { padding: 8px 10px; }
  li > details > summary { grid-template-columns: auto minmax(0, 1fr) auto; } .line .ms { display: none; } li > details > summary .verdict { grid-column: 1 / -1; }
  p.line, .order p.line { grid-template-columns: auto minmax(0, 1fr); padding-right: 14px; } .line p .verdict { grid-column: 1 / -1; } .order .id { display: none; }
  form.small { position: static; padding: 0 14px 6px 30px; flex-direction: row; flex-wrap: wrap; } .sides { grid-template-columns: minmax(0, 1fr); }
}
@media (prefers-reduced-motion: no-preference) { .line li.waiting::before { animation: breathe 1.4s ease-in-out infinite; } }
@keyframes breathe { 50% { opacity: .3; } }
`;
