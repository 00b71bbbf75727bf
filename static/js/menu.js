// The account menu closes on Escape and on a click or focus elsewhere; without this, by its own button only.
const menu = document.querySelector("[data-menu]");
menu.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
for (const kind of ["click", "focusin"]) {
  document.addEventListener(kind, (event) => { if (!menu.contains(event.target)) menu.open = false; });
}
