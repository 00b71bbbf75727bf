"""The class of a source by its address: a reviewed table of hosts, and of accounts on hosts that many share."""

import re
from functools import lru_cache

from catalog.text.addresses import split_as_browser

PRIMARY, COPY, INDEX, LIST = "primary", "official-copy", "index", "list"
"""What the authors published themselves; a copy that they or the publisher let stand; a catalogue, leaderboard or
evaluation harness; a reading list, blog or re-upload by others."""

_TABLE = {
    PRIMARY: """
        aaai.org aclanthology.org aclweb.org/anthology activity-net.org ai.facebook.com ai.meta.com allenai.org
        anthropic.com arxiv.org blog.google cocodataset.org cs.stanford.edu deepmind.com deepmind.google dl.acm.org
        doi.org ecva.net gluebenchmark.com ieeexplore.ieee.org isca-archive.org jmlr.org laion.ai link.springer.com
        microsoft.com mistral.ai multimediacommons.wordpress.com nature.com neurips.cc nips.cc nvidia.com
        openaccess.thecvf.com openai.com openreview.net proceedings.mlr.press qwenlm.github.io rextime.github.io
        rrc.cvc.uab.es storage.googleapis.com/deepmind-media visualqa.org x.ai
        github.com/AILab-CVC github.com/allenai github.com/antoine77340 github.com/baaivision github.com/baichuan-inc
        github.com/BradyFU/Video-MME github.com/BryanPlummer github.com/cocodataset github.com/cruiseresearchgroup
        github.com/deepseek-ai github.com/DIUx-xView github.com/facebookresearch github.com/google-deepmind
        github.com/google-research github.com/google-research-datasets github.com/guoxy25 github.com/haotian-liu
        github.com/huggingface/OBELICS github.com/kakaobrain github.com/lichengunc github.com/LLaVA-VL
        github.com/lupantech github.com/m-bain github.com/meta-llama github.com/microsoft
        github.com/mlfoundations/datacomp github.com/MMMU-Benchmark github.com/MMStar-Benchmark github.com/Ola-Omni
        github.com/open-compass/MMBench github.com/openai github.com/OpenBMB github.com/OpenGVLab github.com/QwenLM
        github.com/ReXTime github.com/salesforce github.com/ShareGPT4Omni github.com/THUDM github.com/tianyi-lab
        github.com/TIGER-AI-Lab
        github.com/vis-nlp github.com/westlake-baichuan-mllm github.com/Yuliang-Liu github.com/yuweihao
        github.com/zai-org github.com/zeyofu huggingface.co/allenai huggingface.co/BAAI huggingface.co/CohereForAI
        huggingface.co/CohereLabs huggingface.co/deepseek-ai huggingface.co/facebook huggingface.co/google
        huggingface.co/HuggingFaceM4 huggingface.co/HuggingFaceTB huggingface.co/kakaobrain huggingface.co/laion
        huggingface.co/liuhaotian huggingface.co/meta-llama huggingface.co/microsoft huggingface.co/mistralai
        huggingface.co/MMMU huggingface.co/nvidia huggingface.co/openai huggingface.co/openbmb
        huggingface.co/OpenGVLab huggingface.co/Qwen huggingface.co/Salesforce huggingface.co/THUDM
        huggingface.co/zai-org
    """,
    COPY: """
        alphaxiv.org ar5iv.labs.arxiv.org ar5iv.org arxiv-vanity.com papertohtml.org
    """,
    INDEX: """
        aibase.com aiwiki.ai alphaxiv.org/overview api.crossref.org api.openalex.org codesota.com crossref.org
        dblp.org featherless.ai hyper.ai labelsets.com lmarena.ai openalex.org paperswithcode.com paperswithcode2.com
        rank.opencompass.org.cn researchtrend.ai scholar.google.com semanticscholar.org tensorflow.org wizwand.com
        github.com/allenai/olmes github.com/EleutherAI/lm-evaluation-harness github.com/embeddings-benchmark
        github.com/epoch-research github.com/EvolvingLMMs-Lab/lmms-eval github.com/facebookresearch/mmf
        github.com/huggingface/datasets github.com/huggingface/lighteval github.com/huggingface/transformers
        github.com/JonathanChavezTamales
        github.com/mlfoundations/open_clip github.com/modelscope/evalscope github.com/open-compass/opencompass
        github.com/open-compass/VLMEvalKit github.com/open-mmlab/mmpretrain github.com/openai/evals
        github.com/openai/simple-evals huggingface.co/docs huggingface.co/papers huggingface.co/spaces
    """,
    LIST: """
        404media.co aiaaic.org anilkeshwani.github.io asksendai.com awesome.papernotes.org besthub.dev bioengineer.org
        blog.omagiclee.com chatpaper.com codetd.com deeplearn.org emergentmind.com free2aitools.com ips99.com
        linkedin.com medium.com meoai.net news.nature.com newx.sg paperium.net reddit.com sanjanb.github.io
        search.gipoco.com substack.com thelatestinai.com themoonlight.io towardsdatascience.com twitter.com
        wikipedia.org x.com youtube.com
        github.com/BradyFU/Awesome-Multimodal-Large-Language-Models github.com/dhansmair github.com/gokayfem
        github.com/huggingface/blog github.com/jakemanger github.com/jingyi0000 github.com/lupantech/dl4math
        github.com/pliang279 github.com/xi-ix github.com/zhengli97 huggingface.co/blog huggingface.co/Wark1
    """,
}
CLASSES = {place.casefold(): name for name, places in _TABLE.items() for place in places.split()}
"""The class by host, or by host and the first parts of the path; all in lower case."""
SAME_HOSTS = {"raw.githubusercontent.com": "github.com", "hf.co": "huggingface.co", "youtu.be": "youtube.com"}
HOSTS = frozenset({place.partition("/")[0] for place in CLASSES} | set(SAME_HOSTS))
"""The hosts that the table is about."""
MAX_PATH_PARTS = 2
MAX_HOST_LABELS = max(host.count(".") + 1 for host in HOSTS)

FORUM_LABELS = frozenset(
    {"answers", "communities", "community", "discourse", "discuss", "forum", "forums", "techcommunity"}
)
"""Names of hosts below a domain at which anybody writes."""
WRITTEN_BY_ANYBODY = frozenset({"discussions", "issues", "pull", "pulls", "wiki"})
"""The parts of a repository that others than its owner write."""
_READING_LIST = re.compile(r"awesome|(?:paper|reading)s?[-_]list")
_ARCHIVED = re.compile(r"/web/[^/]+/(?:https?:/+)?(.+)")
_REPOSITORY_HOSTS = frozenset({"github.com", "huggingface.co"})
_MAX_ARCHIVES = 3
"""How many addresses of an archive may be wrapped in each other."""


@lru_cache(maxsize=10_000)
def source_class(url: str) -> str:
    """The class of a source by its address, "" if it is unknown.

    What anybody may write, and repositories that are reading lists by their name, are LIST. For all else, the longest
    entry of the table decides: that of a repository before that of its owner, and that of a host before that of its
    parent domain. An archived page has the class of its original, and a dataset that of its owner's models.
    """
    try:
        host, parts = _place(url.lower())
    except ValueError:
        return ""
    if _is_written_by_anybody(host, parts) or (host == "github.com" and _READING_LIST.search("/".join(parts[1:2]))):
        return LIST
    places = ["/".join([host, *parts[:count]]) for count in range(min(len(parts), MAX_PATH_PARTS), 0, -1)]
    places += domains_of(host)
    return next((CLASSES[place] for place in places if place in CLASSES), "")


def domains_of(host: str) -> list[str]:
    """A host and the domains that it belongs to, the longest first, as far as the table could have them."""
    labels = host.split(".")[-MAX_HOST_LABELS:]
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def _place(url: str) -> tuple[str, list[str]]:
    """The host of an address and the parts of its path; of an archived page, those of its original. Raises ValueError
    if the address cannot be read."""
    address = split_as_browser(url)
    for _ in range(_MAX_ARCHIVES):
        archived = _ARCHIVED.match(address.path) if address.hostname == "web.archive.org" else None
        if archived:
            address = split_as_browser(f"https://{archived[1]}")
    host = (address.hostname or "").removesuffix(".").removeprefix("www.")
    host = SAME_HOSTS.get(host, host)
    parts = [part for part in address.path.split("/") if part]
    return host, parts[1:] if host == "huggingface.co" and parts[:1] == ["datasets"] else parts


def _is_written_by_anybody(host: str, parts: list[str]) -> bool:
    """Whether it is a forum, or the issues, discussions, pull requests or wiki of a repository."""
    if not FORUM_LABELS.isdisjoint(host.split(".")[:-2]):
        return True
    return host in _REPOSITORY_HOSTS and not WRITTEN_BY_ANYBODY.isdisjoint(parts[2:3])
