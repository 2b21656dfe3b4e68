// The desk: a new report takes the focus, so that it is read out and the page begins at its top; marks
// are switched off and on; what was typed survives a log-in.
const MARKS = "tamis-marks", TYPED = "tamis-typed";

let shown = "", since = 0;

const title = () => document.getElementById("record-title");
const form = () => document.querySelector("form.record");

function arrived() {
  marks(localStorage.getItem(MARKS) !== "off");
  if (!title() || title().dataset.record === shown) return;
  const first = !shown;
  shown = title().dataset.record;
  since = Date.now();
  if (first) return;
  title().focus({ preventScroll: true });
  window.scrollTo({ top: 0 });
}

function marks(on) {
  document.getElementById("desk")?.classList.toggle("no-marks", !on);
  document.querySelector("[data-marks]")?.setAttribute("aria-pressed", String(on));
}

document.addEventListener("htmx:after:swap", arrived);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-marks]")) {
    localStorage.setItem(MARKS, localStorage.getItem(MARKS) === "off" ? "on" : "off");
    marks(localStorage.getItem(MARKS) !== "off");
  }
  const leaving = event.target.closest("[data-keep-typed]");
  if (leaving && form()) {
    const told = [...new FormData(form())].filter(([name]) => name === "note" || name.startsWith("criterion."));
    sessionStorage.setItem(TYPED, JSON.stringify({ record: shown, told }));
    leaving.href = `/log-in?next=${encodeURIComponent(shown)}`;
  }
});

// How long the report was on the screen goes with the vote.
document.addEventListener("htmx:config:request", (event) => {
  const { body } = event.detail.ctx.request;
  if (since && body?.has?.("ms")) body.set("ms", String(Date.now() - since));
});

arrived();
const kept = JSON.parse(sessionStorage.getItem(TYPED) ?? "null");
if (kept && kept.record === shown && form()) {
  for (const [name, value] of kept.told) {
    const field = form().elements[name];
    if (field) field.value = value;
  }
}
sessionStorage.removeItem(TYPED);
