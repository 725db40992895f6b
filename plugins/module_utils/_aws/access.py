# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who calls AWS and how, as the connection options of ``amazon.aws`` say it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Mapping, Optional

from .._common.errors import Day2Error
from .arn import parse_arn
from .endpoints import check_region

_NOT_IN_A_SESSION_NAME = re.compile(r"[^\w+=,.@-]", re.ASCII)

# Keys of aws_config that decide whether a connection comes about at all, and that this client does not have.
# Whatever else botocore knows is accepted: it is given to botocore where that makes calls of its own, or has no meaning here.
_UNSUPPORTED_CONFIG = ("client_cert", "proxies_config")


@dataclass(frozen=True)
class Access:
    """Credentials, place and connection settings; empty means "as the environment and the profile say"."""

    access_key: str = ""
    secret_key: str = field(default="", repr=False)
    session_token: str = field(default="", repr=False)
    profile: str = ""
    region: str = ""
    endpoint_url: str = ""
    validate_certs: bool = True
    ca_bundle: str = ""
    # Proxies in it may hold passwords. A factory: Python 3.11 takes a mappingproxy for a mutable default.
    config: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    assume_role_arn: str = ""
    external_id: str = field(default="", repr=False)
    role_session_name: str = "day2.ops"

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> "Access":
        """Made from the options of a module: those of ``amazon.aws``, and ``assume_role_arn``, ``external_id``, ``role_session_name``.

        Characters that a session name cannot have become ``-``: it is often the name of a job.

        :raises Day2Error: for options that contradict each other or can only fail later.
        """
        access = cls(
            access_key=options.get("access_key") or "",
            secret_key=options.get("secret_key") or "",
            session_token=options.get("session_token") or "",
            profile=options.get("profile") or "",
            region=options.get("region") or "",
            endpoint_url=options.get("endpoint_url") or "",
            validate_certs=options.get("validate_certs") is not False,
            ca_bundle=options.get("aws_ca_bundle") or "",
            config=MappingProxyType(dict(options.get("aws_config") or {})),
            assume_role_arn=options.get("assume_role_arn") or "",
            external_id=options.get("external_id") or "",
            role_session_name=session_name(options.get("role_session_name") or "day2.ops"),
        )
        access._check()
        return access

    def _check(self) -> None:
        if self.profile and (self.access_key or self.secret_key or self.session_token):
            raise Day2Error(
                "profile and access keys (access_key, secret_key, session_token, or AWS_ACCESS_KEY_ID in the environment) "
                "exclude each other: give one of them, or set the other to an empty string"
            )
        if bool(self.access_key) != bool(self.secret_key):
            missing = "secret_key" if self.access_key else "access_key"
            raise Day2Error(f"access_key and secret_key belong together: {missing} is missing")
        if self.session_token and not self.access_key:
            raise Day2Error("session_token needs the access_key and secret_key that it was issued with")
        if self.region:
            check_region(self.region)
        if self.assume_role_arn:
            arn = parse_arn(self.assume_role_arn)
            if arn is None or arn.service != "iam" or not arn.resource.startswith("role/"):
                raise Day2Error(
                    f"assume_role_arn {self.assume_role_arn!r} is not the ARN of a role (arn:aws:iam::123456789012:role/name)"
                )
        elif self.external_id:
            raise Day2Error("external_id needs assume_role_arn: it is shown when a role is assumed")
        for key in _UNSUPPORTED_CONFIG:
            if self.config.get(key):
                raise Day2Error(f"aws_config: {key} is not supported here")
        for key in ("connect_timeout", "read_timeout"):
            self.seconds(key)
        self.max_attempts()
        if not isinstance(self.config.get("proxies") or {}, Mapping):
            raise Day2Error("aws_config: proxies must map a scheme (https, http) to the URL of its proxy")

    def seconds(self, key: str) -> Optional[float]:
        """A timeout of ``aws_config`` in seconds; ``None`` when it is not given.

        :raises Day2Error: when it is not a positive number.
        """
        value = self.config.get(key)
        if value is None:
            return None
        try:
            seconds = float(value)
        except (TypeError, ValueError):
            seconds = 0.0
        if not 0 < seconds < float("inf"):
            raise Day2Error(f"aws_config: {key} must be a positive number of seconds, not {value!r}")
        return seconds

    def max_attempts(self) -> Optional[int]:
        """Attempts per call, the first one included, as ``aws_config.retries`` says; ``None`` when it does not.

        :raises Day2Error: when it is not a number of attempts.
        """
        retries = self.config.get("retries") or {}
        if not isinstance(retries, Mapping):
            raise Day2Error("aws_config: retries must be a dictionary, such as {max_attempts: 10}")
        try:
            if retries.get("total_max_attempts") is not None:
                attempts = int(retries["total_max_attempts"])
            elif retries.get("max_attempts") is not None:
                attempts = int(retries["max_attempts"]) + 1  # botocore counts the retries there
            else:
                return None
        except (TypeError, ValueError):
            attempts = 0
        if attempts < 1:
            raise Day2Error(f"aws_config: retries must give a number of attempts, not {dict(retries)!r}")
        return attempts


def session_name(text: str) -> str:
    """A name that STS accepts for a session: 2 to 64 of its characters, as near to ``text`` as that allows."""
    return _NOT_IN_A_SESSION_NAME.sub("-", text.strip())[:64].ljust(2, "-")
