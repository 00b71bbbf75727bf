import json
import urllib.request

url = "{{ site_url }}/api/v1/datasets/?fields=name,size&page_size=200"
while url:
    with urllib.request.urlopen(url) as answer:
        page = json.load(answer)
    for dataset in page["results"]:
        print(dataset["slug"], dataset["fields"]["size"])
    url = page["next"]
