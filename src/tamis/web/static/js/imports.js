// Files are sent with a bar that moves, as soon as they are chosen or dropped on the page.
// Without this script the form is sent by the browser itself, by its button.
import { say } from "./page.js";

const begin = () => {
  const form = document.getElementById("send");
  if (!form) return;
  const files = form.querySelector("input[type=file]");
  form.querySelector("[data-by-hand]").hidden = true;
  form.addEventListener("submit", (event) => { event.preventDefault(); send(form, files.files); });
  files.addEventListener("change", () => { if (files.files.length) send(form, files.files); });
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    form.addEventListener(name, () => form.classList.remove("over"));
  }
  form.addEventListener("drop", (event) => { event.preventDefault(); send(form, event.dataTransfer.files); });
};

function send(form, files) {
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const data = new FormData();
  for (const field of form.querySelectorAll("input[type=hidden]")) data.append(field.name, field.value);
  for (const file of files) data.append("files", file, file.name);
  const place = form.querySelector("#sending");
  const bar = place.querySelector("progress");
  place.hidden = false;
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
  });
  const failed = () => { place.hidden = true; delete form.dataset.busy; say(form.dataset.failed); };
  request.addEventListener("error", failed);
  request.addEventListener("load", () => {
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = answer.querySelector("main");
    if (!main) { failed(); return; }
    say("");
    document.querySelector("main").replaceWith(document.adoptNode(main));
    begin();
    const first = document.querySelector("main [role=alert], #waiting-title, main h1");
    if (first) { first.tabIndex = -1; first.focus(); }
  });
  say(form.dataset.sending);
  request.send(data);
}

begin();
