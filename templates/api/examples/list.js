const url = "{{ site_url }}/api/v1/papers/?year_min=2024&fields=name,year,organisation&page_size=5";
const { results } = await (await fetch(url)).json();
for (const { fields, html_url } of results) console.log(fields.year, fields.name, html_url);
