import json
import urllib.request

url = "{{ site_url }}/api/v1/papers/?year_min=2024&fields=name,year,organisation&page_size=5"
with urllib.request.urlopen(url) as answer:
    for paper in json.load(answer)["results"]:
        print(paper["fields"]["year"], paper["fields"]["name"], paper["html_url"])
