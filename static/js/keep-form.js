// Keeps unsent work of a form[data-keep] in this browser, and offers it again when the form is opened anew.
const NAMED = "input[name], textarea[name], select[name]";
const NEVER = new Set(["csrfmiddlewaretoken", "base", "version", "submit"]);

function fields(form) {
  return [...form.querySelectorAll(NAMED)].filter((field) => !NEVER.has(field.name) && field.type !== "file");
}

function read(form) {
  const values = {};
  for (const field of fields(form)) {
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) values[field.name] = field.value;
    } else if (field.value !== "") values[field.name] = field.value;
  }
  return values;
}

// Rows that were added by hand are there again before their values are filled in.
function makeRoom(form, values) {
  for (const part of form.querySelectorAll("[data-rows]")) {
    const name = part.dataset.rows;
    const wanted = Object.keys(values).map((key) => key.match(`^${name}-(\\d+)-`)?.[1]).filter(Boolean).map(Number);
    const most = Math.min(Math.max(-1, ...wanted), 200);
    for (let i = part.querySelectorAll("[data-row]").length; i <= most; i++) part.dispatchEvent(new CustomEvent("add-row"));
  }
}

function fill(form, values) {
  makeRoom(form, values);
  for (const field of fields(form)) {
    const value = values[field.name];
    if (field.type === "checkbox" || field.type === "radio") field.checked = value === field.value;
    else field.value = value ?? "";
  }
}

function keep(form) {
  const key = `unsent:${form.dataset.keep}`;
  const pristine = JSON.stringify(read(form));
  let timer;
  const save = () => {
    const values = JSON.stringify(read(form));
    if (values === pristine) return;
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: JSON.parse(values) }));
    } catch {
      form.dataset.unkept = ""; // a full or forbidden store: the form works without
    }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 400); });
  form.addEventListener("submit", save);
  offer(form, key, pristine);
}

function offer(form, key, pristine) {
  const box = form.querySelector("[data-kept]");
  const kept = JSON.parse(localStorage.getItem(key) ?? "null");
  const rejected = form.querySelector(".troubles");
  if (!box || !kept || rejected || JSON.stringify(kept.values) === pristine) return;
  const time = box.querySelector("time");
  time.dateTime = new Date(kept.at).toISOString();
  time.textContent = new Date(kept.at).toLocaleString();
  box.hidden = false;
  box.querySelector("[data-restore]").addEventListener("click", () => { fill(form, kept.values); box.hidden = true; });
  box.querySelector("[data-forget]").addEventListener("click", () => { localStorage.removeItem(key); box.hidden = true; });
}

// The page after a submission that went through names what may be forgotten.
for (const done of document.querySelectorAll("[data-sent]"))
  for (const key of Object.keys(localStorage)) if (key.startsWith("unsent:") && done.dataset.sent.split(" ").includes(key.slice(7))) localStorage.removeItem(key);

for (const form of document.querySelectorAll("form[data-keep]")) keep(form);
document.querySelector("[data-focus]")?.focus();
