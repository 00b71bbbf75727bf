curl -sfG "{{ site_url }}/api/v1/search/" --data-urlencode "q=clip" --data-urlencode "kind=paper"
