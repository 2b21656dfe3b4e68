// The first report that is ticked proposes the name of the study. Keys tick reports.
document.addEventListener("change", (event) => {
  const box = event.target.closest?.(".linking [name=cluster]");
  if (!box?.checked) return;
  const form = box.form;
  if (form.querySelectorAll("[name=cluster]:checked").length > 1) return;
  form.elements.study.value = box.dataset.study;
  form.elements.label.value = box.dataset.label;
});

