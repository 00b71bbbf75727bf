const page = await (await fetch("{{ site_url }}/api/v1/changes/?page_size=10")).json();
for (const { at, action, kind, slug } of page.results) console.log(at, action, kind, slug);
console.log("go on with", page.next);
