"""What each package holds of our own: the whole list, in plain sight."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from deploy.aws.archive import LAMBDA_LIMITS, RUNTIME_LIMITS, Limits

ROOT = Path(__file__).resolve().parents[2]
PYTHON = "3.13"  # PYTHON_3_13 of the runtimes, python3.13 of the functions
AUTHORITIES = "rds-global-bundle.pem"  # as starts/desk.py looks for it

# Nothing else is taken along, so that what an editor leaves behind changes no package.
_TAKEN = frozenset({".py", ".sql", ".json", ".md", ".html", ".css", ".js", ".svg"})
_LICENSE = "LICENSE"  # of others' code goes with that code

# What tools/catalog and tools/gateway both import.
_SHARED = (
    "tools/__init__.py",
    "tools/contract.py",
    "tools/dynamo.py",
    "tools/likeness.py",
    "tools/naming.py",
    "tools/queries.py",
    "tools/records.py",
    "tools/spelling.py",
)


@dataclass(frozen=True, slots=True)
class Contents:
    """One package.

    Attributes:
        name: of the package.
        sources: files and folders of this repository, at the same paths in the package.
        start: what stands as ``main.py`` at the package's root; Lambda needs none.
        lock: the dependencies with their hashes; a Lambda function has boto3 already.
        authorities: whether the certificate authorities of RDS go along.
        limits: how large it may be.
    """

    name: str
    sources: tuple[str, ...]
    start: str | None = None
    lock: str | None = None
    authorities: bool = False
    limits: Limits = RUNTIME_LIMITS

    def own_files(self, root: Path = ROOT) -> dict[str, Path]:
        """Path in the package to file."""
        files = {
            path.relative_to(root).as_posix(): path
            for source in self.sources
            for path in _files(root / source)
        }
        if self.start is not None:
            files["main.py"] = root / self.start
        return files


PACKAGES = (
    Contents(
        "desk",
        sources=("agent", "tools", "prompts"),
        start="deploy/aws/starts/desk.py",
        lock="deploy/aws/requirements-desk.lock",
        authorities=True,
    ),
    Contents(
        "catalog",
        sources=("tools/catalog", "tools/typed.py", *_SHARED),
        start="deploy/aws/starts/catalog.py",
        lock="deploy/aws/requirements-catalog.lock",
    ),
    Contents("lambda", sources=("tools/gateway", *_SHARED), limits=LAMBDA_LIMITS),
    Contents(
        "tasks",
        sources=(
            "deploy/__init__.py",
            "deploy/aws/__init__.py",
            "deploy/aws/tasks",
            "deploy/seed/__init__.py",
            "deploy/seed/aurora.py",
            "deploy/seed/dynamodb.py",
            "deploy/seed/records.py",
            "deploy/seed/sample",
            "tools/__init__.py",
            "tools/aurora",
            "tools/contract.py",
            "tools/likeness.py",
            "tools/records.py",
            "tools/spelling.py",
            "tools/typed.py",
        ),
        lock="deploy/aws/requirements-tasks.lock",
        authorities=True,
        limits=LAMBDA_LIMITS,
    ),
)


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    return [
        path
        for path in sorted(source.rglob("*"))
        if path.is_file()
        and (path.suffix in _TAKEN or path.name == _LICENSE)
        and "__pycache__" not in path.parts
    ]
