"""Dependencies: wheels for the machine that runs them, compared with their hashes."""

from __future__ import annotations

import socket
import sys
import threading
from pathlib import Path

import pytest

from deploy.aws.archive import PackageError
from deploy.aws.contents import PYTHON
from deploy.aws.dependencies import (
    AUTHORITIES_URL,
    check_authorities,
    check_machine,
    command,
    fetch,
    fetch_authorities,
    wanted_files,
)
from tests.deploy.aws.authorities import authorities_in


@pytest.mark.parametrize("uv", [None, "/bin/uv"], ids=["pip", "uv"])
def test_wheels_are_for_arm64_are_checked_and_nothing_is_built(uv: str | None) -> None:
    """Whichever installer is there."""
    said = command(Path("x.lock"), Path("folder"), uv=uv)
    assert said[:3] == [uv or sys.executable, "pip" if uv else "-m", "install" if uv else "pip"]
    for option in ("--require-hashes", "--no-deps", "--only-binary"):
        assert option in said
    assert said[said.index("--only-binary") + 1] == ":all:"
    assert said[said.index("--python-version") + 1] == PYTHON
    assert any("aarch64" in word and "manylinux" in word for word in said)
    assert not any("x86" in word for word in said)


def test_an_installer_that_fails_is_quoted(tmp_path: Path) -> None:
    """Its last words say what is wrong: here, that there is no such file."""
    with pytest.raises(PackageError, match=r"the wheels of missing\.lock cannot be had"):
        fetch(tmp_path / "missing.lock", tmp_path / "wheels")


def test_an_installer_that_takes_for_ever_is_given_up(tmp_path: Path) -> None:
    """In words, like everything else that keeps a package from being made."""
    with pytest.raises(PackageError, match=r"of missing\.lock cannot be had: .* within 0 seconds"):
        fetch(tmp_path / "missing.lock", tmp_path / "wheels", seconds=0.001)


def test_authorities_that_come_half_are_not_packed(tmp_path: Path) -> None:
    """The connection breaks after the first certificates: the next run asks again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            caller, _ = listener.accept()
            with caller:
                caller.recv(65536)
                caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n-----BEGIN")

        answering = threading.Thread(target=answer)
        answering.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/bundle.pem"
        with pytest.raises(PackageError, match="broke off in the middle"):
            fetch_authorities(tmp_path / "bundle.pem", url=url)
        answering.join()


def test_the_installer_s_notes_and_scripts_are_left_out(tmp_path: Path) -> None:
    """They name this machine's folders, so they would differ with each installation."""
    for name in (
        "bin/uvicorn",
        "library/__init__.py",
        "library/__pycache__/x.pyc",
        "library-1.dist-info/METADATA",
        "library-1.dist-info/RECORD",
        "library-1.dist-info/INSTALLER",
        "library-1.dist-info/licenses/LICENSE",
        ".lock",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert sorted(wanted_files(tmp_path)) == [
        "library-1.dist-info/METADATA",
        "library-1.dist-info/licenses/LICENSE",
        "library/__init__.py",
    ]


@pytest.mark.parametrize(
    ("name", "machine", "said"),
    [
        ("fast.cpython-313-x86_64-linux-gnu.so", 62, "another machine than arm64"),
        ("fast.cpython-311-aarch64-linux-gnu.so", 183, "another Python than 3.13"),
        ("fast.cpython-313-aarch64-linux-gnu.so", 183, None),
        ("fast.abi3.so", 183, None),
    ],
)
def test_code_for_another_machine_is_refused(
    name: str, machine: int, said: str | None, tmp_path: Path
) -> None:
    """It would be found out when the first rep asks."""
    file = tmp_path / name
    file.write_bytes(b"\x7fELF" + bytes(14) + machine.to_bytes(2, "little"))
    if said is None:
        assert check_machine({name: file}) is None  # type: ignore[func-returns-value]  # not refused
        return
    with pytest.raises(PackageError, match=said):
        check_machine({name: file})


def test_authorities_are_certificates(tmp_path: Path) -> None:
    """A page that says "not found" is not packed in their place."""
    file = authorities_in(tmp_path)
    assert check_authorities(file) == file
    assert AUTHORITIES_URL.startswith("https://truststore.pki.rds.amazonaws.com/")
    (tmp_path / "page.pem").write_text("<html>not found</html>")
    with pytest.raises(PackageError, match="holds no certificates"):
        check_authorities(tmp_path / "page.pem")
