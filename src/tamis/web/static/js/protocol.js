// In the text of the file the line that is wrong is selected, so that one sees it at once.
const trouble = document.getElementById("trouble");
const source = document.getElementById("source");
const line = Number(trouble?.dataset.line ?? 0);
if (source && line > 0) {
  const lines = source.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  source.focus();
  source.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  source.scrollTop = Math.max(0, (line - 5) * parseFloat(getComputedStyle(source).lineHeight));
} else {
  document.querySelector("[aria-invalid=true]")?.focus();
}
