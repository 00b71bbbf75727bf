// The review page by keyboard. A decision is held for a few seconds before it is sent, so that it can be undone;
// it is kept in this tab meanwhile, and sent at once when the tab closes. Without this script buttons post directly.
const HOLD = 6000;
const KEY = "held-decisions";
const page = document.querySelector("[data-review]");
const form = page.querySelector("[data-decide]");
const bar = page.querySelector("[data-held]");
const keys = page.querySelector("[data-keys]");
let leaving = false;

const held = () => JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
const store = (list) => sessionStorage.setItem(KEY, JSON.stringify(list));
const drop = (decision) => store(held().filter((other) => other.id !== decision.id));

function say(text, undo) {
  bar.hidden = !text;
  bar.querySelector("span").textContent = text;
  bar.querySelector("button").hidden = !undo;
}

async function send(decision) {
  drop(decision);
  const reply = await fetch(decision.address, {
    method: "POST", keepalive: true, body: new URLSearchParams(decision.fields),
    headers: { Accept: "application/json" },
  }).catch(() => null);
  if (reply === null) {
    store([...held(), { ...decision, due: Date.now() + HOLD }]);
    say(`Not sent yet, no connection: ${decision.name}. It is tried again.`, true);
    return tick();
  }
  const json = reply.headers.get("Content-Type")?.includes("json");
  const told = json ? (await reply.json()).message : `${decision.name}: the server answered ${reply.status}.`;
  say(told, false);
}

let timer;
function tick() {
  clearTimeout(timer);
  const list = held();
  if (!list.length) return;
  for (const decision of list.filter((one) => one.due <= Date.now())) send(decision);
  const next = held().at(-1);
  if (!next) return;
  say(`${next.verb}: ${next.name}. Goes out in ${Math.ceil((next.due - Date.now()) / 1000)} s.`, true);
  timer = setTimeout(tick, 250);
}

function go(address) {
  leaving = true;
  const ids = held().map((one) => one.pk).join(",");
  location.assign(ids ? `${address}${address.includes("?") ? "&" : "?"}held=${ids}` : address);
}

function hold(button) {
  const data = new FormData(form, button);
  const decision = {
    id: crypto.randomUUID?.() ?? String(Date.now()), pk: form.dataset.pk, name: form.dataset.name, verb: button.dataset.verb,
    address: button.formAction, fields: [...data.entries()], due: Date.now() + HOLD, back: location.pathname,
  };
  store([...held(), decision]);
  go(page.dataset.next);
}

function undo() {
  const last = held().at(-1);
  if (!last) return;
  drop(last);
  if (last.back !== location.pathname) return go(last.back);
  say("Undone: nothing was sent.", false);
}

form?.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.dataset.verb) { leaving = true; return; }
  event.preventDefault();
  const reason = form.elements.reason;
  if ("needsReason" in button.dataset && !reason.value.trim() && !form.elements.canned.value) {
    say("Say why: pick a reason, or write one.", false);
    return reason.focus();
  }
  hold(button);
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
  if (typing && event.key === "Escape") return event.target.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
  if (event.key === "?") keys.showModal();
  else if (event.key === "z") undo();
  else if (event.key === "q") go(page.dataset.queue);
  else if (event.key === "n") go(page.dataset.next);
  else if (event.key === "o") for (const link of page.querySelectorAll("[data-sources] a")) window.open(link.href, "_blank", "noopener");
  else {
    const target = page.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target || target.disabled) return;
    target.click();
  }
  event.preventDefault();
});

bar.querySelector("button").addEventListener("click", undo);
addEventListener("pagehide", () => { if (!leaving) for (const decision of held()) send(decision); });
// The server knows which proposals are held; a page of one of them is not shown again by "next".
page.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-key]");
  if (link && !event.metaKey && !event.ctrlKey) { event.preventDefault(); go(link.href); }
});
tick();
