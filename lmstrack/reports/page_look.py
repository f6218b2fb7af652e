"""How a page looks, on a screen, at night, on a telephone and on paper, and how its list is sorted and filtered.

Both are part of the page itself, which names them by their hashes, so that nothing else in it can run.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import Final

STYLE: Final = """
:root { color-scheme: light dark;
  --ink: #1a1a1a; --paper: #fff; --line: #767676; --shade: #f0f3f5; --late: #a4161a; --bar: #2f6f8f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --paper: #15181b; --line: #8f979d; --shade: #22272b; --late: #ff9a8f; --bar: #7fb8d6; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 100rem; padding: 1.5rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 1.5em; margin: 0 0 .5rem; } h2 { font-size: 1.15em; margin: 1.5rem 0 .5rem; }
.message { font-size: 1.15em; font-weight: 600; margin: 0 0 .75rem; }
.wide { overflow-x: auto; border: 1px solid var(--line); }
.wide:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.wide table { width: 100%; }
caption { text-align: left; padding: .35rem .6rem; }
th, td { padding: .3rem .6rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { background: var(--shade); border-top: 0; }
th[scope=rowgroup] { background: var(--shade); border-top: 2px solid var(--line); }
tbody th[scope=row] { font-weight: 400; }
td:not([class]) { overflow-wrap: break-word; }
td.number, th.number { text-align: right; } td.date, td.status, td.id, td.term, th[scope=row] { white-space: nowrap; }
td.late { color: var(--late); font-weight: 600; white-space: nowrap; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem 1rem; overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: 0 0 .75rem; padding: 0; }
a { color: inherit; } a:focus-visible, .tools :focus-visible, th button:focus-visible { outline: 3px solid currentColor;
  outline-offset: 2px; }
.tools { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: .5rem 0; }
.tools label { display: flex; flex-direction: column; font-size: .9rem; }
.tools input, .tools select { font: inherit; min-height: 2.2rem; max-width: 100%; color: inherit;
  background: var(--paper); border: 1px solid var(--line); padding: .1rem .4rem; }
.tools[hidden], tbody[hidden], tr[hidden] { display: none !important; }
th:has(button) { cursor: pointer; }
th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer;
  min-height: 1.5rem; min-width: 1.5rem; }
th button::after { content: "\\2195"; opacity: .6; }
th[aria-sort=ascending] button::after { content: "\\2191"; opacity: 1; }
th[aria-sort=descending] button::after { content: "\\2193"; opacity: 1; }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem 2rem; }
.counts table { width: 100%; } .counts caption, .states caption { font-weight: 600; padding-left: 0; }
.counts th, .counts td { padding: .15rem .6rem .15rem 0; white-space: normal; }
.counts thead th { padding-left: .3rem; }
.counts > * { min-width: 0; } .broad { grid-column: 1 / -1; max-width: 52rem; }
.counts p { font-size: .9em; margin: .25rem 0 0; } .drawn { grid-column: 1 / -1; display: grid; gap: 0 2rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); align-items: center; }
svg { width: 100%; height: auto; max-height: 16rem; font-size: 13px; } svg rect { fill: var(--bar); }
svg text { fill: var(--ink); } svg .name { text-anchor: end; }
dl.about { display: flex; flex-wrap: wrap; gap: .15rem 1.5rem; margin: 0 0 .75rem; font-size: .9em; }
dl.about div { display: flex; gap: .4rem; } dl.about dd { margin: 0; }
footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .5rem; overflow-wrap: anywhere; }
@media screen { .wide td:not([class]) { min-width: 10rem; } }
@media screen and (max-width: 45rem) {
  body { padding: .75rem; } .counts table { font-size: .85em; } .counts th, .counts td { padding-right: .3rem; }
  .counts tbody th { overflow-wrap: anywhere; }
  .wide { border: 0; } .wide thead { display: none; }
  .wide table, .wide tbody, .wide tr, .wide th, .wide td, .wide caption { display: block; }
  .wide th, .wide td { border: 0; padding: .1rem .6rem; text-align: left; white-space: normal; }
  .wide tr { border-top: 1px solid var(--line); padding: .35rem 0; }
  .wide tbody th[scope=row] { font-weight: 600; } .wide td:empty { display: none; }
  .wide td[data-label]::before { content: attr(data-label) ": "; color: var(--ink); font-weight: 400; }
}
@media print {
  @page { size: A4 landscape; margin: 12mm;
    @bottom-left { content: "Contains patient data"; font: 8pt sans-serif; }
    @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt sans-serif; } }
  body { max-width: none; padding: 0; font-size: 9pt; color: #000; background: #fff; }
  :root { --ink: #000; --paper: #fff; --line: #767676; --shade: #eee; --late: #a4161a; --bar: #2f6f8f; }
  nav, .tools label, th button { display: none; } .tools:not(.filtered) { display: none; }
  .counts > *, .states { break-inside: avoid; }
  h2, h2 + p, dt, caption, tr:has(> [scope=rowgroup]) { break-after: avoid; }
  .wide { overflow: visible; border: 0; } thead { display: table-header-group; } thead, tr { break-inside: avoid; }
}
"""
SCRIPT: Final = """
"use strict";
(() => {
  const list = document.querySelector("table.list"), tools = document.getElementById("tools");
  if (!list || !tools) return;
  const [filter, part, sort, order] = ["filter", "part", "sort", "order"].map((id) => document.getElementById(id));
  const shown = document.getElementById("shown"), heads = [...list.tHead.rows[0].cells];
  const bodies = [...list.tBodies].map((body) => {
    const head = body.querySelector("th[scope=rowgroup]");
    const rows = [...body.rows].filter((row) => !head || row !== head.parentNode);
    const line = head ? head.textContent.toLowerCase() : "";
    return { body, rows, line, told: JSON.parse(body.dataset.told || "[]") };
  });
  const all = bodies.reduce((sum, each) => sum + each.rows.length, 0);
  const printed = new Map(bodies.flatMap((each) => each.rows).map((row, place) => [row, place]));
  const number = /^-?\\d+(\\.\\d+)?$/;
  const value = (each, row, key) => key[0] === "g" ? each.told[+key.slice(1)] : row.cells[+key.slice(1)].textContent;
  const compared = (one, other, down) => {
    if (one === other) return 0;
    if (one === "" || other === "") return one === "" ? 1 : -1;
    const both = number.test(one) && number.test(other);
    const found = both ? one - other : one.localeCompare(other, "en", { numeric: true });
    return down ? -found : found;
  };
  const sorted = () => {
    const key = sort.value, down = order.value === "descending";
    heads.forEach((head, place) => {
      if (key === "c" + place) head.setAttribute("aria-sort", order.value);
      else head.removeAttribute("aria-sort");
    });
    const by = (each) => (one, other) =>
      (key && compared(value(each, one, key), value(each, other, key), down)) || printed.get(one) - printed.get(other);
    for (const each of bodies) {
      each.rows.sort(by(each));
      each.body.append(...each.rows);
    }
    bodies.sort((one, other) => {
      const [first, second] = [one, other].map((each) => key ? value(each, each.rows[0], key) : "");
      return compared(first, second, down) || printed.get(one.rows[0]) - printed.get(other.rows[0]);
    });
    list.append(...bodies.map((each) => each.body));
  };
  const filtered = () => {
    const wanted = filter.value.trim().toLowerCase().split(/\\s+/), whose = part ? part.value : "";
    let count = 0;
    for (const each of bodies) {
      let any = false;
      for (const row of each.rows) {
        const text = each.line + " " + row.textContent.toLowerCase();
        const fits = wanted.every((word) => text.includes(word)) && (!whose || row.dataset.part === whose);
        row.hidden = !fits;
        any ||= fits;
        count += fits;
      }
      each.body.hidden = !any;
    }
    tools.classList.toggle("filtered", count < all);
    shown.textContent = count + " of " + all + " rows shown";
  };
  heads.forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", "Sort by " + head.textContent);
    head.append(button);  // beside the heading: browsers leave out what stands in a button where paper repeats it
    head.addEventListener("click", () => {
      const again = sort.value === "c" + place;
      order.value = again && order.value === "ascending" ? "descending" : "ascending";
      sort.value = "c" + place;
      sorted();
    });
  });
  filter.addEventListener("input", filtered);
  if (part) part.addEventListener("change", filtered);
  sort.addEventListener("change", sorted);
  order.addEventListener("change", sorted);
  tools.hidden = false;
  filtered();
})();
"""


def _named(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


#: What a browser lets the page do: its own style and its own script, and nothing else.
POLICY: Final = f"default-src 'none'; style-src {_named(STYLE)}; script-src {_named(SCRIPT)}; base-uri 'none'"
