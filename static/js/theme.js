// Light, dark, or as the system has it; kept in this browser only. It holds up no paint, so it may run before or after
// the page is read.
const THEMES = ["auto", "light", "dark"];
const root = document.documentElement;
function stored() {
  try {
    return localStorage.getItem("theme") || "auto";
  } catch {
    return "auto"; // storage is closed to us: follow the system
  }
}
function show(theme) {
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
}
show(stored());
function offer() {
  const button = document.querySelector("[data-theme-switch]");
  if (!button) return;
  let theme = stored();
  const label = () => { button.textContent = `Theme: ${theme}`; };
  button.hidden = false;
  label();
  button.addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    try {
      localStorage.setItem("theme", theme);
    } catch { /* the choice lasts as long as the page */ }
    show(theme);
    label();
  });
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", offer);
else offer();
