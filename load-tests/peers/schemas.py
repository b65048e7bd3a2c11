"""Lays out JSON schemas for kubeconform: those of Kubernetes out of the Python package kubernetes-validate, and one for each version
of each CustomResourceDefinition. Called by load-tests/peers/install, in whose Python the package is.

  schemas.py RELEASE DEFINITIONS OUT

writes OUT/GROUP/KIND_VERSION.json, kinds in lower case. The core's group is "v1": an apiVersion without a slash is all group to
kubeconform.
"""

import json
import pathlib
import sys

import kubernetes_validate
import yaml

SHARED = "_definitions.json"
ALTERNATIVES = ("oneOf", "anyOf", "allOf", "not")


def of_kubernetes(release, out):
    """The package's schemas refer to shared ones by an address that is nowhere; here each kind refers to the file above it."""
    source = pathlib.Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema" / release
    shared = json.loads((source / SHARED).read_text())
    del shared["$id"]
    write(out / SHARED, shared)
    for name, schema in shared["$defs"].items():
        for kind in schema.get("x-kubernetes-group-version-kind", []):
            file = f"{kind['kind'].lower()}_{kind['version']}.json"
            write(
                out / (kind["group"] or kind["version"]) / file,
                {"$schema": shared["$schema"], "$ref": f"../{SHARED}#/$defs/{name}"},
            )


def of_definitions(folder, out):
    for file in sorted(folder.iterdir()):
        for document in yaml.safe_load_all(file.read_text()):
            if not document or document.get("kind") != "CustomResourceDefinition":
                continue
            spec = document["spec"]
            for version in spec["versions"]:
                schema = closed(version["schema"]["openAPIV3Schema"])
                # What every object has besides.
                for field, kind in (("apiVersion", "string"), ("kind", "string"), ("metadata", "object")):
                    schema.setdefault("properties", {}).setdefault(field, {"type": kind})
                write(out / spec["group"] / f"{spec['names']['kind'].lower()}_{version['name']}.json", schema)


def closed(schema):
    """A field that an object does not have is a fault, as to the API server. Alternatives only say more of fields that it has."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: value if key in ALTERNATIVES else closed(value) for key, value in schema.items()}
    has_fields = schema.get("type") == "object" and isinstance(schema.get("properties"), dict)
    if has_fields and not schema.get("x-kubernetes-preserve-unknown-fields"):
        result.setdefault("additionalProperties", False)
    return result


def write(file, schema):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(schema))


if __name__ == "__main__":
    of_kubernetes(sys.argv[1], pathlib.Path(sys.argv[3]))
    of_definitions(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
