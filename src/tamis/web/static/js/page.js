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

// A change that did not reach the server is said, and what was typed stays. What only looks again by
// itself (GET) says nothing: the next look may succeed.
document.addEventListener("htmx:error", (event) => {
  const { ctx } = event.detail ?? {};
  const place = document.getElementById("notices");
  if (!place || !ctx?.request || ctx.request.method === "GET") return;
  const [head, rest] = [document.createElement("strong"), document.createElement("p")];
  head.textContent = `${place.dataset.error} `;
  rest.textContent = place.dataset.lostRemedy;
  const again = document.createElement("button");
  again.type = "button";
  again.className = "primary";
  Object.assign(again.dataset, { action: "again", key: "Enter" });
  again.textContent = place.dataset.again;
  const { form, submitter } = ctx.request;
  again.addEventListener("click", () => form?.requestSubmit(submitter ?? undefined));
  const notice = document.createElement("div");
  notice.className = "notice error";
  notice.setAttribute("role", "alert");
  notice.append(head, place.dataset.lost, rest, again);
  place.replaceChildren(notice);
  window.scrollTo({ top: 0 });
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
