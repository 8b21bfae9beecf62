"""What the deployment page hands out can be read by what it is for, and names only what there is."""

import configparser
import re
import subprocess

import pytest
import yaml

from tests.conftest import ROOT, found_tool, free_port
from tests.ui.channels.conftest import PORTS, nginx_conf
from ui.server import GRACE
from ui.settings import Settings

DEPLOY = ROOT / "ui/deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
EXTRAS = (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def unit():
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read(DEPLOY / "kepu@.service", encoding="utf-8")
    return parser


@pytest.mark.parametrize("file", sorted(f.name for f in DEPLOY.iterdir()))
def test_every_setting_that_is_named_exists(file):
    known = {f"KEPU_{name}".upper() for name in Settings.model_fields}
    assert set(re.findall(r"KEPU_[A-Z_]+[A-Z]", (DEPLOY / file).read_text(encoding="utf-8"))) <= known


def test_the_compose_file_starts_the_program_its_vectors_and_its_state():
    services = COMPOSE["services"]
    assert set(services) == {"app", "chroma", "state"}
    assert (DEPLOY / services["app"]["build"]["context"]).resolve() == ROOT
    assert (ROOT / services["app"]["build"]["dockerfile"]).is_file()
    assert services["app"]["environment"]["KEPU_STATE_URL"].endswith("@state/kepu")
    named = {volume.split(":")[0] for service in services.values() for volume in service["volumes"]}
    assert named == set(COMPOSE["volumes"])
    pinned = re.search(r"^chromadb==(.+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert services["chroma"]["image"] == f"chromadb/chroma:{pinned}"


def test_nothing_of_the_compose_file_listens_to_the_outside():
    published = [p for service in COMPOSE["services"].values() for p in service.get("ports", [])]
    assert published and all(p.startswith("127.0.0.1:") for p in published)


def test_the_image_copies_what_there_is_and_does_not_run_as_root():
    for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.MULTILINE):
        assert all((ROOT / source).exists() for source in line.split()[:-1])
    for extra in re.search(r"\.\[(.+?)\]", DOCKERFILE)[1].split(","):
        assert re.search(rf"^{extra} = \[", EXTRAS, re.MULTILINE)
    assert re.search(r"^USER kepu$", DOCKERFILE, re.MULTILINE)
    known = {"FROM", "RUN", "WORKDIR", "COPY", "USER", "ENV", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "CMD"}
    logical = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE))
    assert {line.split()[0] for line in logical.splitlines() if line} == known


def test_whoever_stops_the_program_waits_until_it_has_finished():
    assert int(unit()["Service"]["TimeoutStopSec"]) > GRACE
    assert int(COMPOSE["services"]["app"]["stop_grace_period"].rstrip("s")) > GRACE


def test_the_unit_starts_a_command_that_exists(run):
    _, *arguments = unit()["Service"]["ExecStart"].split()
    helped = run(arguments[0], "--help").stdout
    assert all(option in helped for option in arguments if option.startswith("--"))


def test_nginx_takes_the_site(tmp_path):
    conf = nginx_conf(tmp_path, free_port(), PORTS)
    said = subprocess.run([found_tool("nginx"), "-t", "-p", tmp_path, "-c", conf], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
