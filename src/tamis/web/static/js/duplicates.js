// After a decision the next pair is in the page: its head takes the focus, so that it is read out.
document.addEventListener("htmx:after:swap", () => {
  const title = document.getElementById("pair-title") ?? document.querySelector("#desk .empty h2");
  if (!title) return;
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
  window.scrollTo({ top: 0 });
});
