"""The services that the portal reads from, and what may be said when one gives nothing."""

from dataclasses import dataclass

from django.conf import settings

CHECK_THE_FORM = "please check the form and fill in what is missing."


class NotFetched(Exception):
    """Nothing could be read; the message is for the contributor."""


class Unknown(NotFetched):
    """The service says that there is no such thing."""


@dataclass(frozen=True)
class Site:
    """A service: its key in FETCH_METADATA_EXCEPT, its name, the hosts that may be asked, and the seconds that lie
    between two requests at least (whole ones: Redis counts no parts)."""

    key: str
    name: str
    hosts: tuple[str, ...]
    interval: int = 1

    @property
    def is_on(self) -> bool:
        """Whether the settings allow requests to it."""
        return settings.FETCH_METADATA and self.key not in settings.FETCH_METADATA_EXCEPT

    def switched_off(self) -> NotFetched:
        """The error where the settings allow none."""
        which = self.name if settings.FETCH_METADATA else "other sites"
        return NotFetched(f"Reading from {which} is switched off here; {CHECK_THE_FORM}")

    def not_understood(self) -> NotFetched:
        """The error for an answer of another shape than the service documents."""
        return NotFetched(f"{self.name}'s answer could not be understood; {CHECK_THE_FORM}")

    def unknown(self) -> Unknown:
        """The error for what the service does not have."""
        return Unknown(f"{self.name} does not know it; please check the id.")


# “no more than one request every three seconds”: https://info.arxiv.org/help/api/tou.html
ARXIV = Site("arxiv", "arXiv", ("export.arxiv.org", "arxiv.org"), interval=3)
CROSSREF = Site("crossref", "Crossref", ("api.crossref.org",))
DATACITE = Site("datacite", "DataCite", ("api.datacite.org",))
HUGGING_FACE = Site("huggingface", "Hugging Face", ("huggingface.co",))
OPENREVIEW = Site("openreview", "OpenReview", ("api2.openreview.net", "api.openreview.net"))
ACL_ANTHOLOGY = Site("acl", "the ACL Anthology", ("aclanthology.org",))
CVF = Site("cvf", "CVF Open Access", ("openaccess.thecvf.com",))
PMLR = Site("pmlr", "PMLR", ("proceedings.mlr.press",))
GITHUB = Site("github", "GitHub", ("api.github.com",))
SEMANTIC_SCHOLAR = Site("semanticscholar", "Semantic Scholar", ("api.semanticscholar.org",))
SITES = (
    *(ARXIV, CROSSREF, DATACITE, HUGGING_FACE, OPENREVIEW),
    *(ACL_ANTHOLOGY, CVF, PMLR, GITHUB, SEMANTIC_SCHOLAR),
)
