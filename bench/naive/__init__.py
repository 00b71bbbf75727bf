"""The baseline: the Django + DRF site that most people would write first, for the same papers and results.

ListView, ModelViewSet, PageNumberPagination, icontains, GROUP BY for the facets, Django's own conditional GET. It is
not a straw man: columns used for sorting and filtering are indexed, related rows are prefetched.
"""
