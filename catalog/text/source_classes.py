"""The class of a source by its address: a reviewed table of hosts, and of accounts on hosts that many share."""

from urllib.parse import urlsplit

PRIMARY, COPY, INDEX, LIST = "primary", "official-copy", "index", "list"
"""What the authors published themselves; a copy that they or the publisher let stand; a catalogue, leaderboard or
evaluation harness; a reading list, blog or re-upload by others."""

_TABLE = {
    PRIMARY: """
        aaai.org aclanthology.org activity-net.org ai.facebook.com ai.meta.com allenai.org anthropic.com arxiv.org
        blog.google cocodataset.org cs.stanford.edu deepmind.google deepmind.com dl.acm.org doi.org ecva.net
        gluebenchmark.com ieeexplore.ieee.org isca-archive.org jmlr.org laion.ai link.springer.com microsoft.com
        mistral.ai multimediacommons.wordpress.com nature.com neurips.cc nvidia.com openaccess.thecvf.com openai.com
        openreview.net proceedings.mlr.press qwenlm.github.io rextime.github.io rrc.cvc.uab.es
        storage.googleapis.com/deepmind-media visualqa.org x.ai
        github.com/AILab-CVC github.com/allenai github.com/antoine77340 github.com/baaivision
        github.com/baichuan-inc github.com/BradyFU/Video-MME github.com/BryanPlummer github.com/cocodataset
        github.com/cruiseresearchgroup github.com/deepseek-ai github.com/DIUx-xView github.com/facebookresearch
        github.com/google-deepmind github.com/google-research github.com/google-research-datasets github.com/guoxy25
        github.com/haotian-liu github.com/huggingface/OBELICS github.com/kakaobrain github.com/lichengunc
        github.com/LLaVA-VL github.com/lupantech github.com/m-bain github.com/meta-llama github.com/microsoft
        github.com/mlfoundations/datacomp github.com/MMMU-Benchmark github.com/MMStar-Benchmark
        github.com/Ola-Omni github.com/open-compass/MMBench github.com/openai github.com/OpenBMB
        github.com/OpenGVLab github.com/QwenLM github.com/ReXTime github.com/salesforce github.com/ShareGPT4Omni
        github.com/THUDM github.com/tianyi-lab github.com/vis-nlp github.com/westlake-baichuan-mllm
        github.com/yuweihao github.com/Yuliang-Liu github.com/zai-org github.com/zeyofu
        huggingface.co/allenai huggingface.co/BAAI huggingface.co/CohereForAI huggingface.co/CohereLabs
        huggingface.co/deepseek-ai huggingface.co/facebook huggingface.co/google huggingface.co/HuggingFaceM4
        huggingface.co/HuggingFaceTB huggingface.co/kakaobrain huggingface.co/laion huggingface.co/liuhaotian
        huggingface.co/meta-llama huggingface.co/microsoft huggingface.co/mistralai huggingface.co/nvidia
        huggingface.co/openai huggingface.co/openbmb huggingface.co/OpenGVLab huggingface.co/Qwen
        huggingface.co/Salesforce huggingface.co/THUDM huggingface.co/zai-org
        huggingface.co/datasets/facebook huggingface.co/datasets/HuggingFaceM4 huggingface.co/datasets/kakaobrain
        huggingface.co/datasets/laion huggingface.co/datasets/liuhaotian huggingface.co/datasets/nvidia
    """,
    COPY: """
        alphaxiv.org ar5iv.labs.arxiv.org ar5iv.org arxiv-vanity.com huggingface.co/papers papertohtml.org
    """,
    INDEX: """
        aibase.com aiwiki.ai api.crossref.org api.openalex.org codesota.com crossref.org dblp.org featherless.ai
        hyper.ai labelsets.com openalex.org paperswithcode.com paperswithcode2.com researchtrend.ai
        semanticscholar.org tensorflow.org wizwand.com
        github.com/EvolvingLMMs-Lab/lmms-eval github.com/facebookresearch/mmf github.com/huggingface/datasets
        github.com/huggingface/transformers github.com/JonathanChavezTamales/LLMStats
        github.com/mlfoundations/open_clip github.com/modelscope/evalscope github.com/open-compass/VLMEvalKit
        github.com/open-mmlab/mmpretrain huggingface.co/docs huggingface.co/spaces
    """,
    LIST: """
        404media.co aiaaic.org anilkeshwani.github.io asksendai.com awesome.papernotes.org besthub.dev bioengineer.org
        blog.omagiclee.com chatpaper.com codetd.com deeplearn.org emergentmind.com free2aitools.com ips99.com
        linkedin.com medium.com meoai.net newx.sg paperium.net reddit.com sanjanb.github.io search.gipoco.com
        substack.com thelatestinai.com themoonlight.io towardsdatascience.com twitter.com wikipedia.org x.com
        youtube.com
        github.com/BradyFU/Awesome-Multimodal-Large-Language-Models github.com/dhansmair github.com/gokayfem
        github.com/huggingface/blog github.com/jakemanger github.com/jingyi0000 github.com/pliang279
        github.com/xi-ix github.com/zhengli97 huggingface.co/blog huggingface.co/Wark1
    """,
}
CLASSES = {place.casefold(): name for name, places in _TABLE.items() for place in places.split()}
"""The class by host, or by host and the first parts of the path; all in lower case."""
SAME_HOSTS = {"raw.githubusercontent.com": "github.com"}
MAX_PATH_PARTS = 2


def source_class(url: str) -> str:
    """The class of a source by its address, "" if the table does not have it.

    The longest entry decides: that of a repository before that of its owner, and that of a host before that of its
    parent domain.
    """
    try:
        address = urlsplit(url.casefold())
        host = (address.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    host = SAME_HOSTS.get(host, host)
    parts = [part for part in address.path.split("/") if part][:MAX_PATH_PARTS]
    places = ["/".join([host, *parts[:count]]) for count in range(len(parts), 0, -1)]
    labels = host.split(".")
    places += [".".join(labels[start:]) for start in range(len(labels) - 1)]
    return next((CLASSES[place] for place in places if place in CLASSES), "")
