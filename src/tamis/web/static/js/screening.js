// After a vote the next report is in the page: its title takes the focus, so that it is read out
// and the page begins at its top.
document.addEventListener("htmx:after:swap", () => {
  const title = document.getElementById("record-title");
  if (!title) return;
  title.focus({ preventScroll: true });
  window.scrollTo({ top: 0 });
});
