/* Shows the entry of a number beside it. Without this script every number is a link to its entry. */
(() => {
  "use strict";
  const dialog = document.getElementById("trail");
  const body = document.getElementById("trail-body");
  const back = document.getElementById("trail-back");
  const more = document.getElementById("trail-link");
  if (!dialog || typeof dialog.showModal !== "function") return;

  const entryOf = new Map();
  for (const own of document.querySelectorAll(".t > .t-n [data-q]")) {
    entryOf.set(own.dataset.q, own.closest(".t").id);
  }

  let trail = [];
  let opener = null;

  function draw(id) {
    const copy = document.getElementById(id).cloneNode(true);
    copy.removeAttribute("id");
    for (const inner of copy.querySelectorAll("[id]")) inner.removeAttribute("id");
    body.replaceChildren(copy);
    body.scrollTop = 0;
    more.href = "#" + id;
    back.hidden = trail.length < 2;
  }

  function open(id, from) {
    if (!dialog.open) {
      opener = from;
      trail = [];
    }
    trail.push(id);
    draw(id);
    if (!dialog.open) dialog.showModal();
    document.getElementById("trail-close").focus();
  }

  document.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const number = event.target.closest("[data-q]");
    const id = number && entryOf.get(number.getAttribute("data-q"));
    if (id) {
      event.preventDefault();
      open(id, number);
    } else if (event.target.closest("#trail-body a[href^='#']")) {
      dialog.close();
    }
  });

  back.addEventListener("click", () => {
    trail.pop();
    draw(trail[trail.length - 1]);
    if (back.hidden) document.getElementById("trail-close").focus();
  });
  document.getElementById("trail-close").addEventListener("click", () => dialog.close());
  more.addEventListener("click", () => {
    opener = null;
    dialog.close();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    body.replaceChildren();
    if (opener && typeof opener.focus === "function") opener.focus();
    opener = null;
  });

  for (const box of document.querySelectorAll(".tw")) {
    const fits = () => box.scrollWidth <= box.clientWidth + 1;
    const set = () => (fits() ? box.removeAttribute("tabindex") : box.setAttribute("tabindex", "0"));
    set();
    if ("ResizeObserver" in window) new ResizeObserver(set).observe(box);
  }

  let closed = [];
  window.addEventListener("beforeprint", () => {
    if (dialog.open) dialog.close();
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const part of closed) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of closed) part.open = false;
  });
})();
