// A board that says data-board can be sorted by its column heads. Claims move with their row; the levels are about places,
// so their headings are hidden in any other order, and sorting by place brings everything back.
function key(row, column) {
  const cell = row.cells[column];
  const own = cell.querySelector("data, time");
  const text = (own?.value ?? own?.dateTime ?? cell.textContent).trim();
  const number = Number(text.replaceAll(",", ""));
  return text === "" || text === "–" ? null : Number.isNaN(number) ? text.toLocaleLowerCase() : number;
}
function compare(one, other) {
  return typeof one === "number" && typeof other === "number" ? one - other : `${one}`.localeCompare(`${other}`);
}
function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  const bodies = [...table.tBodies];
  const rowsOf = new Map(bodies.map((body) => [body, [...body.rows]]));
  const groups = [];
  for (const row of bodies.flatMap((body) => rowsOf.get(body))) {
    if (row.matches(".claims")) groups.at(-1).push(row);
    else if (!row.matches(".level-head")) groups.push([row]);
  }
  const sorted = document.createElement("tbody");
  sorted.setAttribute("role", "rowgroup");

  function byPlace() {
    sorted.remove();
    for (const body of bodies) body.replaceChildren(...rowsOf.get(body));
    table.append(...bodies);
  }
  function by(column, up) {
    const keyed = groups.map((group) => [key(group[0], column), group]);
    const known = keyed.filter(([value]) => value !== null).sort(([a], [b]) => (up ? compare(a, b) : compare(b, a)));
    const unknown = keyed.filter(([value]) => value === null);
    for (const body of bodies) body.remove();
    sorted.replaceChildren(...[...known, ...unknown].flatMap(([, group]) => group));
    table.append(sorted);
  }
  heads.forEach((head, column) => {
    if (head.hasAttribute("data-unsorted")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent.trim(); // without the link by which the board is ranked anew
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const last = head.getAttribute("aria-sort");
      const first = head.matches(".score, .when") ? "descending" : "ascending";
      const next = last === null ? first : last === "ascending" ? "descending" : "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      const order = column === 0 ? "ascending" : next;
      head.setAttribute("aria-sort", order);
      if (column === 0) byPlace();
      else by(column, order === "ascending");
    });
  });
}
for (const table of document.querySelectorAll("table[data-board]")) {
  if (table.querySelectorAll("tbody > tr").length > 2) sortable(table);
}
