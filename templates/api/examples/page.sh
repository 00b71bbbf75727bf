# all of them at once, a line each
curl -sf "{{ site_url }}/api/v1/datasets.jsonl?fields=name,size"
