"""manifest.yml against Slack's own schema (it stands beside the checkout, not in it)."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT.parent / "shared/reference/slack/manifest.schema.2.0.0.json"


@pytest.mark.skipif(not SCHEMA.exists(), reason="Slack's manifest schema is not ours to ship")
def test_the_manifest_is_valid():
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
    jsonschema.validate(manifest, json.loads(SCHEMA.read_text("utf-8")))
