const query = new URLSearchParams({ q: "clip", kind: "paper" });
const { results } = await (await fetch(`{{ site_url }}/api/v1/search/?${query}`)).json();
for (const { slug, fields } of results) console.log(slug, fields.name);
