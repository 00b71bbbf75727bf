// A facet ticked is a facet applied: the form is sent after a short pause; without this file its button does it.
for (const form of document.querySelectorAll("[data-facets]")) {
  const fold = form.querySelector(".facet-fold");
  const narrow = matchMedia("(max-width: 56rem)");
  for (const button of form.elements) if (button.type === "submit") button.hidden = !narrow.matches;
  let timer = 0;
  document.addEventListener("change", (event) => {
    if (event.target.form !== form) return;
    if (narrow.matches && event.target.closest(".facet")) return; // on a phone one ticks several, then applies
    clearTimeout(timer);
    timer = setTimeout(() => {
      try {
        sessionStorage.setItem("facet-focus", `${event.target.name}=${event.target.value}`);
      } catch { /* the focus starts at the top again */ }
      form.requestSubmit();
    }, 350);
  });
  form.addEventListener("submit", () => {
    for (const select of form.elements) {
      if (select.tagName !== "SELECT") continue;
      if (select.options[0]?.selected) select.disabled = true; // the default needs no place in the address
    }
  });
  addEventListener("pageshow", (event) => {
    for (const field of form.elements) field.disabled = false;
    if (event.persisted) form.reset(); // back from the browser's cache: as the address says
  });
  let last = null;
  try {
    last = sessionStorage.getItem("facet-focus");
    sessionStorage.removeItem("facet-focus");
  } catch { /* nothing to restore */ }
  const field = last && [...form.elements].find((one) => `${one.name}=${one.value}` === last);
  if (field) field.focus({ preventScroll: true });
  if (fold && !narrow.matches && !CSS.supports("selector(::details-content)")) fold.open = true; // an older browser
}
