// Forms that send a request of the reference and show the answer; without this file their buttons stay hidden.
const LONGEST = 100_000; // characters of an answer that are shown

function address(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll("[data-in]")) {
    const { in: place, name } = field.dataset; // a field's own name would hide members of the form: there is a "dataset"
    if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(field.value.trim()));
    else if (field.value.trim()) query.append(name, field.value.trim());
  }
  return query.size ? `${path}?${query}` : path;
}

function options(form) {
  const headers = { Accept: form.querySelector("[data-accept]")?.value || "application/json" };
  const body = form.querySelector("[data-body]");
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  if (body) headers["Content-Type"] = form.querySelector("[data-media]").value;
  if (token && form.dataset.method !== "GET") headers["X-CSRFToken"] = token;
  return { method: form.dataset.method, headers, body: body?.value };
}

function indented(text, type) {
  if (!type.includes("json") || type.includes("jsonl")) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // shown as it came
  }
}

for (const form of document.querySelectorAll("[data-try]")) {
  const button = form.querySelector("[type=submit]");
  const answer = form.parentElement.querySelector("[data-answer]");
  const show = (name, text) => { answer.querySelector(`[data-${name}]`).textContent = text; };
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const target = address(form);
    answer.hidden = false;
    show("address", `${form.dataset.method} ${target}`);
    show("status", "Asking …");
    show("content", "");
    try {
      const response = await fetch(target, options(form));
      const text = indented(await response.text(), response.headers.get("Content-Type") || "");
      const left = response.headers.get("RateLimit");
      show("status", `${response.status} ${response.statusText}${left ? ` · RateLimit: ${left}` : ""}`);
      show("content", text.length > LONGEST ? `${text.slice(0, LONGEST)}\n… and more` : text);
    } catch (error) {
      show("status", `No answer: ${error.message}`);
    }
  });
}

// A link to an operation opens it.
function openNamed() {
  const named = document.getElementById(location.hash.slice(1));
  if (named instanceof HTMLDetailsElement) named.open = true;
}
addEventListener("hashchange", openNamed);
openNamed();
