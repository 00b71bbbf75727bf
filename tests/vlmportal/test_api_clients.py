"""The OpenAPI schema under programs by others: a validator, and a generator whose client reads and proposes."""

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from accounts.tokens import make_token
from catalog.api.describing import schema, schema_json
from submissions.models import Proposal
from tests.factories import make_paper
from tests.people import contributor

OPERATIONS = [operation for methods in schema()["paths"].values() for operation in methods.values()]


def test_the_schema_is_valid() -> None:
    OpenAPIV31SpecValidator(json.loads(schema_json())).validate()


def test_the_schema_says_where_the_api_is_and_under_which_licence() -> None:
    assert schema()["servers"] == [{"url": "http://127.0.0.1:8000"}]
    assert schema()["info"]["license"] == {"name": "Data under CC BY 4.0", "identifier": "CC-BY-4.0"}


def test_every_tag_is_declared_and_described() -> None:
    declared = {tag["name"]: tag["description"] for tag in schema()["tags"]}

    assert set(declared) == {tag for operation in OPERATIONS for tag in operation["tags"]}
    assert all(declared.values())


def examples() -> Iterator[tuple[str, Any, Any]]:
    """Each example with its schema: of parameters, bodies and responses."""
    for operation in OPERATIONS:
        answers = [answer.get("content", {}) for answer in operation["responses"].values()]
        contents = [operation.get("requestBody", {}).get("content", {}), *answers]
        described = [*operation.get("parameters", []), *(media for content in contents for media in content.values())]
        for one in described:
            for example in one.get("examples", {}).values():
                yield operation["operationId"], one["schema"], example["value"]


def test_every_example_is_valid_by_its_schema() -> None:
    """But for JSON Lines, which are one text."""
    components = {"components": schema()["components"]}

    wrong = [
        (name, error.message)
        for name, described, value in examples()
        if described != {"type": "string"}
        for error in Draft202012Validator({**described, **components}).iter_errors(value)
    ]

    assert wrong == []


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A client by openapi-python-client, and what the generator said."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "schema.json").write_text(schema_json())
    (folder / "settings.yaml").write_text("post_hooks: []\n")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--config", "settings.yaml"]
    said = subprocess.run(
        [*command, "--path", "schema.json", "--output-path", "portal_client"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    sys.path.insert(0, str(folder))
    yield folder / "portal_client", said.stdout
    sys.path.remove(str(folder))


def test_the_generator_leaves_nothing_out(generated: tuple[Path, str]) -> None:
    folder, said = generated

    modules = {re.sub("_", "", path.stem).lower() for path in folder.glob("api/*/*.py")} - {"init"}
    assert modules == {operation["operationId"].replace("_", "").lower() for operation in OPERATIONS}
    assert said.split() == ["Generating", "portal_client"]  # and no warning


@pytest.mark.django_db(transaction=True)
def test_the_generated_client_reads_and_proposes(generated: tuple[Path, str], live_server: Any) -> None:
    make_paper(name="CLIP", year=2021)
    _, key = make_token(user=contributor(), name="client", scopes=["read", "propose"], days=7)
    client = importlib.import_module("portal_client").AuthenticatedClient(base_url=live_server.url, token=key)
    models = importlib.import_module("portal_client.models")
    list_papers = importlib.import_module("portal_client.api.papers.list_papers")
    propose_batch = importlib.import_module("portal_client.api.proposals.propose_batch")
    new = {"kind": "paper", "fields": {"name": "Vim"}, "source": "https://arxiv.org/abs/2401.09417"}

    with client:
        page = list_papers.sync(client=client, year_min=2021)
        answer = propose_batch.sync(client=client, body=[models.NewProposal.from_dict(new)])

    assert [(paper.slug, paper.fields.year) for paper in page.results] == [("clip", 2021)]
    assert (answer.accepted, answer.refused) == (1, 0)
    assert Proposal.objects.get().name == "Vim"
