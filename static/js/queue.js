// The queue by keyboard: n opens the next proposal, j and k walk the rows, x ticks; one box ticks them all.
const boxes = [...document.querySelectorAll("[name=_selected_action]")];
const every = document.querySelector("[data-tick-all]");
const words = document.querySelector("[data-ticked]");
const rows = [...document.querySelectorAll(".queue-rows .name")];
const fold = document.querySelector(".filter-fold");

function count() {
  const ticked = boxes.filter((box) => box.checked).length;
  words.textContent = ticked ? `${ticked} ticked:` : "Tick all";
  every.checked = ticked === boxes.length;
  every.indeterminate = ticked > 0 && ticked < boxes.length;
}

if (every) {
  every.hidden = false;
  every.addEventListener("change", () => { for (const box of boxes) box.checked = every.checked; count(); });
  for (const box of boxes) box.addEventListener("change", count);
  count();
}

function walk(step) {
  const at = rows.findIndex((row) => row.closest("li").contains(document.activeElement));
  rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input:not([type=checkbox]), textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "n") {
    const next = document.querySelector("[data-key=n]");
    if (next) document.dispatchEvent(new CustomEvent("go", { detail: next.href }));
  } else if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
  else if (event.key === "x") document.activeElement.closest("[data-pk]")?.querySelector("[name=_selected_action]")?.click();
  else if (event.key === "z") document.dispatchEvent(new CustomEvent("take-back"));
});

// on a phone the filters are folded away behind one control
if (matchMedia("(max-width: 64rem)").matches) fold.open = false;
