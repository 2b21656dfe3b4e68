// The folder's name follows the title until somebody writes another one.
const form = document.querySelector("form[data-propose]");
const proposed = (title) => /[a-z0-9]/i.test(title)
  ? title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60).replace(/-+$/, "")
  : "";
if (form) {
  const { title, name } = form.elements;
  let own = name.value !== "" && name.value !== proposed(title.value);
  name.addEventListener("input", () => { own = name.value !== ""; });
  // Files that are dropped on the form are its files; it is sent by its button.
  const place = form.querySelector(".drop");
  form.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("over"); });
  form.addEventListener("dragleave", () => place.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    form.elements.files.files = event.dataTransfer.files;
    (title.value ? form.querySelector("button.primary") : title).focus();
  });
  title.addEventListener("input", () => { if (!own) name.value = proposed(title.value); });
}
