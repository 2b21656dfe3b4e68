// Judging by keys: one question is the current one. Once it has the focus, its answers have the keys
// 1 to 9, and a button that is there once a question (data-when) has its key: a stray key answers
// nothing. Passages are taken over into
// the question one is at. Forms send themselves; without this script their buttons send them.
import { say } from "./page.js";

document.documentElement.classList.add("scripted");

let at = "";

const steps = () => [...document.querySelectorAll("[data-steps] [data-step]:not([disabled])")];

const current = () => document.getElementById(at) ?? null;

const armed = (step) => Boolean(step) && step.contains(document.activeElement);

function mark(step) {
  for (const old of document.querySelectorAll("[data-steps] .current")) old.classList.remove("current", "armed");
  for (const option of document.querySelectorAll("[data-steps] [data-option], [data-steps] [data-when]")) {
    option.removeAttribute("data-action");
    option.removeAttribute("data-key");
    option.removeAttribute("aria-keyshortcuts");
  }
  if (!step) return;
  at = step.id;
  step.classList.add("current");
  if (!armed(step)) return;
  step.classList.add("armed");
  for (const option of step.querySelectorAll("[data-option]")) {
    option.dataset.action = `answer-${option.dataset.option}`;
    option.dataset.key = option.dataset.option;
  }
  for (const button of step.querySelectorAll("[data-when]")) {
    button.dataset.action = button.dataset.deed;
    button.dataset.key = button.dataset.when;
  }
}

function go(step) {
  if (!step) return;
  at = step.id;
  const shown = [...step.querySelectorAll("input, textarea")].filter((one) => one.checkVisibility());
  const field = shown.find((one) => one.checked) ?? shown[0] ?? step;
  if (field === step) step.tabIndex = -1;
  field.focus({ preventScroll: true });
  mark(step);
  step.scrollIntoView({ block: "center" });
}

const unanswered = (step) => !step.querySelector("input[type=radio]:checked, input[type=checkbox]")
  && !("done" in step.dataset) && step.querySelector("input[type=radio]");

// The first key goes into the question one is at; the next ones go on from there.
const move = (by) => {
  if (current() && !armed(current())) {
    go(current());
    return;
  }
  const all = steps();
  const here = all.findIndex((step) => step.id === at);
  go(all[Math.min(Math.max(here + by, 0), all.length - 1)]);
};

// The next question after this one that waits for an answer; the last one stays.
function following(step = current()) {
  const all = steps();
  const here = all.indexOf(step);
  return [...all.slice(here + 1), ...all.slice(0, here + 1)].find(unanswered) ?? step;
}

const deeds = {
  otherwise: () => {
    const other = current()?.querySelector("details.other");
    if (!other) return;
    other.open = true;
    other.querySelector("input")?.focus();
  },
  "next-question": () => move(1),
  "previous-question": () => move(-1),
  "next-open": () => go(armed(current()) || !unanswered(current()) ? following() : current()),
  support: () => current()?.querySelector("textarea, input[name^='reason'], input[name^='judgement']:not([type=radio])")?.focus(),
};

document.addEventListener("click", (event) => {
  const deed = deeds[event.target.closest("[data-action]")?.dataset.action];
  if (deed) deed();
  const taken = event.target.closest(".take");
  if (taken) take(taken);
});

// Escape leaves a text field for its question, so that the keys of the question act again.
document.addEventListener("keydown", (event) => {
  const step = event.target.closest?.("[data-steps] [data-step]");
  if (event.key !== "Escape" || !step || document.querySelector("dialog[open]")) return;
  step.tabIndex = -1;
  step.focus({ preventScroll: true });
});

document.addEventListener("focusin", (event) => {
  const step = event.target.closest?.("[data-steps] [data-step]");
  if (step && (step.id !== at || !step.classList.contains("armed"))) mark(step);
});

// Without the focus a question has no keys; a window that was left for a moment keeps them.
document.addEventListener("focusout", () => setTimeout(() => {
  if (document.hasFocus() && !armed(current())) mark(current());
}));

let kept = false; // whether the question had the focus before the page's part was changed
document.addEventListener("htmx:before:swap", () => { kept = armed(current()); });

// What is typed and not sent yet is said, until it is.
document.addEventListener("input", (event) => {
  const told = document.getElementById("unsaved");
  if (told && event.target.matches?.("[data-steps] textarea, [data-steps] input:not([type=radio], [type=checkbox])")) told.hidden = false;
});

function take(button) {
  const step = current();
  const support = step?.querySelector("[name^='support.'], [name^='reason.']");
  if (!support) return;
  support.value = [support.value, `“${button.dataset.quote}”`].filter(Boolean).join(" ");
  const anchor = step.querySelector("[name^='anchor.']");
  if (anchor) anchor.value = [anchor.value, button.dataset.place].filter(Boolean).join("; ");
  support.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("htmx:after:swap", () => {
  const form = document.querySelector("[data-steps]");
  if (form?.dataset.saved) {
    say(form.dataset.saved);
    delete form.dataset.saved;
  }
  const step = current();
  if (step && "done" in step.dataset && form.dataset.steps === "on") go(following(step));
  else if (kept && step && !step.disabled && !armed(step)) go(step);
  else mark(step && !step.disabled ? step : steps()[0]);
});

mark(steps().find(unanswered) ?? steps()[0]);
