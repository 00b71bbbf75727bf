// Rows of repeated parts are added and removed in place; without this script the server does it.
function number(part) {
  return Math.max(-1, ...[...part.querySelectorAll("[data-row] [name]")].map((field) => Number(field.name.match(/-(\d+)-/)?.[1] ?? -1))) + 1;
}

function add(part) {
  const blank = part.querySelector("template").content.cloneNode(true);
  const next = String(number(part));
  const name = part.dataset.rows;
  for (const element of blank.querySelectorAll("[name], [id], [for]"))
    for (const attribute of ["name", "id", "for", "aria-describedby"]) {
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, value.replaceAll(`${name}-N-`, `${name}-${next}-`));
    }
  const row = blank.querySelector("[data-row]");
  part.querySelector("template").before(blank);
  return row;
}

for (const part of document.querySelectorAll("[data-rows]")) {
  part.querySelector("[data-add-row]").addEventListener("click", (event) => {
    event.preventDefault();
    add(part).querySelector("input, select, textarea").focus();
  });
  part.addEventListener("add-row", () => add(part));
  part.addEventListener("change", (event) => {
    const box = event.target;
    if (box.name?.endsWith("-remove")) box.closest("[data-row]").classList.toggle("removed", box.checked);
  });
}
