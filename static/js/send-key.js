// Ctrl+Enter (⌘+Enter on a Mac) in a text area sends its form, as its button does.
for (const area of document.querySelectorAll("textarea[data-send-key]")) {
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    area.form.requestSubmit();
  });
  for (const help of area.form.querySelectorAll("[data-send-key-help]")) help.hidden = false;
}
