"""Programs and libraries that read such files in earnest; each gives what it read as something to compare.

What is in the first file must be in the second and the same: `kept`. What a program does by itself (its default
profile, its current context, what it prints) is part of what it read, under names in brackets.
"""

from __future__ import annotations

import ast
import atexit
import base64
import configparser
import csv
import functools
import json
import os
import plistlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import steady
from tests.programs import require

Reader = Callable[[Path], dict[str, Any]]


def run(
    *command: str, env: dict[str, str] | None = None, where: Path | None = None, fine: tuple[int, ...] = (0,)
) -> str:
    """Its output; the test is skipped where the program is not there, and fails where it fails."""
    require(command[0])
    done = subprocess.run(
        command,
        env={**os.environ, **(env or {})},
        cwd=where,
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=False,
    )
    assert done.returncode in fine, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """Nested data by paths."""
    if isinstance(value, dict):
        found = {f"{path}/": "map"}
        for key, inner in value.items():
            found |= flat(inner, f"{path}/{key}")
        return found
    if isinstance(value, list):
        found = {f"{path}/": "list"}
        for number, inner in enumerate(value):
            found |= flat(inner, f"{path}/{number}")
        return found
    return {path: value}


def kept(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What is not any more as it was."""
    return {key: (value, after.get(key)) for key, value in before.items() if after.get(key, "\0") != value}


def dotenv(path: Path) -> dict[str, Any]:
    from dotenv import dotenv_values

    return dict(dotenv_values(path, interpolate=False))


def node(path: Path) -> dict[str, Any]:
    script = (
        "const text = require('fs').readFileSync(process.argv[1], 'utf8');"
        "console.log(JSON.stringify(require('node:util').parseEnv(text)))"
    )
    found: dict[str, Any] = json.loads(run("node", "-e", script, str(path)))
    return found


def bash(path: Path) -> dict[str, Any]:
    run("bash", "-n", str(path))
    # in a subshell, so that an exit of the file's own does not end the show
    out = run(
        "bash", "-c", 'trap "env -0" EXIT; set -a; . "$1"', "x", str(path), env={"PWD": "/", "SHLVL": "0"}
    )
    pairs = dict(one.split("=", 1) for one in out.split("\0") if "=" in one)
    return {key: value for key, value in pairs.items() if key not in ("_", "SHLVL", "PWD", "OLDPWD")}


def ini(path: Path) -> dict[str, Any]:
    parser = configparser.RawConfigParser(strict=True, allow_no_value=True)
    parser.read_string(path.read_text())
    return flat(
        {name: dict(parser.items(name)) for name in parser.sections()}
        | {"(defaults)": dict(parser.defaults())}
    )


def rclone(path: Path) -> dict[str, Any]:
    return flat(json.loads(run("rclone", "config", "dump", "--config", str(path))))


def botocore(path: Path) -> dict[str, Any]:
    import botocore.session

    other = path.with_name("none")
    credentials = path.name.startswith("credentials")
    session = botocore.session.Session(
        session_vars={
            "credentials_file": (None, "X_NONE", str(path if credentials else other), None),
            "config_file": (None, "X_NONE_EITHER", str(other if credentials else path), None),
        }
    )
    found = flat(dict(session.full_config["profiles"]))
    found["(profile in use)"] = json.dumps(session.get_scoped_config(), sort_keys=True)
    return found


def mysql(path: Path) -> dict[str, Any]:
    groups = ("client", "mysql", "mysqldump", "mysqld", "mariadb", "client-server", "client-mariadb")
    return {name: run("my_print_defaults", f"--defaults-file={path}", name) for name in groups}


def git(path: Path) -> dict[str, Any]:
    out = run("git", "config", "--file", str(path), "--null", "--list")
    found: dict[str, Any] = {}
    for number, one in enumerate(out.split("\0")):
        key, _, value = one.partition("\n")
        found.setdefault(f"{key}", []).append(value)
        found[f"({number})"] = one
    last = max((int(key[1:-1]) for key in found if key.startswith("(")), default=0)
    found.pop(f"({last})")  # nothing, after the last one
    return found


def pip(path: Path) -> dict[str, Any]:
    none = {"PIP_CONFIG_FILE": str(path), "HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"}
    out = run(sys.executable, "-m", "pip", "config", "list", env=none)
    return dict(line.split("=", 1) for line in out.splitlines() if "=" in line)


def properties(path: Path) -> dict[str, Any]:
    from jproperties import Properties

    held = Properties()
    held.load(path.read_bytes(), "utf-8")
    return {str(key): value.data for key, value in held.items()}


def systemd(path: Path) -> dict[str, Any]:
    folder = path.parent if path.suffix == ".service" else path.parent.parent
    unit = path if path.suffix == ".service" else folder / "worker.service"
    if path != unit:
        unit.write_text("[Service]\nExecStart=/bin/true\n")
    run("systemd-analyze", "verify", "--man=no", str(unit))
    lines = [line for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {line: lines.count(line) for line in lines}


def yaml(path: Path) -> dict[str, Any]:
    from yaml import SafeLoader, load_all

    class _Loader(SafeLoader):
        pass

    _Loader.add_multi_constructor("!", lambda loader, suffix, node: f"{suffix} {node.value}")
    return flat(list(load_all(path.read_text(), _Loader)))


@functools.cache
def _psych() -> subprocess.Popen[str]:
    """One for all files: each line in is a path, each line out what is in that file."""
    require("ruby")
    script = (
        "$stdout.sync = true; while (path = gets);"
        "trees = Psych.parse_stream(File.read(path.chomp)).children;"
        "puts JSON.generate(trees.map { |one| Psych.safe_load(one.to_ruby.to_yaml, aliases: true) }); end"
    )
    command = ["ruby", "-rjson", "-rpsych", "-e", script]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(process.__exit__, None, None, None)  # closes what it reads, so that it ends
    return process


def psych(path: Path) -> dict[str, Any]:
    process = _psych()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{path}\n")
    process.stdin.flush()
    return flat(json.loads(process.stdout.readline()))


def kubectl(path: Path) -> dict[str, Any]:
    """As kubectl reads it; what a Secret holds must be Base64, or the server refuses it."""
    out = run("kubectl", "label", "--local", "--filename", str(path), "seen=yes", "--output", "json")
    held, _ = json.JSONDecoder().raw_decode(out)
    if held["kind"] == "Secret":
        assert all(base64.b64decode(value, validate=True) for value in held["data"].values())
    return flat(held)


def outermost(path: Path) -> dict[str, Any]:
    """The outermost keys, all of them: as for a program that refuses one it does not know."""
    return {"(keys)": list(dict.fromkeys("/".join(key.split("/")[:3]) for key in yaml(path)))}


def everything(path: Path) -> dict[str, Any]:
    """All that a program reads of it, as one: for programs that refuse, or act upon, whatever is more."""
    name = {".json": "json", ".toml": "toml", ".xml": "xml", ".config": "xml"}.get(path.suffix, "yaml")
    if path.suffix == ".conf":
        name = {"telegraf.conf": "toml", "sssd.conf": "ini"}.get(path.name, "yaml")
    return {"(all)": reader(name)(path)}


def acting(path: Path) -> dict[str, Any]:
    """The lines that do something, in order, and no others."""
    lines = [
        line for line in path.read_text().splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    return {"(all)": lines}


def kubernetes(path: Path) -> dict[str, Any]:
    from kubernetes.config import list_kube_config_contexts

    contexts, active = (
        list_kube_config_contexts(config_file=str(path)) if "current" in path.read_text() else ([], None)
    )
    return {one["name"]: one["context"] for one in contexts} | {"(current)": active}


def json_(path: Path) -> dict[str, Any]:
    return flat(json.loads(path.read_text()))


def json5(path: Path) -> dict[str, Any]:
    from json5 import loads

    return flat(loads(path.read_text()))


def notebook(path: Path) -> dict[str, Any]:
    from nbformat import read, validate

    held = read(path, as_version=4)
    validate(held)
    return flat(json.loads(json.dumps(held["cells"])))


def toml(path: Path) -> dict[str, Any]:
    return flat(tomllib.loads(path.read_text()))


def hcl(path: Path) -> dict[str, Any]:
    from hcl2 import loads

    found: dict[str, Any] = loads(path.read_text())
    return flat(found)


def php(path: Path) -> dict[str, Any]:
    run("php", "-l", str(path))
    script = (
        "ob_start(); $r = include $argv[1]; $printed = ob_get_clean(); "
        "$c = get_defined_constants(true)['user'] ?? []; $v = get_defined_vars(); unset($v['argv'], $v['argc']);"
        "echo json_encode(['returned' => $r, 'printed' => $printed, 'constants' => $c, "
        "'variables' => array_filter($v, 'is_scalar')]);"
    )
    return flat(json.loads(run("php", "-r", script, "--", str(path))))


def python(path: Path) -> dict[str, Any]:
    import runpy

    ast.parse(path.read_text())
    held = runpy.run_path(str(path))
    return {key: repr(value) for key, value in held.items() if not key.startswith("__") or key == "__doc__"}


def ruby(path: Path) -> dict[str, Any]:
    run("ruby", "-wc", str(path))
    script = (
        "b = Object.constants; e = ENV.to_h.keys; load ARGV[0]; "
        "made = (Object.constants - b).to_h { |n| [n, Object.const_get(n).inspect] };"
        "puts JSON.generate(made.merge((ENV.to_h.keys - e).to_h { |n| [n, ENV[n]] }))"
    )
    last = run("ruby", "-rjson", "-e", script, str(path)).splitlines()
    found: dict[str, Any] = json.loads(last[-1])
    return found | {"(printed)": last[:-1]}


def xml(path: Path) -> dict[str, Any]:
    from lxml import etree

    root = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    found: dict[str, Any] = {}
    for one in root.iter("*"):
        text = (one.text or "").strip()
        above = "/".join(str(up.tag) for up in reversed(list(one.iterancestors())))
        key = f"{above}/{one.tag} {sorted(one.attrib.items())} {text}"
        found[key] = True
    return found


def plist(path: Path) -> dict[str, Any]:
    return flat(plistlib.loads(path.read_bytes()))


def netrc(path: Path) -> dict[str, Any]:
    from netrc import netrc as read

    path.chmod(0o600)
    held = read(str(path))
    return {host: held.authenticators(host) for host in [*held.hosts, "nowhere.example.com"]}


def pgpass(path: Path) -> dict[str, Any]:
    """As libpq's ``passwordFromFile`` goes through it: the first line that matches."""
    import re

    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    fields = [re.split(r"(?<!\\):", line) for line in lines]
    assert all(len(one) == 5 for one in fields)
    asked = [one[:4] for one in fields] + [["other.example.org", "5432", "app", "readonly"]]

    def first(want: list[str]) -> str | None:
        return next((f[4] for f in fields if all(a in ("*", b) for a, b in zip(f, want, strict=False))), None)

    return {":".join(want): first(want) for want in asked}


def ssh(path: Path) -> dict[str, Any]:
    names = "web1 web1.example.org x.internal bastion git a b.example.org unknown.example.com".split()
    return {name: run("ssh", "-G", "-F", str(path), name) for name in names}


def npm(path: Path) -> dict[str, Any]:
    where = path.parent / "elsewhere"
    where.mkdir(exist_ok=True)
    out = run(
        "npm", "config", "list", "--json", "--userconfig", str(path), where=where, env={"NPM_TOKEN": "x"}
    )
    found: dict[str, Any] = json.loads(out)
    return {key: value for key, value in found.items() if "timestamp" not in key}


def crontab(path: Path) -> dict[str, Any]:
    run("crontab", "-n", str(path))
    return plain(path)


def plain(path: Path) -> dict[str, Any]:
    """Every line that was there, as often."""
    lines = path.read_text().splitlines()
    return dict.fromkeys(lines, True)


def nginx(path: Path) -> dict[str, Any]:
    out = run(
        "nginx",
        "-T",
        "-q",
        "-c",
        str(path),
        "-e",
        "/dev/null",
        "-g",
        f"pid {path.parent}/pid; error_log /dev/null;",
    )
    return {line: True for line in out.splitlines() if not line.lstrip().startswith("#")}


def sshd(path: Path) -> dict[str, Any]:
    key = path.with_name("host_key")
    if not key.exists():
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))
    Path("/run/sshd").mkdir(exist_ok=True)
    out = run("/usr/sbin/sshd", "-T", "-h", str(key), "-f", str(path))
    return dict.fromkeys(out.splitlines(), True) | {"(lines)": len(out.splitlines())}


def visudo(path: Path) -> dict[str, Any]:
    path.chmod(0o440)
    run("/usr/sbin/visudo", "-c", "-q", "-f", str(path))
    out = run("cvtsudoers", "-f", "json", "-M", str(path)) if shutil.which("cvtsudoers") else "{}"
    path.chmod(0o600)
    return flat(json.loads(out))


def make(path: Path) -> dict[str, Any]:
    """What it prints, and every variable that the file itself sets."""
    target = ["all"] if "all:" in path.read_text() else []
    printed = run("make", "-s", "-f", str(path), *target, where=path.parent) if target else "nothing"
    database = run(
        "make", "-pqs", "-f", str(path), "-f", os.devnull, "MAKE=make", where=path.parent, fine=(0, 1, 2)
    )
    pairs = re.findall(r"(?m)^# makefile \(from .*\)\n(\w+) :?=[ ]?(.*)$", database)
    return {
        "(prints)": printed,
        **{key: value for key, value in pairs if key not in ("MAKEFLAGS", "MAKEFILE_LIST", "CURDIR")},
    }


def fish(path: Path) -> dict[str, Any]:
    """What a shell that has read the file gives to the programs that it starts."""
    run("fish", "--no-execute", str(path))
    out = run(
        "fish", "--no-config", "-c", "source $argv[1]; env -0", str(path), env={"PWD": "/", "SHLVL": "0"}
    )
    pairs = dict(one.rpartition("\n")[2].split("=", 1) for one in out.split("\0") if "=" in one)
    return {key: value for key, value in pairs.items() if key not in ("_", "SHLVL", "PWD", "OLDPWD")}


def csh(path: Path) -> dict[str, Any]:
    out = run("csh", "-f", "-c", f"source {path}; env -0", env={"PWD": "/", "SHLVL": "0"})
    pairs = dict(one.split("=", 1) for one in out.split("\0") if "=" in one)
    return {key: value for key, value in pairs.items() if key not in ("_", "SHLVL", "PWD", "OLDPWD")}


def lua(path: Path) -> dict[str, Any]:
    """What the file returns and the globals that it sets, but for functions."""
    script = (
        "local old = {} for key in pairs(_G) do old[key] = true end "
        "local function show(one, at) for key, value in pairs(one) do "
        "if type(value) == 'table' then show(value, at .. key .. '.') "
        "elseif type(value) ~= 'function' then print(at .. key .. '=' .. tostring(value)) end end end "
        "local made = dofile(arg[1]) if made then show(made, '') end "
        "for key, value in pairs(_G) do if not old[key] then print(key .. '=' .. tostring(value)) end end"
    )
    program = path.with_name("show-settings.lua")
    program.write_text(script)
    return dict(line.split("=", 1) for line in run("lua5.4", str(program), str(path)).splitlines())


def perl(path: Path) -> dict[str, Any]:
    """What the file returns, and what is in the variables of its packages."""
    script = (
        "my %old = map { $_ => 1 } keys %main::; my $made = do $ARGV[0]; die $@ if $@;"
        "my %seen = (returned => ref $made ? $made : '');"
        'for my $package (@ARGV[1 .. $#ARGV]) { for my $name (keys %{ "${package}::" }) {'
        "  next if $name =~ /::$/ || ($package eq 'main' && $old{$name}); my $full = \"${package}::$name\";"
        '  $seen{"\\$$full"} = ${$full} if defined ${$full}; $seen{"%$full"} = {%{$full}} if %{$full} } }'
        "print JSON::PP->new->canonical->encode(\\%seen)"
    )
    packages = re.findall(r"(?m)^package[ \t]+([\w:]+)", path.read_text()) or ["main"]
    run("perl", "-c", str(path))
    return flat(json.loads(run("perl", "-MJSON::PP", "-e", script, str(path), *packages)))


def vim(path: Path) -> dict[str, Any]:
    """The global variables, and the environment, after Vim has read the file."""
    made = path.with_name("variables.json")
    write = f"call writefile([json_encode([g:, environ()])], '{made}')"
    run("vim", "-es", "-N", "-i", "NONE", "-u", "NONE", "-c", f"source {path}", "-c", write, "-c", "qa!")
    names, environment = json.loads(made.read_text())
    return flat(names) | {
        f"${name}": text for name, text in environment.items() if name not in ("_", "SHLVL")
    }


def exports(path: Path) -> dict[str, Any]:
    """What a module of Node's exports."""
    script = "console.log(JSON.stringify(require(require('path').resolve(process.argv[1]))))"
    return flat(json.loads(run("node", "-e", script, str(path))))


def sqlite(path: Path) -> dict[str, Any]:
    """What is in each table that the script makes, row by row."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(path.read_text())
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        rows = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}
    return {f"{name} {row}": True for name, found in rows.items() for row in found}


def table(path: Path) -> dict[str, Any]:
    """The rows of a CSV, each by its heading."""
    with path.open(newline="") as file:
        return {repr(row): None not in row and None not in row.values() for row in csv.DictReader(file)}


def pg_service(path: Path) -> dict[str, Any]:
    """What libpq connects with for each service of the file."""
    from psycopg.pq import Conninfo

    found: dict[str, Any] = {}
    for name in re.findall(r"(?m)^\[(.+)\]$", path.read_text()):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PGSERVICEFILE", str(path))
            patch.setenv("PGSERVICE", name)
            for one in Conninfo.get_defaults():
                found[f"{name} {one.keyword.decode()}"] = one.val
    return found


def reader(name: str) -> Reader:
    """The one of this name."""
    found: Reader = globals()[{"json": "json_"}.get(name, name)]
    return found
