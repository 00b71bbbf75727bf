let url = "{{ site_url }}/api/v1/datasets/?fields=name,size&page_size=200";
while (url) {
  const page = await (await fetch(url)).json();
  for (const { slug, fields } of page.results) console.log(slug, fields.size);
  url = page.next;
}
