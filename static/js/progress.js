// Shows how far a list is without reloading the page, asking less often the longer it takes; at the end the page is
// loaded again. A hidden page does not ask. Without this script the page has a link that reloads it.
const FIRST = 2000;
const LAST = 15000;
const NAME = "[data-progress]";

async function look(wait) {
  const shown = document.querySelector(NAME);
  if (!shown || shown.contains(document.activeElement)) return later(wait);
  if (document.hidden) {
    document.addEventListener("visibilitychange", () => later(FIRST), { once: true });
    return;
  }
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!response.ok) return later(LAST);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector(NAME);
    if (!fresh) return location.reload();
    shown.replaceChildren(...fresh.childNodes);
    if (shown.querySelector("progress")) later(Math.min(wait * 1.2, LAST));
  } catch {
    later(LAST);
  }
}

function later(wait) {
  setTimeout(() => look(wait), wait);
}

later(FIRST);
