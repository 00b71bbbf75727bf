// A button that copies the text of the element it names; it stays hidden where it could not work.
for (const button of document.querySelectorAll("[data-copy]")) {
  const target = document.getElementById(button.dataset.copy);
  if (!target || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(target.textContent);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select and copy by hand";
      getSelection().selectAllChildren(target);
    }
    setTimeout(() => { button.textContent = label; }, 1600);
  });
}
