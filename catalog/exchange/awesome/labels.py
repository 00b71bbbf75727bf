"""Labels of links: texts that say only what a link leads to, in English and Chinese."""

import re
from functools import lru_cache

LABEL_EDGES = re.compile(r"[^\w./+#'-]")
IN_BRACKETS = re.compile(r"\([^()]{0,60}\)|（[^（）]{0,60}）|\[[^\[\]]{0,60}\]")
LINK_KINDS: dict[str, str] = {
    **dict.fromkeys(("code", "github", "repo", "colab", "代码", "源码"), "code"),
    **dict.fromkeys(("project", "project page", "page", "website", "homepage"), "project"),
    **dict.fromkeys(("主页", "项目主页"), "project"),
    **dict.fromkeys(("model", "models", "weights", "checkpoint", "checkpoints"), "weights"),
    **dict.fromkeys(("权重", "模型权重"), "weights"),
    **dict.fromkeys(("hf", "huggingface", "hugging face"), "weights"),
    **dict.fromkeys(("dataset", "data", "download", "downloads"), "data"),
    **dict.fromkeys(("demo",), "demo"),
    **dict.fromkeys(("blog",), "blog"),
    **dict.fromkeys(("video",), "video"),
}
GENERIC_TEXTS = {
    *LINK_KINDS,
    *("paper", "papers", "pdf", "arxiv", "openreview", "acl", "cvf", "supp", "bib", "doc", "docs", "html", "abs"),
    *("link", "links", "here", "slides", "tweet", "poster", "talk", "bibtex", "appendix", "notebook", "source", "url"),
    *("pypi", "conda", "npm", "docker", "report", "modelscope", "zhihu", "star", "stars", "image", "tutorial"),
    *("documentation", "readme", "web", "site", "wechat", "discord", "论文", "数据", "模型", "演示", "博客", "视频"),
    *("pytorch", "tensorflow", "jax", "citation", "leaderboard", "eval tool"),
}
NOUNS = frozenset(
    (
        *("paper", "papers", "pdf", "arxiv", "openreview", "code", "codes", "github", "gitlab", "repo", "repository"),
        *("page", "homepage", "website", "webpage", "site", "link", "links", "demo", "dataset", "datasets", "data"),
        *("weights", "checkpoint", "checkpoints", "model", "models", "blog", "video", "slides", "poster", "supp"),
        *("supplementary", "supplement", "appendix", "huggingface", "modelscope", "colab", "download", "report"),
        *("leaderboard", "citation", "bibtex", "documentation", "wechat", "zhihu", "url", "card", "zoo", "thread"),
    )
)
"""A label of several words has one of these or of the words in Chinese below,"""
THINGS = frozenset(("model", "models", "dataset", "datasets", "data", "模型", "数据", "数据集"))
"""With a number, these are names."""
AROUND_NOUNS = frozenset(
    (
        *("and", "of", "for", "on", "to", "this", "our", "here", "in", "with", "official", "unofficial"),
        *("pytorch", "tensorflow", "jax", "torch", "keras", "full", "extended", "version", "preprint", "conference"),
        *("journal", "main", "other", "see", "view", "read", "available", "coming", "soon", "technical", "hugging"),
        *("face", "hf", "basic", "online", "live", "interactive", "source", "project", "material", "materials", "post"),
        *("twitter", "youtube", "bilibili", "web", "list", "+", "-"),
    )
)
"""and else only these."""
IN_CHINESE = re.compile(
    r"论文|文章|技术报告|报告|代码|源码|链接|下载|项目|主页|官网|数据集?|模型|权重|演示|博客|视频|解读|解析|讲解|摘要|笔记|知乎|地址|官方|开源|原文|文档|仓库|[和与及、]"
)
NOTHING = re.compile(
    r"暂无|无|尚?还?未(?:公布|开源|公开|发布)|即将(?:开源|公布|发布)|待更新|n/?a|none|tb[ad]|[-–—]+"
    r"|(?:coming |released )?soon|(?:not|to be|will be) (?:available|released)(?: yet| soon)?",
    re.IGNORECASE,
)
VERSION = re.compile(r"v\d")
MAX_LENGTH = 120
LABELLED = re.compile(r"^([^:：]{1,60})[:：]\s*+([^:：]{0,40})$")


@lru_cache(maxsize=1024)
def is_label(text: str) -> bool:
    """Whether a text is only a label of a link, such as "Paper:", "📄 [PDF]", "PyTorch code" or "代码（官方）2"."""
    if len(text) > MAX_LENGTH:
        return False
    if (bare := _bare(text)) in GENERIC_TEXTS or VERSION.fullmatch(bare):
        return True
    words = _words(IN_CHINESE.sub(lambda match: f" {match[0]} ", IN_BRACKETS.sub(" ", text)))
    nouns = {word for word in words if word in NOUNS or IN_CHINESE.fullmatch(word)}
    others = [word for word in words if word not in nouns and word not in AROUND_NOUNS]
    return bool(nouns) and (not others or (not nouns & THINGS and all(word.isdigit() for word in others)))


def kind_of_label(text: str) -> str:
    """The link type that a label names; "" if it names none, or is no label."""
    whole = _bare(text)
    if whole in LINK_KINDS or not is_label(text):
        return LINK_KINDS.get(whole, "")
    words = _words(IN_CHINESE.sub(lambda match: f" {match[0]} ", IN_BRACKETS.sub(" ", text)))
    return next((LINK_KINDS[word] for word in words if word in LINK_KINDS), "")


def is_label_of_nothing(text: str) -> bool:
    """Whether a text says that there is no such link: "Code: coming soon"."""
    found = LABELLED.match(text.strip(" *_`"))
    return bool(found and is_label(found[1]) and (not found[2] or NOTHING.fullmatch(found[2].strip(" .*_`()（）"))))


def _words(text: str) -> list[str]:
    return _bare(text.replace("/", " ")).split()


def _bare(text: str) -> str:
    """A text in lower case without the signs around its words."""
    return " ".join(LABEL_EDGES.sub(" ", text).split()).lower()
