"""The form in which somebody brings results: a pasted table or a file, and what they say of it."""

from pathlib import PurePath
from typing import Any

from django import forms

from catalog.exchange.results.files import Defaults, UnreadableSource, base_url, file_url, path_in
from catalog.exchange.results.formats import FORMATS
from catalog.exchange.results.names import KnownNames
from catalog.exchange.results.tables.reading import Said
from catalog.kinds import KINDS
from catalog.text.scales import Scale
from submissions.intake.results import TABLE, Given

MAX_BYTES = 1_000_000
TOO_LARGE = f"That is more than {MAX_BYTES // 1000:,} kilobytes: bring it in parts."
PASTED = "pasted"


class GivenResultsForm(forms.Form):
    """What is brought and where it stands. What the table or file states itself is not asked."""

    text = forms.CharField(
        required=False,
        strip=False,
        label="A table, or the content of a file",
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text="TSV, CSV, Markdown or LaTeX, with its headings: models as rows, benchmarks or metrics as columns, "
        "or the other way round.",
    )
    file = forms.FileField(
        required=False,
        label="Or a file",
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.tsv,.yaml,.yml,.md,.tex,.txt,text/plain"}),
        help_text="A table, or results of MTEB, open_clip, MMMU's board, lmms-eval, VLMEvalKit, Hugging Face or Every "
        "Eval Ever. At most one megabyte.",
    )
    source = forms.CharField(
        max_length=500,
        required=False,
        label="Address of the source",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        help_text="Where the table or the file stands: the paper, the model card, the file in its repository.",
    )
    place = forms.CharField(max_length=100, required=False, label="Place in it", help_text="Such as Table 3, page 7.")
    benchmark = forms.CharField(
        max_length=300, required=False, help_text="Its name, if the headings name only metrics, splits or parts of it."
    )
    scale = forms.ChoiceField(
        required=False,
        choices=[("", "Detect it"), *Scale.choices],
        label="How values are printed",
        help_text="Needed where 0.645 may be a fraction or a percentage.",
    )
    split = forms.CharField(max_length=100, required=False, help_text="For columns that name none.")
    part = forms.CharField(
        max_length=200, required=False, help_text="A subset or language, for columns that name none."
    )
    setting = forms.CharField(max_length=200, required=False, help_text="In the words of the source: zero-shot.")
    models_in = forms.ChoiceField(
        required=False,
        choices=[("", "Detect it"), ("rows", "Rows"), ("columns", "Columns")],
        label="Models are",
    )
    format = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Detect it"),
            (TABLE, "A table"),
            *((name, f"{name}: {one.description}") for name, one in FORMATS.items()),
        ],
    )
    path = forms.CharField(
        max_length=500,
        required=False,
        label="Name of the file",
        help_text="With the folders that name the model, for MTEB, VLMEvalKit and .eval_results: "
        "owner/model/.eval_results/x.yaml. Not needed with the address of a file in a repository.",
    )
    commit = forms.CharField(
        max_length=64, required=False, help_text="Its hash, if the address leads to a repository and names none."
    )
    harness_version = forms.CharField(
        max_length=100, required=False, label="Version of the harness", help_text="If the file does not state it."
    )
    protocol = forms.CharField(
        max_length=100, required=False, help_text="The slug of a protocol of the catalogue by which all was measured."
    )
    name = forms.CharField(
        max_length=200, required=False, label="A name for the batch", help_text="For you and the reviewers."
    )

    @property
    def says_more(self) -> bool:
        """Whether something is said that a table does not say."""
        return self._has("split", "part", "setting", "models_in")

    @property
    def says_of_file(self) -> bool:
        """Whether something is said of the file of a tool."""
        return self._has("format", "path", "commit", "harness_version", "protocol")

    def _has(self, *names: str) -> bool:
        return any(self[name].value() or self[name].errors for name in names)

    names: KnownNames
    """The names of the catalogue, in which the benchmark is looked up."""

    def clean_file(self) -> Any:
        """The uploaded file as (name, text); None without one."""
        upload = self.cleaned_data["file"]
        if upload is None:
            return None
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        try:
            return upload.name, upload.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError("The file is not text in UTF-8.") from error

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text.encode(errors="replace")) > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return text

    def clean_protocol(self) -> str:
        """The slug of a protocol. Raises ValidationError if there is none."""
        slug: str = self.cleaned_data["protocol"].strip()
        if slug and not KINDS["protocol"].model.objects.filter(slug=slug).exists():
            raise forms.ValidationError(f"There is no protocol “{slug}”.")
        return slug

    def clean_benchmark(self) -> str:
        """The slug of the benchmark. Raises ValidationError unless exactly one has this name."""
        name: str = self.cleaned_data["benchmark"].strip()
        if not name or name in self.names.benchmarks:
            return name
        slugs = {place.benchmark for place in self.names.places.find(name)}
        if len(slugs) != 1:
            near = ", ".join(self.names.places.nearest(name))
            hint = f" Near: {near}." if near else ""
            several = "Several benchmarks have this name." if slugs else "There is no benchmark of this name."
            raise forms.ValidationError(several + hint)
        return slugs.pop()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if {"text", "file"} <= data.keys():
            data["path"] = data.get("path", "").strip()
            if data["file"]:
                name, data["text"] = data["file"]
                data["path"] = data["path"] or name
            if not data["text"].strip():
                self.add_error("text", "Paste a table, or choose a file.")
        try:
            data["url"] = base_url(data.get("source", "").strip(), data.get("commit", "").strip())
        except UnreadableSource as error:
            self.add_error(error.about, str(error))
        return data

    def keep_file(self) -> None:
        """Show the content of the uploaded file as the text, so that the next request has it."""
        if getattr(self, "cleaned_data", {}).get("file"):
            kept: dict[str, Any] = {key: self.cleaned_data[key] for key in ("text", "path") if key in self.cleaned_data}
            self.data = {**self.data, **kept}

    def given(self, answers: dict[str, str]) -> Given:
        """What was brought, with the answers to questions."""
        data = self.cleaned_data
        name = PurePath(data["path"] or PASTED)
        url = file_url(data["url"], name.name, at_commit=bool(data["commit"] and data["path"]))
        said = {key: data[key].strip() for key in ("split", "part", "setting", "place", "scale", "models_in")}
        return Given(
            text=data["text"],
            path=name if len(name.parts) > 1 else path_in(data["source"].strip(), name.name),
            format=data["format"],
            url=url,
            said=Said(benchmark=data["benchmark"], **said),
            defaults=Defaults(data["harness_version"].strip(), data["scale"], data["protocol"]),
            answers=answers,
        )
