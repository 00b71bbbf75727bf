import json
import urllib.request

url = "{{ site_url }}/api/v1/changes/?page_size=10"
with urllib.request.urlopen(url) as answer:
    page = json.load(answer)
for change in page["results"]:
    print(change["at"], change["action"], change["kind"], change["slug"])
print("go on with", page["next"])
