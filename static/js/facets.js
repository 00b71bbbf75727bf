// A facet ticked is a facet applied: the form is sent after a short pause; without this file its button does it.
for (const form of document.querySelectorAll("[data-facets]")) {
  const fold = form.querySelector(".facet-fold");
  const narrow = matchMedia("(max-width: 56rem)");
  form.querySelector("button[type=submit]").hidden = !narrow.matches;
  let timer = 0;
  form.addEventListener("change", (event) => {
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
    for (const select of form.querySelectorAll("select")) {
      if (select.options[0]?.selected) select.disabled = true; // the default needs no place in the address
    }
  });
  addEventListener("pageshow", () => {
    for (const select of form.querySelectorAll("select")) select.disabled = false;
  });
  let last = null;
  try {
    last = sessionStorage.getItem("facet-focus");
    sessionStorage.removeItem("facet-focus");
  } catch { /* nothing to restore */ }
  const field = last && [...form.elements].find((one) => `${one.name}=${one.value}` === last);
  if (field) field.focus({ preventScroll: true });
  if (fold && narrow.matches) fold.open = false;
}
