# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib.metadata
import sys
import zipfile
from pathlib import Path
from typing import Optional

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error, GatewayError
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.bundle import reachable
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.gateway.files import (
    package_files,
    packages,
    room_file,
    user_files,
)

ROOMS = Path(__file__).parents[6] / "plugins/module_utils"


def installed(folder: Path, name: str, *files: str) -> None:
    """A Python package of these files, as an installer leaves it."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    for each in files:
        path = folder / each
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(each.encode())
    record = [f"{each},," for each in (*files, f"{info.name}/METADATA", "../../bin/tool", f"{name}/__pycache__/a.pyc")]
    (info / "RECORD").write_text("\n".join(record), encoding="utf-8")


def test_a_file_of_a_room_is_found_and_nothing_else() -> None:
    assert room_file("_common/errors.py") == (ROOMS / "_common/errors.py").read_bytes()
    for path in ("_common/none.py", "_none/errors.py", "errors.py", ".py", "_ec2_schedule_lambda/gateway.py"):
        assert room_file(path) is None


def test_the_function_has_what_it_needs_and_nothing_of_ansible() -> None:
    files = reachable("_ec2_schedule_lambda/invoke.py", room_file)
    assert {"_common/job.py", "_ec2_schedule/scheduling.py", "_aws/gateway/client.py"} <= set(files)
    assert not {"_common/run.py", "_ec2_schedule_lambda/deploy.py", "_ec2_schedule_lambda/bundle.py"} & set(files)
    assert not any(b"import ansible" in content or b"from ansible" in content for content in files.values())


def test_rooms_are_read_out_of_an_archive_as_on_a_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "payload.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for path in ("__init__.py", "_ec2_schedule_lambda/__init__.py", "_ec2_schedule_lambda/gateway/__init__.py"):
            made.writestr(f"shipped/{path}", "")
        for path in (
            "_ec2_schedule_lambda/gateway/files.py",
            "_common/__init__.py",
            "_common/errors.py",
        ):
            made.write(ROOMS / path, f"shipped/{path}")
    monkeypatch.syspath_prepend(str(archive))
    shipped = __import__("shipped._ec2_schedule_lambda.gateway.files", fromlist=["room_file"])
    try:
        assert shipped.room_file("_common/errors.py") == (ROOMS / "_common/errors.py").read_bytes()
        assert shipped.room_file("_common/job.py") is None
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == "shipped"]:
            del sys.modules[name]


def test_a_python_package_is_taken_without_what_is_not_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, "calm", "calm/__init__.py", "calm/data/x.txt", "calm/tests/test_x.py", "calm/py.typed")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert package_files("calm") == (
        "1.0",
        {path: path.encode() for path in ("calm/__init__.py", "calm/data/x.txt", "calm/py.typed")},
    )
    files, versions = packages(["calm"])
    assert versions["calm"] == "1.0"
    assert "calm/__init__.py" in files


def test_a_compiled_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, "quick", "quick/__init__.py", "quick/_speed.cpython-313-x86_64-linux-gnu.so")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(Day2Error, match="quick has a compiled part"):
        package_files("quick")


def test_yaml_does_without_its_compiled_part() -> None:
    found = package_files("PyYAML")
    assert found is not None
    assert found[0] == importlib.metadata.version("PyYAML")
    assert "yaml/__init__.py" in found[1]
    assert not any(path.endswith((".so", ".pyd")) for path in found[1])


def test_a_package_that_is_not_there_is_named() -> None:
    with pytest.raises(Day2Error, match="pip install no-such-package-of-ours"):
        packages(["no-such-package-of-ours"])


@pytest.mark.parametrize("name, error", [("plan.yml", None), ("none.yml", "No such file")])
def test_files_of_the_user(tmp_path: Path, name: str, error: Optional[str]) -> None:
    (tmp_path / "plan.yml").write_bytes(b"office: always\n")
    places = {"files/0-plan.yml": str(tmp_path / name)}
    if error is None:
        assert user_files(places) == {"files/0-plan.yml": b"office: always\n"}
        return
    with pytest.raises(GatewayError, match=error):
        user_files(places)
