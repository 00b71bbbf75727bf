// While a form is filled: likely duplicates beside it, and Markdown as the page will show it.
const DELAY = 700;

async function post(address, data, token) {
  const reply = await fetch(address, { method: "POST", body: data, headers: { "X-CSRFToken": token } }).catch(() => null);
  return reply?.ok ? reply.text() : null;
}

function twins(form) {
  const place = form.querySelector("[data-twins-here]");
  if (!place) return;
  let timer, last = place.innerHTML;
  form.addEventListener("input", (event) => {
    if (!/^(name|title|arxiv_id|doi|aliases|links-\d+-url|paper|benchmark|value)$/.test(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const html = await post(form.dataset.twins, new FormData(form), form.elements.csrfmiddlewaretoken.value);
      if (html !== null && html !== last) place.innerHTML = last = html;
    }, DELAY);
  });
}

function markdown(form, area) {
  const shown = document.createElement("details");
  const summary = document.createElement("summary");
  const body = document.createElement("div");
  summary.textContent = "Preview";
  body.className = "prose";
  shown.className = "as-shown";
  shown.append(summary, body);
  area.after(shown);
  let timer;
  const render = async () => {
    if (!shown.open) return;
    const data = new FormData();
    data.set("text", area.value);
    const html = await post(form.dataset.preview, data, form.elements.csrfmiddlewaretoken.value);
    if (html !== null) body.innerHTML = html;
  };
  shown.addEventListener("toggle", render);
  area.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(render, DELAY); });
}

for (const form of document.querySelectorAll("form[data-preview]")) {
  twins(form);
  for (const area of form.querySelectorAll("textarea[data-markdown]")) markdown(form, area);
}
