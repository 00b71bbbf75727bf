curl -sf "{{ site_url }}/api/v1/papers/?year_min=2024&fields=name,year,organisation&page_size=5"
