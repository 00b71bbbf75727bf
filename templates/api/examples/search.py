import json
import urllib.parse
import urllib.request

query = urllib.parse.urlencode({"q": "clip", "kind": "paper"})
with urllib.request.urlopen("{{ site_url }}/api/v1/search/?" + query) as answer:
    for hit in json.load(answer)["results"]:
        print(hit["slug"], hit["fields"]["name"])
