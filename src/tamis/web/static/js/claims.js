// Escape leaves the text, so that keys act again.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches?.("#writer textarea")) event.target.blur();
});
