"""URLs of the catalogue's pages."""

from django.urls import include, path

from catalog.web import board_feeds, changes, entries, history, home, leaderboards, lists, verification
from catalog.web.search import search

app_name = "catalog"

urlpatterns = [
    path("", home.home, name="home"),
    path("about/", home.about, name="about"),
    path("verification/", verification.verification, name="verification"),
    path("search/", search, name="search"),
    path("changes/", changes.change_log, name="changes"),
    path("", include("catalog.web.export_urls")),
    path("benchmarks/<slug:slug>/leaderboard/", leaderboards.entry_leaderboard, name="leaderboard"),
    path("benchmarks/<slug:slug>/leaderboard.csv", leaderboards.leaderboard_csv, name="leaderboard-csv"),
    path("benchmarks/<slug:slug>/leaderboard.atom", board_feeds.board_feed, name="leaderboard-feed"),
    path("<kind:plural>/", lists.entry_list, name="list"),
    path("<kind:plural>/<slug:slug>/", entries.entry_detail, name="detail"),
    path("<kind:plural>/<slug:slug>/history/", history.entry_history, name="history"),
    path("<kind:plural>/<slug:slug>/history/compare/", history.compare_revisions, name="compare-revisions"),
    path("<kind:plural>/<slug:slug>/history/<revision:number>/", history.entry_revision, name="revision"),
    path("<kind:plural>/<slug:slug>/blame/", history.entry_blame, name="blame"),
]
