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

  /* On a narrow screen a table is read row by row: each cell says the head of its column. */
  const narrow = window.matchMedia("(max-width: 40rem)");
  const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TFOOT: "rowgroup", TR: "row", TD: "cell" };
  function name(box) {
    const table = box.querySelector("table");
    const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    for (const part of [table, ...table.querySelectorAll("thead, tbody, tfoot, tr, td")]) {
      part.setAttribute("role", ROLES[part.tagName]);
    }
    for (const cell of table.querySelectorAll("thead th")) cell.setAttribute("role", "columnheader");
    for (const cell of table.querySelectorAll("tbody th")) cell.setAttribute("role", "rowheader");
    const held = [];
    for (const row of table.tBodies[0].rows) {
      let place = 0;
      for (const cell of row.cells) {
        while (held[place] > 0) held[place++] -= 1;
        cell.setAttribute("data-head", heads[place] || "");
        held[place] = cell.rowSpan - 1;
        place += 1;
      }
      while (held[place] > 0) held[place++] -= 1;
    }
  }
  function stack() {
    for (const box of document.querySelectorAll(".tw")) {
      if (narrow.matches && !box.querySelector("[data-head]")) name(box);
      box.classList.toggle("stack", narrow.matches);
    }
  }
  narrow.addEventListener("change", stack);
  stack();

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
