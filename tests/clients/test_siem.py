"""The samples for SIEMs and Grafana, held against the vendors' own parsers, types and inspections; no product runs.

Kusto's language service reads the query against the table's columns, Splunk's AppInspect looks through an app made of
the configuration files, and TypeScript holds the pipeline and the dashboard against the types that Elastic and Grafana
publish. Each is also shown to refuse a mistake.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import steady
from tests.house import ROOT

pytestmark = pytest.mark.clients

CLIENTS = Path(os.environ.get("CLIENTS", ROOT / ".venv-clients"))
MODULES = CLIENTS / "npm" / "node_modules"
EXAMPLES = ROOT / "examples"
COLUMNS = """TimeGenerated:datetime, DeviceVendor:string, DeviceProduct:string, DeviceEventClassID:string,
    LogSeverity:string, SourceIP:string, DeviceCustomIPv6Address2:string, EventCount:int, Activity:string,
    Message:string, RequestClientApplication:string, SourcePort:int, ExtID:string, DeviceCustomString1:string"""
"""Of CommonSecurityLog: https://learn.microsoft.com/azure/azure-monitor/reference/tables/commonsecuritylog"""
KUSTO = """
const fs = require("fs"), [, modules, columns, query] = process.argv;
for (const one of ["bridge.min.js", "Kusto.Language.Bridge.min.js"])
  require(`${modules}/@kusto/language-service-next/${one}`);
const language = globalThis.Kusto.Language, symbols = language.Symbols;
const table = symbols.TableSymbol.From(`(${columns})`).WithName("CommonSecurityLog");
const known = language.GlobalState.Default.WithDatabase(new symbols.DatabaseSymbol.$ctor1("logs", [table]));
const found = language.KustoCode.ParseAndAnalyze(fs.readFileSync(query, "utf8"), known).GetDiagnostics();
for (let at = 0; at < found.Count; at++) console.log(found.getItem(at).Message);
"""
APP = """[launcher]
author = Example
version = 1.0.0
description = The sample
[ui]
is_visible = false
label = trapline
[package]
id = trapline
check_for_updates = false
[id]
name = trapline
version = 1.0.0
"""


def run(*command: str | Path, **more: str) -> str:
    """What a program printed, its status being its own business."""
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=10 * steady.PATIENCE, check=False,
        env={**os.environ, **more},
    )  # fmt: skip
    return done.stdout + done.stderr


def kusto(query: Path) -> list[str]:
    return run("node", "-e", KUSTO.strip(), "--", MODULES, COLUMNS, query).splitlines()


def test_sentinels_query_is_one(tmp_path: Path) -> None:
    query = EXAMPLES / "siem/sentinel/hits.kql"
    assert kusto(query) == []
    wrong = tmp_path / "wrong.kql"
    wrong.write_text(query.read_text("utf-8").replace("EventCount", "EventKount").replace("toint", "toinnt"))
    assert [re.findall(r"'(\w+)'", one) for one in kusto(wrong)] == [["toinnt"], ["EventKount"]]


def inspected(app: Path) -> dict[str, int]:
    shutil.rmtree(app / "__pycache__", ignore_errors=True)
    report = app.parent / "report.json"
    main = "from splunk_appinspect.main import execute; execute()"
    run(
        CLIENTS / "bin/python", "-c", main, "inspect", app, "--output-file", report,
        PYTHONPATH=str(CLIENTS / "appinspect"),
    )  # fmt: skip
    return dict(json.loads(report.read_text("utf-8"))["summary"])


def test_splunks_inspection_of_an_app_finds_nothing(tmp_path: Path) -> None:
    app = tmp_path / "trapline"
    (app / "default").mkdir(parents=True)
    (app / "default/app.conf").write_text(APP)
    for path in (EXAMPLES / "siem/splunk").glob("*.conf"):
        shutil.copy(path, app / "default")
    summary = inspected(app)
    assert summary["success"] > 50
    assert [summary[name] for name in ("error", "failure", "warning", "future_failure")] == [0, 0, 0, 0]
    broken = app / "default/savedsearches.conf"
    broken.write_text(
        broken.read_text("utf-8").replace("dispatch.earliest_time = -6m@m", "dispatch.earliest_time = rt")
    )
    summary = inspected(app)
    assert sum(summary[name] for name in ("error", "failure", "warning")) > 0


def typed(folder: Path, type_: str, value: str) -> str:
    """What TypeScript has to say of ``value``, which should be of that type."""
    module, name = type_.split(":")
    (folder / "node_modules").unlink(missing_ok=True)
    (folder / "node_modules").symlink_to(MODULES)
    names = {name.split(".")[0], *re.findall(r"\b(MappingType|ThresholdsMode)\.", value)}
    source = folder / "checked.ts"
    source.write_text(
        f"import {{ {', '.join(sorted(names))} }} from '{module}';\nexport const it: {name} = {value};\n"
    )
    flags = "--noEmit --skipLibCheck --target es2022 --module nodenext --moduleResolution nodenext --strict"
    return run("node", MODULES / "typescript/bin/tsc", *flags.split(), source)


def test_elastics_types_take_the_pipeline(tmp_path: Path) -> None:
    pipeline, type_ = (
        (EXAMPLES / "siem/elastic/pipeline.json").read_text("utf-8"),
        "@elastic/elasticsearch:estypes.IngestPipeline",
    )
    assert typed(tmp_path, type_, pipeline) == ""
    assert "target_feeld" in typed(tmp_path, type_, pipeline.replace("target_field", "target_feeld", 1))


def test_grafanas_types_take_the_dashboard(tmp_path: Path) -> None:
    dashboard = (EXAMPLES / "grafana/trapline.json").read_text("utf-8")
    for text, member in (("value", "MappingType.ValueToText"), ("absolute", "ThresholdsMode.Absolute")):
        dashboard = re.sub(rf'("(?:type|mode)": )"{text}"', rf"\1{member}", dashboard)
    assert typed(tmp_path, "@grafana/schema:Dashboard", dashboard) == ""
    assert "to type 'number'" in typed(
        tmp_path,
        "@grafana/schema:Dashboard",
        dashboard.replace('"schemaVersion": ', '"schemaVersion": "x" + '),
    )
