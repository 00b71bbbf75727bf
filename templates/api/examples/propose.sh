# VLM_PORTAL_TOKEN holds a token from {{ site_url }}/accounts/settings/tokens/
curl -sf "{{ site_url }}/api/v1/proposals/" \
  -H "Authorization: Bearer $VLM_PORTAL_TOKEN" -H "Content-Type: application/json" \
  -H "Idempotency-Key: my-first-proposal" \
  -d '{"kind": "dataset", "fields": {"name": "COYO-700M", "size": "747M image-text pairs"},
       "source": "https://github.com/kakaobrain/coyo-dataset"}'
