// Decisions are held for a few seconds before they go out, so that they can be taken back. They are kept in this tab, on
// every page of the admin, and sent at once when the tab leaves it. What the server refuses stays in view until it is
// seen. What cannot have arrived is sent again; what got no answer may have arrived, and is sent again only by hand.
// review.js speaks to this by events on the document: "hold" {decision}, "take-back", "go" {address}.
const HOLD = 6000, KEY = "held-decisions";
const JSON_ONLY = { Accept: "application/json" };
const NO_ANSWER = "No answer came, so the decision may have arrived. Look at it before you send it again.";
const bar = document.querySelector("[data-held]");
const list = bar.querySelector("ul");
const me = bar.dataset.held;
let leaving = false, told = [], shown = "", timer;

// another person's decisions, left in a tab that was signed out of, are not sent in this one's name
const all = () => JSON.parse(sessionStorage.getItem(KEY) ?? "[]").filter((one) => one.user === me);
const store = (decisions) => sessionStorage.setItem(KEY, JSON.stringify(decisions));
const drop = (id) => store(all().filter((one) => one.id !== id));
const change = (id, values) => store(all().map((one) => (one.id === id ? { ...one, ...values } : one)));
const held = () => all().filter((one) => one.state === "held");

// signing in again changes the token: a page of the admin has the new one
async function freshToken() {
  const reply = await fetch(bar.dataset.queue, { redirect: "manual" });
  const found = reply.ok && new DOMParser().parseFromString(await reply.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]");
  if (!found) return false;
  for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = found.value;
  return true;
}

async function ask(one, again = false) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const fields = one.fields.filter(([name]) => name !== "csrfmiddlewaretoken");
  if (!navigator.onLine) return { again: "there is no connection." };
  try {
    const reply = await fetch(one.address, {
      method: "POST", keepalive: true, redirect: "manual", headers: JSON_ONLY,
      body: new URLSearchParams([...fields, ["csrfmiddlewaretoken", token]]),
    });
    if (reply.status < 500 && reply.headers.get("Content-Type")?.includes("json")) return await reply.json();
    if (reply.status === 403 && !again && (await freshToken())) return await ask(one, true);
    if (reply.type === "opaqueredirect" || reply.status === 403) return { again: "you are signed out. Sign in again in another tab." };
    if (reply.status < 500) return { again: `the server answered ${reply.status}.` };
  } catch {} // whether it arrived is not known
  return arrival(one);
}

// looks whether a decision that got no answer was made, without making it
async function arrival(one) {
  const address = new URL(one.address, location);
  address.searchParams.set("version", new URLSearchParams(one.fields).get("version"));
  for (const wait of [500, 1500, 2500]) {
    await new Promise((done) => setTimeout(done, wait));
    const answer = await fetch(address, { redirect: "manual", headers: JSON_ONLY }).then((reply) => reply.json()).catch(() => ({}));
    if (answer.ok) return answer;
  }
  return { unknown: true };
}

async function send(one, asking = ask) {
  change(one.id, { state: "sending" });
  const answer = await asking(one);
  if (answer.again) {
    const tries = (one.tries ?? 0) + 1;
    change(one.id, { state: "failed", tries, due: Date.now() + HOLD * Math.min(tries, 10), trouble: `Not sent yet: ${answer.again}` });
  } else if (answer.unknown) change(one.id, { state: "unknown", trouble: NO_ANSWER });
  else if (answer.ok) {
    drop(one.id);
    told = [answer.message];
    mark(one.pk, "decided");
  } else change(one.id, { state: "refused", trouble: answer.message });
  tick();
}

function button(text, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "button plain", textContent: text });
  made.addEventListener("click", act);
  return made;
}

function line(one) {
  const item = document.createElement("li");
  item.dataset.state = one.state;
  const words = document.createElement("span");
  words.textContent = { held: `${one.verb}: ${one.name}.`, sending: `${one.verb}: ${one.name}. Sending…` }[one.state] ?? (["sent", "refused"].includes(one.state) ? one.trouble : `${one.name}: ${one.trouble}`);
  item.append(words);
  if (one.state === "held") {
    const left = Object.assign(document.createElement("span"), { className: "left", ariaHidden: "true" });
    left.dataset.due = one.due;
    item.append(left, button(one.id === held().at(-1).id ? "Take it back (z)" : "Take it back", () => takeBack(one)));
  } else if (one.state === "failed") item.append(button("Try now", () => send(one)), button("Leave it", () => { drop(one.id); tick(); }));
  else if (one.state === "unknown") item.append(button("Look at it", () => go(one.back)), button("Send again", () => send(one)), button("Leave it", () => { drop(one.id); tick(); }));
  else if (one.state === "refused") item.append(button("Look at it", () => { drop(one.id); go(one.back); }), button("Seen", () => { drop(one.id); tick(); }));
  return item;
}

function draw(decisions) {
  const state = JSON.stringify([told, decisions.map((one) => [one.id, one.state, one.trouble])]);
  if (state !== shown) {
    list.replaceChildren(...[...told.map((trouble) => ({ state: "sent", trouble })), ...decisions].map(line));
    bar.hidden = !list.children.length;
    shown = state;
  }
  for (const left of list.querySelectorAll("[data-due]")) left.textContent = `${Math.max(0, Math.ceil((left.dataset.due - Date.now()) / 1000))} s`;
}

const mark = (pk, state) => document.querySelector(`li[data-pk="${CSS.escape(pk)}"]`)?.setAttribute("data-state", state);

function tick() {
  clearTimeout(timer);
  for (const one of all().filter((each) => ["held", "failed"].includes(each.state) && each.due <= Date.now())) send(one);
  const decisions = all();
  for (const one of decisions) mark(one.pk, one.state);
  draw(decisions);
  if (decisions.some((one) => ["held", "failed"].includes(one.state))) timer = setTimeout(tick, 250);
}

function go(address) {
  leaving = true;
  const ids = all().filter((one) => !["refused", "unknown"].includes(one.state)).map((one) => one.pk).join(",");
  location.assign(ids ? `${address}${address.includes("?") ? "&" : "?"}held=${ids}` : address);
}

function takeBack(one = held().at(-1)) {
  if (!one) return;
  drop(one.id);
  sessionStorage.setItem("taken-back", JSON.stringify(one));
  go(one.back);
}

document.addEventListener("hold", ({ detail }) => {
  store([...all(), { ...detail, id: crypto.randomUUID?.() ?? `${detail.pk}-${Date.now()}`, user: me, state: "held", due: Date.now() + HOLD }]);
});
document.addEventListener("take-back", () => takeBack());
document.addEventListener("go", ({ detail }) => go(detail));

// a link within the admin leads to a page that goes on holding them
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (link?.href.startsWith(new URL(bar.dataset.root, location)) && !link.target && !event.defaultPrevented) leaving = true;
});
document.addEventListener("submit", async (event) => {
  if (event.target.id !== "logout-form") { leaving ||= !event.defaultPrevented; return; }
  event.preventDefault();
  await Promise.all(held().map(send));
  event.target.submit();
});
addEventListener("pagehide", () => { if (!leaving) for (const one of held()) send(one); });
addEventListener("pageshow", (event) => { leaving = false; if (event.persisted) tick(); });
for (const one of all().filter((each) => each.state === "sending")) send(one, arrival);
tick();
