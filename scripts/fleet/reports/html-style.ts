/** The looks of a report: calm, light or dark as the device is set, at home on A4. Nothing moves. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f5f2ec; --surface: #fffdf9; --line: #8c877d; --line-soft: #ded8cc;
  --ink: #22303a; --ink-soft: #52606a; --accent: #1d6a66; --rail: #ebe6dc; --focus: #1f5fbf;
  --green: #2f7d6b; --on-green: #ffffff;
  --yellow: #f0d58a; --yellow-mark: #a67c12; --on-band: #22303a;
  --orange: #eaa25c; --orange-mark: #7a3d08;
  --red: #f4cfca; --red-mark: #9c3b32;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #141c20; --surface: #1d272c; --line: #76858d; --line-soft: #37454c;
    --ink: #edf1f1; --ink-soft: #b4c0c4; --accent: #7fd0c4; --rail: #2a363c; --focus: #a9ccff;
    --green: #6fc4ae; --on-green: #0c2b28;
    --yellow: #5d4c17; --yellow-mark: #e4c25b; --on-band: #edf1f1;
    --orange: #8a4a12; --orange-mark: #f6b877;
    --red: #4b211d; --red-mark: #f0a399;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 400 1rem/1.5 ui-rounded, "SF Pro Rounded", Nunito, system-ui, -apple-system, "Segoe UI",
    Roboto, "Noto Sans", sans-serif;
}
main { max-width: 56rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1, h2, p, ul, dl, dd, figure { margin: 0; padding: 0; }
h1 { font-size: 1.75rem; line-height: 1.25; font-weight: 650; text-wrap: balance; overflow-wrap: anywhere; }
h2 { font-size: 1.1875rem; line-height: 1.3; font-weight: 650; }
.of { color: var(--accent); font-weight: 650; overflow-wrap: anywhere; }
.soft { color: var(--ink-soft); font-size: 0.875rem; }
header { display: grid; gap: 0.25rem; margin-bottom: 1.5rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: 0.75rem; }
.facts > div, section {
  background: var(--surface); border: 1px solid var(--line-soft); border-radius: 1rem;
}
.facts > div { padding: 0.875rem 1rem; }
.facts dt { color: var(--ink-soft); font-size: 0.875rem; }
.facts .number { font-size: 1.625rem; line-height: 1.25; font-weight: 650; }
section { padding: 1.25rem; margin-top: 1rem; }
section > p { margin-top: 0.25rem; max-width: 42rem; text-wrap: pretty; }
.plot { margin-top: 0.75rem; padding-left: 2.75rem; }
.plot .unit { margin-left: -2.75rem; color: var(--ink-soft); font-size: 0.8125rem; }
svg { display: block; overflow: visible; }
svg text { fill: var(--ink); font-size: 12px; font-family: inherit; font-variant-numeric: tabular-nums; }
text.scale { text-anchor: end; fill: var(--ink-soft); }
text.tick { text-anchor: middle; fill: var(--ink-soft); }
text.value, text.count, text.inside { text-anchor: middle; }
text.count { fill: var(--surface); font-weight: 600; }
text.inside {
  fill: var(--on-band); font-weight: 600;
  paint-order: stroke; stroke-width: 5px; stroke-linejoin: round;
}
text.inside.green { fill: var(--on-green); }
text.inside.yellow { stroke: var(--yellow); }
text.inside.orange { stroke: var(--orange); }
text.inside.red { stroke: var(--red); }
text.value { paint-order: stroke; stroke: var(--surface); stroke-width: 3px; stroke-linejoin: round; }
.grid { stroke: var(--line-soft); }
.base { stroke: var(--line); }
.bar, .disc, .point { fill: var(--accent); }
.rail { fill: var(--rail); }
.trend { stroke: var(--accent); stroke-width: 2.5; stroke-linecap: round; }
.point { stroke: var(--surface); stroke-width: 2; }
.band { stroke: var(--surface); stroke-width: 2; }
.band.green { fill: var(--green); }
.band.yellow { fill: url(#yellow); }
.band.orange { fill: url(#orange); }
.band.red { fill: url(#red); }
.none { fill: none; stroke: var(--line); stroke-dasharray: 3 4; }
.yellow-ground { fill: var(--yellow); } .yellow-mark { fill: var(--yellow-mark); }
.orange-ground { fill: var(--orange); } .orange-mark { fill: var(--orange-mark); }
.red-ground { fill: var(--red); } .red-mark { stroke: var(--red-mark); stroke-width: 1.2; }
.patterns { position: absolute; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin-top: 0.75rem; list-style: none; font-size: 0.875rem; }
.legend li { display: flex; align-items: center; gap: 0.5rem; }
.rows { margin-top: 0.75rem; display: grid; gap: 0.625rem; }
.row { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.125rem 0.75rem; font-size: 0.9375rem; overflow-wrap: anywhere; }
.row svg { grid-column: 1 / -1; overflow: hidden; }
.shown { font-variant-numeric: tabular-nums; font-weight: 600; text-align: right; }
details { margin-top: 1rem; }
summary { width: fit-content; min-height: 2.75rem; padding: 0.625rem 0.25rem; color: var(--accent); font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; border-radius: 0.25rem; }
.scroll { overflow-x: auto; margin-top: 0.75rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.9375rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.375rem 0.75rem 0.375rem 0; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--line-soft); }
th { font-weight: 600; }
tbody th { font-weight: 400; overflow-wrap: anywhere; min-width: 7rem; }
.right { text-align: right; white-space: nowrap; }
thead th { color: var(--ink-soft); font-size: 0.875rem; }
.notes { display: grid; gap: 0.5rem; margin-top: 0.5rem; padding-left: 1.125rem; max-width: 42rem; }
@media (max-width: 40rem) {
  main { padding: 1.5rem 0.75rem 3rem; }
  section { padding: 1rem; }
  text.narrow { display: none; }
  .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .facts > div:last-child { grid-column: 1 / -1; }
  .disc { r: 7.5px; }
  text.count { font-size: 10px; }
  h1 { font-size: 1.5rem; }
}
@media (forced-colors: active) {
  :root {
    --ground: Canvas; --surface: Canvas; --line: CanvasText; --line-soft: GrayText;
    --ink: CanvasText; --ink-soft: CanvasText; --accent: CanvasText; --rail: Canvas; --focus: Highlight;
    --green: CanvasText; --on-green: Canvas; --yellow: Canvas; --yellow-mark: CanvasText; --orange: Canvas;
    --orange-mark: CanvasText; --red: Canvas; --red-mark: CanvasText; --on-band: CanvasText;
  }
  .band, .rail { stroke: CanvasText; stroke-width: 1; }
  .band.red { stroke-dasharray: 3 2; }
  svg text { forced-color-adjust: none; }
}
@page { size: A4; margin: 14mm; }
@media print {
  body { background: none; font-size: 10pt; }
  main { max-width: none; padding: 0; }
  section { border: 0; border-radius: 0; padding: 0.25rem 0; border-top: 1px solid var(--line-soft); margin-top: 1.25rem; padding-top: 1rem; }
  .facts { grid-template-columns: repeat(5, 1fr); }
  .facts > div { padding: 0.625rem 0.75rem; border-radius: 0.5rem; }
  .facts .number { font-size: 1.25rem; }
  .plot, .row, tr, .facts > div, .legend { break-inside: avoid; }
  h2, section > p { break-after: avoid; }
  details:not([open]), summary { display: none; }
  .scroll { overflow: visible; }
  svg, svg * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
