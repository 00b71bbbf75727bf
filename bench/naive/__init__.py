"""The baseline: the Django + DRF that everybody writes first, over the same papers and results.

ListView, ModelViewSet, PageNumberPagination, icontains, GROUP BY for the facets, Django's own conditional GET; it is
no straw man: what it sorts and filters by is indexed, related rows are prefetched.
"""
