// A box in the head of a table ticks or unticks all of its rows; without this script each is ticked by itself.
for (const part of document.querySelectorAll("[data-ticks]")) {
  const head = part.querySelector("[data-tick-all]");
  const boxes = [...part.querySelectorAll('input[name="take"]')];
  if (!head) continue;
  const label = document.createElement("label");
  const all = document.createElement("input");
  all.type = "checkbox";
  label.append(all, " ", head.textContent);
  head.replaceChildren(label);
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
  part.addEventListener("change", show);
  show();
}
