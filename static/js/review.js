// The review page by keyboard: a key a decision, then the next proposal. held.js keeps the decision for a few seconds.
// Without scripts the buttons post directly.
const page = document.querySelector("[data-review]");
const form = page.querySelector("[data-decide]");
const keys = page.querySelector("[data-keys]");
const reason = form?.elements.reason;
const boxes = [...page.querySelectorAll("[data-field]")];
let wanted; // the button whose words are being written
let opened = 0;

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

function hold(button) {
  const fields = [...new FormData(form, button).entries()];
  if (button.name !== "canned" || !reason.value.trim()) return keep(button, fields);
  return keep(button, fields.filter(([name]) => name !== "reason")); // a canned reason stands alone
}

function keep(button, fields) {
  tell("hold", { pk: form.dataset.pk, name: form.dataset.name, verb: button.dataset.verb, address: button.formAction, fields, back: location.pathname + location.search });
  tell("go", page.dataset.next);
}

form?.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && "needsReason" in button.dataset && !reason.value.trim()) {
    event.preventDefault();
    wanted = button;
    reason.required = true;
    reason.setAttribute("aria-label", `${button.dataset.verb ?? "Write"}: words to the author`);
    return reason.focus();
  }
  if (!button?.dataset.verb) return;
  event.preventDefault();
  hold(button);
});

// What is left unticked must not slip through with the rest.
function weigh() {
  const whole = page.querySelector("[data-whole]");
  const all = boxes.every((box) => box.checked);
  if (!whole || whole.dataset.off) return;
  whole.disabled = !all;
  whole.title = all ? "" : "Not everything is ticked: approve only what is ticked, or tick the rest.";
}
if (form?.querySelector("[data-whole]")?.disabled) form.querySelector("[data-whole]").dataset.off = "1";
for (const box of boxes) box.addEventListener("change", weigh);

function move(step) {
  if (!boxes.length) return;
  const at = boxes.indexOf(document.activeElement);
  boxes.at(at < 0 && step < 0 ? -1 : (at + step) % boxes.length).focus();
}

function open() {
  const inOrder = ["[data-sources] a", "a[data-open]", ".changes ins a[href^=http], .new-facts a[href^=http]"];
  const links = inOrder.flatMap((which) => [...page.querySelectorAll(which)]);
  const addresses = [...new Set(links.map((link) => link.href))];
  if (addresses.length) window.open(addresses[opened++ % addresses.length], "_blank", "noopener");
}

const KEYS = {
  "?": () => keys.showModal(),
  z: () => tell("take-back"),
  q: () => tell("go", page.dataset.queue + queueFilters()),
  j: () => move(1),
  k: () => move(-1),
  x: () => boxes.includes(document.activeElement) && document.activeElement.click(),
  o: open,
};

function queueFilters() {
  const filters = new URLSearchParams(location.search).get("_changelist_filters");
  return filters ? `?${filters}` : "";
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
  if (typing && event.key === "Escape") return event.target.blur();
  if (typing && event.key === "Enter" && (event.ctrlKey || event.metaKey)) return wanted?.click();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat || keys.open) return;
  const own = Object.hasOwn(KEYS, event.key) && KEYS[event.key];
  const target = page.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!own && (!target || target.disabled)) return;
  event.preventDefault();
  if (own) own();
  else if (target.matches("a")) tell("go", target.href);
  else target.click();
});

const hint = page.querySelector("[data-show-keys]");
hint.hidden = false;
hint.addEventListener("click", KEYS["?"]);

// A decision that was taken back is offered as it was typed.
const back = JSON.parse(sessionStorage.getItem("taken-back") ?? "null");
if (back) sessionStorage.removeItem("taken-back");
if (back && form && back.pk === form.dataset.pk) {
  const fields = new URLSearchParams(back.fields);
  reason.value = fields.get("reason") ?? "";
  if (boxes.length) for (const box of boxes) box.checked = fields.getAll("fields").includes(box.value);
}
weigh();
