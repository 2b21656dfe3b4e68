// The reader: what is selected on the page or in its text, counted in code points of the page's text.
// Whoever uses it listens for "tamis:selected" on the document.
const points = (text) => Array.from(text).length;

// Where a place in the text layer stands in the page's text; null outside the layer.
function place(node, offset) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node.childNodes[offset] ?? node;
  const run = element.closest?.("[data-start]");
  if (!run) return null;
  const before = node.nodeType === Node.TEXT_NODE ? node.data.slice(0, offset) : "";
  return Number(run.dataset.start) + points(before);
}

function fromLayer() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!range.startContainer.parentElement?.closest("[data-layer]")) return null;
  const start = place(range.startContainer, range.startOffset);
  const end = place(range.endContainer, range.endOffset);
  return start === null || end === null || start >= end ? null : { start, end };
}

function fromText(field) {
  const { value, selectionStart: from, selectionEnd: to } = field;
  if (from === to) return null;
  return { start: points(value.slice(0, from)), end: points(value.slice(0, to)) };
}

function tell(span, asked) {
  const reader = document.getElementById("reader");
  const text = document.getElementById("page-text");
  if (!span || !reader || !text) return;
  const quote = Array.from(text.value).slice(span.start, span.end).join("");
  const detail = { ...span, quote, asked, document: reader.dataset.document, page: Number(reader.dataset.page) };
  document.dispatchEvent(new CustomEvent("tamis:selected", { detail }));
}

document.addEventListener("selectionchange", () => {
  const active = document.activeElement;
  if (active?.id === "page-text") tell(fromText(active), false);
  else tell(fromLayer(), false);
});

// Browsers show no cursor in a field that is read only: with this script the text has one, and stays
// as it is all the same.
document.addEventListener("focusin", ({ target }) => {
  if (target.id !== "page-text") return;
  target.readOnly = false;
  target.setAttribute("aria-readonly", "true");
});
document.addEventListener("beforeinput", (event) => { if (event.target.id === "page-text") event.preventDefault(); });

// Enter in the text takes what is selected there; opening the text puts the cursor into it.
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "page-text" || event.isComposing) return;
  if (event.key === "Enter") { event.preventDefault(); tell(fromText(event.target), true); }
  if (event.key === "Escape") document.querySelector("[data-plain] summary")?.focus();
});
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("[data-plain]") || !event.target.open) return;
  const text = event.target.querySelector("textarea");
  text.focus();
  const [start, end] = [text.dataset.from, text.dataset.to].map((n) => Array.from(text.value).slice(0, Number(n)).join("").length);
  text.setSelectionRange(start, end);
}, true);

// The chosen passage or the hit that is looked at is brought into view.
// Only the pane moves, never the page under its head.
const look = () => {
  const mark = document.querySelector(".marks .chosen") ?? document.querySelector(".marks .hit");
  const pane = mark?.closest(".sheet-pane");
  if (!pane) return;
  const [at, frame] = [mark.getBoundingClientRect(), pane.getBoundingClientRect()];
  pane.scrollBy(Math.max(0, at.right - frame.right) || Math.min(0, at.left - frame.left), at.top - frame.top - frame.height / 3);
};
let searched = false;
document.addEventListener("submit", ({ target }) => { searched = Boolean(target.closest?.(".finder")); }, true);
document.addEventListener("htmx:after:swap", () => {
  look();
  if (!searched) return;
  searched = false;
  (document.querySelector(".hits a[aria-current]") ?? document.querySelector(".hits"))?.focus();
});
look();
