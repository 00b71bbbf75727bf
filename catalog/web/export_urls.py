"""URLs of exports, feeds, sitemaps and other files of the site."""

from django.contrib.sitemaps import views as sitemaps
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from catalog.web import exports, previews, scoped_feeds, site_files
from catalog.web.feeds import ChangesFeed, NewFeed
from catalog.web.sitemaps import SITEMAPS


class ExtensionConverter(StringConverter):
    """The file extension of an export, such as "json" or "croissant.json"."""

    regex = r"[a-z_]+(?:\.[a-z]+)?"


register_converter(ExtensionConverter, "extension")

urlpatterns = [
    path("export/", exports.export_page, name="export"),
    path("export/catalogue.jsonl", exports.export_all, name="export-all"),
    path("export/README.md", exports.export_readme, name="export-readme"),
    path("export/<kind:plural>.<extension:extension>", exports.export_list, name="export-list"),
    path("export/<kind:plural>/<slug:slug>.<extension:extension>", exports.export_entry, name="export-entry"),
    path("feeds/", site_files.feed_page, name="feeds"),
    path("feeds/new.atom", NewFeed(), name="feed-new"),
    path("feeds/changes.atom", ChangesFeed(), name="feed-changes"),
    path("feeds/search.atom", scoped_feeds.SearchFeed(), name="feed-search"),
    path("feeds/sections/<slug:section>/new.atom", NewFeed(), name="feed-section-new"),
    path("feeds/sections/<slug:section>/changes.atom", ChangesFeed(), name="feed-section-changes"),
    path("feeds/<kind:plural>/new.atom", NewFeed(), name="feed-kind-new"),
    path("feeds/<kind:plural>/changes.atom", ChangesFeed(), name="feed-kind-changes"),
    path("topics/<slug:slug>/entries.atom", scoped_feeds.topic_feed, name="topic-feed"),
    path("<kind:plural>/<slug:slug>/history.atom", scoped_feeds.entry_feed, name="entry-feed"),
    path("<kind:plural>/<slug:slug>/history/<revision:number>/preview.png", previews.entry_preview, name="preview"),
    path(
        "sitemap.xml",
        sitemaps.index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "catalog:sitemap"},
        name="sitemap-index",
    ),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("favicon.ico", site_files.favicon, name="favicon"),
    path("robots.txt", site_files.robots, name="robots"),
    path(".well-known/security.txt", site_files.security_txt, name="security-txt"),
    path("opensearch.xml", site_files.opensearch, name="opensearch"),
]
