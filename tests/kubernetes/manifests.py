"""What an overlay of deploy/k8s comes to, as kubectl builds it, and what is wrong with it by its schemas."""

import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]  # it has none
import yaml  # type: ignore[import-untyped]  # it has none
from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # it has none

K8S = Path(__file__).resolve().parents[2] / "deploy/k8s"
KUBECTL = Path(sys.executable).with_name("kubectl")
VERSION = "1.37"
OVERLAYS = ("dev", "ci", "production")
BUILT = ("dev", "ci", "ci/migrations", "ci/erasures", "production", "production/migrations", "production/erasures")
"""All that is built: the overlays, and what those that have their own run before a release and after a restore."""
WORKLOADS = ("Deployment", "StatefulSet", "Job")

Resource = dict[str, Any]


@cache
def text(overlay: str) -> str:
    """What an overlay comes to: `ci`, or `ci/migrations`."""
    built = subprocess.run(
        [KUBECTL, "kustomize", K8S / "overlays" / overlay], capture_output=True, text=True, check=False
    )
    if built.returncode:
        raise AssertionError(f"{overlay}: {built.stderr}")
    return built.stdout


@cache
def resources(overlay: str) -> tuple[Resource, ...]:
    """The same, resource by resource; not to be changed."""
    return tuple(yaml.safe_load_all(text(overlay)))


def of(overlay: str, kind: str) -> dict[str, Resource]:
    """The resources of a kind, by name."""
    return {each["metadata"]["name"]: each for each in resources(overlay) if each["kind"] == kind}


def templates(overlay: str) -> dict[str, Resource]:
    """What each pod is to be, by the name of what runs it."""
    found = [each for kind in WORKLOADS for each in of(overlay, kind).values()]
    return {each["metadata"]["name"]: each["spec"]["template"] for each in found}


def problems(resource: Resource) -> Iterator[str]:
    """What the schema of its kind does not know or does not allow; one without a schema is a problem too."""
    where = f"{resource['kind']} {resource['metadata']['name']}"
    kind = resource["apiVersion"], resource["kind"]
    try:
        if kind in operators():
            yield from (
                f"{where}: {error.json_path}: {error.message}" for error in operators()[kind].iter_errors(resource)
            )
        else:
            kubernetes_validate.validate(resource, VERSION, strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        yield f"{where}: no schema of {' '.join(kind)}"
    except kubernetes_validate.ValidationError as error:
        yield f"{where}: {'.'.join(map(str, error.path))}: {error.message}"


@cache
def operators() -> dict[tuple[str, str], Draft7Validator]:
    """The schemas of the operators' resources, strict, by API version and kind."""
    found = {}
    for path in sorted((K8S / "schemas").glob("*.yaml")):
        spec = yaml.safe_load(path.read_text(encoding="utf-8"))["spec"]
        for version in spec["versions"]:
            schema = _strict(version["schema"]["openAPIV3Schema"])
            schema["properties"] |= {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {}}
            found[f"{spec['group']}/{version['name']}", spec["names"]["kind"]] = Draft7Validator(schema)
    return found


def _strict(schema: Any) -> Any:
    """A schema that allows no field which it does not name, as the API server refuses those of a typing error."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {name: _strict(value) for name, value in schema.items()}
    if strict.pop("x-kubernetes-int-or-string", False):
        strict = {"anyOf": [{"type": "integer"}, {"type": "string"}]}
    open_ended = strict.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in strict
    if isinstance(strict.get("properties"), dict) and strict.get("type") == "object" and not open_ended:
        strict["additionalProperties"] = False
    return strict
