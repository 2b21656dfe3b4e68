// What every page does: keys for actions, the help sheet, and saying what happened.
import { listen, sheet } from "./keys.js";

listen();
sheet(document.getElementById("key-help"), document.getElementById("key-list"));

// A part of a page that answers with data-said has its words spoken and shown for a moment.
document.addEventListener("htmx:after:swap", () => {
  const told = document.querySelector("[data-said]");
  if (!told) return;
  say(told.dataset.said);
  delete told.dataset.said;
});

// What was said of an error is gone once something else was done.
document.addEventListener("htmx:before:request", () => {
  document.getElementById("notices")?.replaceChildren();
});

export function say(words) {
  const place = document.getElementById("said");
  place.textContent = words;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { place.textContent = ""; }, 4000);
}

// On a phone the menu of steps scrolls sideways: the step one is at is brought into view.
const steps = document.querySelector(".steps ul");
const here = steps?.querySelector("[aria-current]");
if (here) steps.scrollLeft = here.offsetLeft - steps.offsetLeft - (steps.clientWidth - here.offsetWidth) / 2;
