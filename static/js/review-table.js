// The table of a batch by keyboard: j and k walk the rows, a key decides the row, Shift A all that are plain, Ctrl Enter
// records. Without this script the page is a form like any other.
const page = document.querySelector("[data-review-table]");
const form = page.querySelector("[data-decisions]");
const rows = [...form.querySelectorAll("[data-row]")];
const tally = form.querySelector("[data-tally]");
const DECISIONS = { a: "approve", r: "reject", c: "request-changes", l: "" };
const WORDS = { approve: "approve", reject: "reject", "request-changes": "ask", "": "leave" };

const here = () => rows.find((row) => row.contains(document.activeElement));
const radios = (row) => [...row.querySelectorAll("input[type=radio]")];

function count() {
  const numbers = {};
  for (const row of rows) {
    const chosen = radios(row).find((radio) => radio.checked);
    if (chosen) numbers[chosen.value] = (numbers[chosen.value] ?? 0) + 1;
  }
  const parts = Object.entries(WORDS).filter(([value]) => numbers[value]).map(([value, word]) => `${numbers[value]} ${word}`);
  tally.textContent = parts.join(", ");
}

function walk(step) {
  const at = rows.indexOf(here());
  const row = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

function decide(value) {
  const row = here();
  const radio = row && radios(row).find((one) => one.value === value && !one.disabled);
  if (!radio) return;
  radio.checked = true;
  count();
  if (value === "reject" || value === "request-changes") row.querySelector(".own-reason").focus();
  else walk(1);
}

function open(selector) {
  const link = here()?.querySelector(selector);
  if (link) window.open(link.href, "_blank", "noopener");
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox], [type=radio]), textarea, select");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    return form.querySelector("[data-record]").click();
  }
  if (typing && event.key === "Escape") return (here() ?? document.body).focus();
  if (typing && event.key === "Enter" && here()) { event.preventDefault(); return walk(1); } // not the first button
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
  else if (event.key === "A") form.querySelector("[data-all]").click();
  else if (event.key === "o") open("[data-source]");
  else if (event.key === "e") open("[data-proposal]");
  else if (Object.hasOwn(DECISIONS, event.key)) decide(DECISIONS[event.key]);
  else return;
  event.preventDefault();
});

// a second click while the decisions are on their way sends nothing
form.addEventListener("submit", (event) => {
  if (form.ariaBusy === "true") event.preventDefault();
  form.ariaBusy = "true";
});
window.addEventListener("pageshow", () => { form.ariaBusy = null; });
form.addEventListener("change", count);
count();
