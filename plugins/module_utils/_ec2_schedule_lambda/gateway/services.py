# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls of the services that a deployment is made of, through botocore."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Protocol, Sequence

from ..._aws.gateway.session import Session
from ..._common.errors import GatewayError
from ..._common.job import Clock
from ..model import Settings

Answer = Dict[str, Any]
PATIENCE = 120.0
"""Seconds for which we wait for what AWS does in its own time."""
_PAUSE = 2.0

# AWS says these while a role that was just made is not known everywhere, a function is still being changed,
# or the name of a queue is not free again: that takes up to a minute.
_NOT_YET = {
    "InvalidParameterValueException": ("cannot be assumed", "not have permissions", "not authorized"),
    "ValidationException": ("to assume the role", "not authorized"),
    "ResourceConflictException": ("update is in progress", "Pending", "conflict"),
    "AWS.SimpleQueueService.QueueDeletedRecently": ("",),
    "QueueDeletedRecently": ("",),
    "MalformedPolicyDocument": ("Invalid principal",),
}


class Whoami(NamedTuple):
    """The account that is deployed to."""

    account: str
    partition: str


class PartGateway(Protocol):
    """How one kind of part is looked at, made, changed and removed."""

    def read(self, name: str) -> Optional[Settings]:
        """Its settings; ``None`` when it does not exist."""

    def create(self, name: str, after: Settings) -> None:
        """Make it."""

    def modify(self, name: str, after: Settings, before: Settings, changed: Sequence[str]) -> None:
        """Bring the changed aspects to what ``after`` says."""

    def remove(self, name: str) -> None:
        """Remove it; that it is gone already is no error."""


class Services:
    """Calls, counted in ``calls``; one client for each service."""

    def __init__(self, session: Session, clock: Clock, sleep: Callable[[float], None] = time.sleep) -> None:
        self.session = session
        self.calls: Dict[str, int] = {}
        self._clock = clock
        self._sleep = sleep
        self._clients: Dict[str, Any] = {}

    def call(
        self, service: str, method: str, target: str, arguments: Mapping[str, Any], absent: Sequence[str] = ()
    ) -> Optional[Answer]:
        """The answer of AWS; ``None`` for one of the errors of ``absent``.

        What AWS says is not ready yet is tried again for a while.

        :raises GatewayError: naming the call, what it was about, and AWS's reason.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        client = self._client(service)
        operation = client.meta.method_to_api_mapping[method]
        action = f"{service}:{operation}"
        until = self._clock.monotonic() + PATIENCE
        while True:
            self.calls[action] = self.calls.get(action, 0) + 1
            try:
                answer: Answer = getattr(client, method)(**arguments)
                return answer
            except ClientError as error:
                code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
                if code in absent:
                    return None
                if not _is_not_yet(code, message) or self._clock.monotonic() > until:
                    raise GatewayError(action, target, f"{code}: {message}") from None
            except (BotoCoreError, OSError) as error:
                raise GatewayError(action, target, str(error)) from None
            self._sleep(_PAUSE)

    def ask(self, service: str, method: str, target: str, arguments: Mapping[str, Any]) -> Answer:
        """The answer of a call that has one.

        :raises GatewayError: as :meth:`call`.
        """
        return self.call(service, method, target, arguments) or {}

    def wait(self, action: str, target: str, ready: Callable[[], bool]) -> None:
        """Return when ``ready`` says so.

        :raises GatewayError: when that takes too long.
        """
        until = self._clock.monotonic() + PATIENCE
        while not ready():
            if self._clock.monotonic() > until:
                raise GatewayError(action, target, f"not done after {PATIENCE:g} seconds")
            self._sleep(_PAUSE)

    def whoami(self) -> Whoami:
        """Whose credentials these are.

        :raises GatewayError: as :meth:`call`.
        """
        answer = self.ask("sts", "get_caller_identity", "", {})
        return Whoami(str(answer["Account"]), str(answer["Arn"]).split(":")[1])

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self.session.client(service)
        return self._clients[service]


def _is_not_yet(code: str, message: str) -> bool:
    return any(part in message for part in _NOT_YET.get(code, ()))


def pairs(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> List[Dict[str, str]]:
    """Tags as most services want them."""
    return [{key: name, value: content} for name, content in sorted(tags.items())]


def own_tags(found: Any, key: str = "Key", value: str = "Value") -> Dict[str, str]:
    """Tags from a list of pairs or a mapping, without those that AWS itself put there."""
    given = found if isinstance(found, Mapping) else {pair[key]: pair[value] for pair in found or ()}
    return {name: content for name, content in given.items() if not name.startswith("aws:")}


def superfluous(before: Settings, after: Settings) -> List[str]:
    """The keys of tags that are to go."""
    return sorted(set(before["tags"]) - set(after["tags"]))
