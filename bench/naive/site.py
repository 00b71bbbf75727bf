"""Views, API and URLs of the baseline."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.urls import include, path
from django.views.generic import DetailView, ListView
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import filters, routers, serializers, viewsets

from bench.naive.models import Paper, Result

FACETS = ("architecture", "year", "organisation")


class PaperList(ListView):
    queryset = Paper.objects.prefetch_related("topics")
    template_name = "list.html"
    paginate_by = 25

    def chosen(self) -> dict[str, str]:
        return {name: value for name in FACETS if (value := self.request.GET.get(name))}

    def get_queryset(self) -> QuerySet[Paper]:
        rows = super().get_queryset().filter(**self.chosen())
        if query := self.request.GET.get("q"):
            rows = rows.filter(Q(name__icontains=query) | Q(title__icontains=query) | Q(summary__icontains=query))
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facets = {}
        if self.chosen():
            rows = self.get_queryset().order_by()
            facets = {
                name: rows.values_list(name).annotate(count=Count("pk")).order_by("-count")[:8] for name in FACETS
            }
        return super().get_context_data(facets=facets, **kwargs)


class PaperDetail(DetailView):
    queryset = Paper.objects.prefetch_related("topics", "results")
    template_name = "detail.html"


class ResultSerializer(serializers.ModelSerializer):
    class Meta:
        model = Result
        exclude = ("paper",)


class PaperSerializer(serializers.ModelSerializer):
    topics = serializers.SlugRelatedField("name", many=True, read_only=True)
    results = ResultSerializer(many=True, read_only=True)

    class Meta:
        model = Paper
        fields = "__all__"


class PaperViewSet(viewsets.ModelViewSet):
    queryset = Paper.objects.prefetch_related("topics", "results")
    serializer_class = PaperSerializer
    lookup_field = "slug"
    filter_backends = [DjangoFilterBackend, filters.SearchFilter, filters.OrderingFilter]
    filterset_fields = FACETS
    search_fields = ("name", "title", "summary")
    ordering_fields = ("updated",)


router = routers.DefaultRouter()
router.register("papers", PaperViewSet)
urlpatterns = [
    path("healthz", lambda request: HttpResponse("ok")),
    path("papers/", PaperList.as_view()),
    path("papers/<slug:slug>/", PaperDetail.as_view()),
    path("search/", PaperList.as_view()),
    path("api/", include(router.urls)),
]
