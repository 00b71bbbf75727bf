import json
import os
import urllib.request

proposal = {
    "kind": "dataset",
    "fields": {"name": "COYO-700M", "size": "747M image-text pairs"},
    "source": "https://github.com/kakaobrain/coyo-dataset",
}
request = urllib.request.Request(
    "{{ site_url }}/api/v1/proposals/",
    json.dumps(proposal).encode(),
    {
        "Authorization": f"Bearer {os.environ['VLM_PORTAL_TOKEN']}",
        "Content-Type": "application/json",
        "Idempotency-Key": "my-first-proposal",
    },
)
with urllib.request.urlopen(request) as answer:
    found = json.load(answer)
print(found["status"], found["html_url"])
