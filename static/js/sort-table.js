// A table that says data-sortable can be sorted by its column heads; ranks keep what they say.
function key(row, column) {
  const text = row.cells[column].textContent.trim();
  const number = Number(text.replace(/[,%\s]/g, ""));
  return text && !Number.isNaN(number) ? number : text.toLocaleLowerCase();
}
function compare(one, other) {
  if (typeof one === typeof other) return typeof one === "number" ? one - other : one.localeCompare(other);
  return typeof one === "number" ? -1 : 1;
}
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const body = table.tBodies[0];
  if (!body || body.rows.length < 3) continue;
  for (const head of table.tHead.rows[0].cells) {
    if (head.querySelector(".hidden")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => compare(key(a, head.cellIndex), key(b, head.cellIndex)));
      body.append(...(up ? rows.reverse() : rows));
    });
  }
}
