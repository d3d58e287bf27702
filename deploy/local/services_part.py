"""The part of the stack that serves tokens, model, catalog and gateway."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping

from deploy.local.app_settings import CONSOLE_CLIENT_ID, AppSettings
from deploy.local.part import Part, PartError
from deploy.local.services_process import ServicesError, ServicesProcess
from deploy.local.state import StackSecrets, StateFolder

CLIENT_ID = "deskhand"
MODEL_ID = "local.understudy"


class ServicesPart(Part):
    """The process with tokens, model, catalog and gateway."""

    label = "tokens, model, catalog and gateway"

    def __init__(
        self, state: StateFolder, secrets: StackSecrets, settings: Callable[[], AppSettings]
    ) -> None:
        super().__init__()
        self._state = state
        self._secrets = secrets
        self._settings = settings
        self._services: ServicesProcess | None = None
        self._stopped: set[str] = set()
        self.ports: Mapping[str, int] = {}

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The child with all four."""
        return self._services.process if self._services else None

    def launch(self) -> ServicesProcess:
        """Let the process begin its imports."""
        self._services = ServicesProcess.launch(self._state.run / "services.log")
        return self._services

    def start(self) -> None:
        """Configure the launched process, or a new one, and return when all four answer."""
        services = self._services or self.launch()
        try:
            services.configure(self._settings(), self.ports, stopped=self._stopped)
        except ServicesError as failure:
            raise PartError(str(failure)) from failure
        self.ports = services.ports
        self.wanted = True

    def stop(self) -> None:
        """End the process."""
        self.wanted = False
        if self._services:
            self._services.stop()
            self._services = None

    def stop_system(self, name: str) -> None:
        """Take one of the four away."""
        if self._services:
            self._services.order(stop=name)
        self._stopped.add(name)

    def start_system(self, name: str) -> None:
        """Bring one of the four back."""
        if self._services:
            self._services.order(start=name)
        self._stopped.discard(name)

    @property
    def environment(self) -> Mapping[str, str]:
        """The four addresses, and what a client needs at them."""
        urls = {name: f"http://127.0.0.1:{port}" for name, port in self.ports.items()}
        return {
            "DESKHAND_CATALOG_URL": f"{urls['catalog']}/mcp",
            "DESKHAND_GATEWAY_URL": f"{urls['gateway']}/mcp",
            "DESKHAND_TOKEN_URL": f"{urls['tokens']}/oauth2/token",
            "DESKHAND_CLIENT_ID": CLIENT_ID,
            "DESKHAND_CLIENT_SECRET": self._secrets.client_secret,
            "DESKHAND_MODEL_ID": MODEL_ID,
            "DESKHAND_ISSUER_URL": urls["tokens"],
            "DESKHAND_CONSOLE_CLIENT_ID": CONSOLE_CLIENT_ID,
            "DESKHAND_CONSOLE_SECRET": self._secrets.console_secret,
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": urls["model"],
        }
