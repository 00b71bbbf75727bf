const proposal = {
  kind: "dataset",
  fields: { name: "COYO-700M", size: "747M image-text pairs" },
  source: "https://github.com/kakaobrain/coyo-dataset",
};
const answer = await fetch("{{ site_url }}/api/v1/proposals/", {
  method: "POST",
  headers: {
    "Authorization": `Bearer ${process.env.VLM_PORTAL_TOKEN}`,
    "Content-Type": "application/json",
    "Idempotency-Key": "my-first-proposal",
  },
  body: JSON.stringify(proposal),
});
const found = await answer.json();
console.log(answer.ok ? `${found.status} ${found.html_url}` : found.detail);
