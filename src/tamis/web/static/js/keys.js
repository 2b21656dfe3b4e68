// Keys press buttons: an element with data-action and data-key is clicked by that key.
// People may change keys; what they chose is kept in this browser under "tamis-keys".
const STORE = "tamis-keys";

const chosen = () => { try { return JSON.parse(localStorage.getItem(STORE)) ?? {}; } catch { return {}; } };

const visible = (element) => element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }) && !element.disabled;

const actions = () => [...document.querySelectorAll("[data-action][data-key]")].filter(visible);

export const keyOf = (element) => chosen()[element.dataset.action] ?? element.dataset.key;

// Further keys of an action, as long as nobody gave them to another one.
const also = (element) => (element.dataset.also ?? "").split(" ").filter(Boolean);

const meant = (key) => actions().find((element) => keyOf(element) === key)
  ?? actions().find((element) => also(element).includes(key));

const typing = (target) => target.isContentEditable
  || target.matches("textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=submit]):not([type=button])");

// Enter and the space bar belong to whatever has the focus and can be pressed itself.
const pressed = (event) => [" ", "Enter"].includes(event.key) && event.target.matches("button, a, summary, input, select");

// Keys act unless a text field has the focus, a dialog is open, or Ctrl, Alt or Meta is held.
export function listen() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    // Escape leaves a text field, so that keys act again.
    if (event.key === "Escape" && typing(event.target) && !document.querySelector("dialog[open]")) event.target.blur();
    if (typing(event.target) || pressed(event) || document.querySelector("dialog[open]")) return;
    const wanted = meant(event.key);
    if (!wanted) return;
    event.preventDefault();
    wanted.matches("input:not([type=file]), textarea, select") ? wanted.focus() : wanted.click();
  });
  show();
  document.addEventListener("htmx:after:swap", show);
}

// The letters beside the buttons are those that act now.
function show() {
  for (const element of actions()) {
    const letter = element.querySelector("kbd");
    if (letter) letter.textContent = keyOf(element);
    element.setAttribute("aria-keyshortcuts", [keyOf(element), ...also(element)].join(" "));
  }
}

export function sheet(dialog, list) {
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-action=help]")) return;
    fill(list);
    dialog.showModal();
  });
  dialog.querySelector("[data-keys-reset]").addEventListener("click", () => {
    localStorage.removeItem(STORE);
    fill(list);
    show();
  });
}

function fill(list) {
  list.replaceChildren(...actions().flatMap((element) => {
    const name = document.createElement("span");
    name.textContent = labelOf(element);
    const key = document.createElement("kbd");
    key.textContent = [keyOf(element), ...also(element)].join(" ");
    const change = document.createElement("button");
    change.type = "button";
    change.className = "quiet";
    change.textContent = list.dataset.change;
    change.setAttribute("aria-label", `${list.dataset.change}: ${name.textContent}`);
    change.addEventListener("click", () => ask(element, key, change, list));
    return [name, key, change];
  }));
}

// What an action is called: its label without the key that stands beside it.
function labelOf(element) {
  const label = (element.querySelector("[data-label], .sr") ?? element).cloneNode(true);
  label.querySelectorAll("kbd").forEach((key) => key.remove());
  return label.textContent.trim() || element.getAttribute("aria-label") || element.dataset.action;
}

function ask(element, key, button, list) {
  button.textContent = list.dataset.press;
  button.addEventListener("keydown", (event) => {
    if (event.key === "Tab" || event.key === "Shift") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key !== "Escape") {
      localStorage.setItem(STORE, JSON.stringify({ ...chosen(), [element.dataset.action]: event.key }));
    }
    key.textContent = [keyOf(element), ...also(element)].join(" ");
    button.textContent = list.dataset.change;
    show();
  }, { once: true });
}
