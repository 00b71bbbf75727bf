// Keeps unsent work of a form[data-keep] in this browser, and offers it again when the form is opened anew. A second
// click while the form is on its way sends nothing.
const NAMED = "input[name], textarea[name], select[name]";
const NEVER = new Set(["csrfmiddlewaretoken", "base", "version", "submit"]);
const PREFIX = "unsent:";

// A store that is full or forbidden is like one that holds nothing: the form works without.
const store = {
  get: (key) => { try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch { return null; } },
  set: (key, value) => { try { localStorage.setItem(PREFIX + key, JSON.stringify(value)); } catch { return; } },
  forget: (key) => { try { localStorage.removeItem(PREFIX + key); } catch { return; } },
  keys: () => { try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length)); } catch { return []; } },
};

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
  const key = form.dataset.keep;
  const pristine = JSON.stringify(read(form));
  let timer;
  const save = () => {
    const values = read(form);
    if (JSON.stringify(values) !== pristine) store.set(key, { at: Date.now(), values });
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 400); });
  form.addEventListener("submit", () => { clearTimeout(timer); save(); });
  offer(form, key, pristine);
}

function offer(form, key, pristine) {
  const box = form.querySelector("[data-kept]");
  const kept = store.get(key);
  if (!box || !kept || form.querySelector(".troubles") || JSON.stringify(kept.values) === pristine) return;
  const time = document.createElement("time");
  time.dateTime = new Date(kept.at).toISOString();
  // in words as the pages have it, in the reader's own time zone
  const words = (options) => new Intl.DateTimeFormat("en-GB", options).format(kept.at);
  time.textContent = `${words({ dateStyle: "long" })}, ${words({ timeStyle: "short" })}`;
  box.querySelector("[data-when]").replaceChildren(time);
  box.hidden = false;
  box.querySelector("[data-restore]").addEventListener("click", () => { fill(form, kept.values); box.hidden = true; });
  box.querySelector("[data-forget]").addEventListener("click", () => { store.forget(key); box.hidden = true; });
}

// The page after a submission that went through names what may be forgotten; the one after signing out, everything ("*").
for (const done of document.querySelectorAll("[data-sent]")) {
  const sent = done.dataset.sent.split(" ");
  for (const key of store.keys()) if (sent.includes(key) || sent.includes("*")) store.forget(key);
}

function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.ariaBusy === "true") event.preventDefault();
    form.ariaBusy = "true";
  });
  window.addEventListener("pageshow", () => { form.ariaBusy = null; });
}

for (const form of document.querySelectorAll("form[data-keep]")) keep(form);
for (const form of document.querySelectorAll("form[data-keep], form[data-once]")) sendOnce(form);
document.querySelector("[data-focus]")?.focus();
