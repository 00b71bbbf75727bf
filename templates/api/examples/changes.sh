# `cursor` of one answer is `since` of the next
curl -sf "{{ site_url }}/api/v1/changes/?page_size=10"
