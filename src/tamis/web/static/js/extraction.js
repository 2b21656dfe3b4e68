// Extraction: what is selected in the reader goes into the cell that is open, and stays chosen while
// one looks for the cell. Numbers being typed are drawn with those that are recorded.
import "./full_texts.js";

// Where both do not fit side by side, one of paper and form is shown.
const root = document.documentElement;
const tabs = [...document.querySelectorAll(".work-tabs [data-view]")];
function view(name) {
  root.dataset.view = name;
  for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.view === name));
}
if (tabs.length) {
  root.classList.add("scripted");
  view("form");
  for (const tab of tabs) tab.addEventListener("click", () => view(tab.dataset.view));
}

let chosen = null;
let filled = null; // what this script put into the field: typed text is never replaced

document.addEventListener("tamis:selected", ({ detail }) => {
  chosen = detail;
  put();
  if (!detail.asked) return;
  if (tabs.length) view("form");
  const field = document.getElementById("number");
  (field ?? document.getElementById("cell-title"))?.focus();
});

const NUMBER = /[<>≤≥]?\s?[-−–]?\d[\d,]*(?:\.\d+)?/g;

function fitting(quote, statistic) {
  if (statistic === "text") return quote.replaceAll(/\u00ad\s?/g, "").replaceAll(/\s+/g, " ").trim();
  const found = quote.match(NUMBER) ?? [];
  return found.length === 1 ? found[0].replace(/\s/, "").replace(/^[−–]/, "-").replaceAll(",", "") : "";
}

function put() {
  const form = document.getElementById("record");
  if (!form || !chosen) return;
  const values = { passage_document: chosen.document, passage_page: chosen.page, start: chosen.start, end: chosen.end };
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
  document.getElementById("quote").textContent = chosen.quote;
  form.elements.source.value = "passage";
  const field = document.getElementById("number");
  if (!field || (field.value !== "" && field.value !== filled)) return;
  filled = fitting(chosen.quote, field.dataset.statistic);
  field.value = filled;
  draw(field);
}

let waiting;
function draw(field) {
  if (!field.dataset.plot) return;
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const form = field.form;
    const asked = new URLSearchParams({ cell: form.elements.cell.value, number: field.value, unit: form.elements.unit?.value ?? "" });
    const answer = await fetch(`${field.dataset.plot}?${asked}`, { headers: { Accept: "text/html" } });
    const place = document.getElementById("plots");
    if (!answer.ok || !place || !field.isConnected) return;
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("plots");
    place.replaceWith(document.adoptNode(made));
  }, 250);
}

document.addEventListener("input", ({ target }) => { if (target.id === "number") draw(target); });

// Choosing a side goes on to the reason; neither opens the fields of a third reading.
document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-choice]")) return;
  const third = document.getElementById("third");
  if (target.value === "n") { third.open = true; third.querySelector("input").focus(); }
  else document.getElementById("reason").focus();
});

let cell = document.getElementById("cell-title")?.dataset.cell;
document.addEventListener("htmx:after:swap", () => {
  const work = document.getElementById("work");
  const done = work?.hasAttribute("data-done");
  if (done) { chosen = null; work.removeAttribute("data-done"); }
  filled = null;
  put();
  const title = document.getElementById("cell-title");
  if (!title) return;
  if (tabs.length && (title.dataset.cell !== cell || done)) view("form");
  const moved = title.dataset.cell !== cell;
  cell = title.dataset.cell;
  const lost = !document.activeElement || document.activeElement === document.body;
  if (moved || lost || done) title.focus({ preventScroll: false });
});
