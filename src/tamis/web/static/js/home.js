// The folder's name follows the title until somebody writes another one.
const form = document.querySelector("form[data-propose]");
const proposed = (title) => /[a-z0-9]/i.test(title)
  ? title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60).replace(/-+$/, "")
  : "";
if (form) {
  const { title, name } = form.elements;
  let own = name.value !== "" && name.value !== proposed(title.value);
  name.addEventListener("input", () => { own = name.value !== ""; });
  title.addEventListener("input", () => { if (!own) name.value = proposed(title.value); });
}
