// Inputs with data-pick suggest entries while one types: a combobox after the ARIA Authoring Practices.
const DELAY = 180;
let serial = 0;

function box(input) {
  const list = document.createElement("ul");
  list.className = "pick";
  list.id = `pick-${++serial}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Entries");
  input.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]])
    input.setAttribute(name, value);
  return list;
}

function close(input, list) {
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function show(input, list, entries) {
  list.replaceChildren(...entries.map(({ slug, name }, i) => {
    const option = document.createElement("li");
    option.id = `${list.id}-${i}`;
    option.setAttribute("role", "option");
    option.dataset.slug = slug;
    const small = document.createElement("small");
    small.textContent = slug;
    option.append(name, " ", small);
    return option;
  }));
  list.hidden = entries.length === 0;
  list.style.insetBlockStart = `${input.offsetTop + input.offsetHeight}px`;
  input.setAttribute("aria-expanded", String(!list.hidden));
}

function move(input, list, step) {
  const options = [...list.children];
  const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const next = options.at((now + step + (now < 0 && step < 0 ? 1 : 0)) % options.length);
  for (const option of options) option.setAttribute("aria-selected", String(option === next));
  if (next) input.setAttribute("aria-activedescendant", next.id);
}

function choose(input, list, option) {
  input.value = option.dataset.slug;
  close(input, list);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function enhance(input) {
  const list = box(input);
  input.dataset.picking = "";
  let timer, asked = 0, chosen = false;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (chosen || input.value.trim().length < 2) { chosen = false; return close(input, list); }
    timer = setTimeout(async () => {
      const mine = ++asked;
      const reply = await fetch(`${input.dataset.pick}?q=${encodeURIComponent(input.value)}`).catch(() => null);
      if (reply?.ok && mine === asked) show(input, list, (await reply.json()).entries);
    }, DELAY);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const selected = list.querySelector('[aria-selected="true"]');
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(input, list, event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && selected) { chosen = true; choose(input, list, selected); }
    else if (event.key === "Escape") close(input, list);
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) { chosen = true; choose(input, list, option); }
  });
  input.addEventListener("blur", () => close(input, list));
}

// Rows that are added later are enhanced when they are first entered.
const waits = (element) => element?.matches?.("input[data-pick]:not([data-picking])");
document.addEventListener("focusin", (event) => {
  if (waits(event.target)) enhance(event.target);
});

// On a slow network somebody may be typing already.
const early = document.activeElement;
if (waits(early)) {
  enhance(early);
  if (early.value !== early.defaultValue) early.dispatchEvent(new Event("input"));
}
