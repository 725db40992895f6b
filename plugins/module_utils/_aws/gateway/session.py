# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who we are to AWS and where it is: botocore finds credentials, region, endpoints, CA bundle and proxies."""

from __future__ import annotations

import base64
import copy
import os
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional, Tuple
from urllib.parse import unquote, urlsplit

from ..._common.errors import Day2Error, GatewayError
from ..._common.job import Clock
from ..access import Access
from ..endpoints import aws_endpoint, check_region, custom_endpoint, partition_of, partitions_from
from ..model import Credentials, Endpoint

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.credentials import Credentials as BotocoreCredentials
    from botocore.session import Session as BotocoreSession

_WHERE_CREDENTIALS = (
    "no AWS credentials found: give access_key and secret_key or profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or "
    "AWS_PROFILE in the environment of the task; on EC2, ECS or EKS attach a role"
)


@dataclass(frozen=True)
class Proxy:
    """An HTTP proxy; ``authorization`` is the value of ``proxy-authorization``."""

    host: str
    port: int
    authorization: str = field(default="", repr=False)


class Session:
    """The identity and the surroundings of all calls of a run. Made by :meth:`open`; may block on files and on the network."""

    def __init__(self, access: Access, clock: Clock) -> None:
        self._access = access
        self._clock = clock
        self._botocore = _botocore_session(access)
        self._config = _botocore_config(access)
        self._partitions = partitions_from(self._botocore.get_component("data_loader").load_data("partitions"))
        self.region: str = check_region(self._botocore.get_config_variable("region"))
        self._fips = self._flag("use_fips_endpoint")
        self._dual_stack = self._flag("use_dualstack_endpoint")
        self._urls: Dict[str, str] = {}
        self._source: Optional[BotocoreCredentials] = None
        self._tls: List[ssl.SSLContext] = []  # none before it is needed
        self._sts: Dict[Tuple[str, str], Any] = {}  # by the credentials that assume roles
        # botocore's sessions are not safe to share between threads, its clients are.
        self._one_at_a_time = threading.Lock()
        self.connect_timeout = access.seconds("connect_timeout")  # seconds; None: not given
        self.read_timeout = access.seconds("read_timeout")
        self.max_attempts = access.max_attempts()

    @classmethod
    def open(cls, access: Access, clock: Clock) -> "Session":
        """A session for these options.

        :raises Day2Error: without botocore, or for options or configuration files that make no sense.
        """
        with _explained("read the AWS configuration", access.profile):
            return cls(access, clock)

    def for_role(self, access: Access) -> "Session":
        """A session for options that differ in nothing but the role: what costs time and memory is shared with this one."""
        other = copy.copy(self)
        other._access = access
        other._source = None
        return other

    # Credentials

    def credentials(self) -> Credentials:
        """What to sign with now. Temporary credentials are renewed when they are about to expire: this may call AWS.

        :raises GatewayError: when there are none, or none can be had; it says what to do.
        """
        with _explained("find AWS credentials", self._access.assume_role_arn or self._access.profile):
            if self._source is None:
                self._source = self._resolve()
            frozen = self._source.get_frozen_credentials()
            return Credentials(
                access_key=frozen.access_key or "",
                secret_key=frozen.secret_key or "",
                token=frozen.token or "",
                expires=getattr(self._source, "_expiry_time", None),  # botocore has no public name for it
            )

    def renew(self) -> Credentials:
        """New credentials although botocore believes in the old ones: AWS has refused them.

        Everything is looked up again, files included: somebody may have logged in meanwhile.

        :raises GatewayError: as :meth:`credentials`.
        """
        with _explained("find AWS credentials", self._access.profile):
            self._botocore = _botocore_session(self._access)
        self._source = None
        return self.credentials()

    def _resolve(self) -> BotocoreCredentials:
        with self._one_at_a_time:
            source = self._botocore.get_credentials()
        if source is None:
            raise GatewayError("find AWS credentials", "", _WHERE_CREDENTIALS)
        if not self._access.assume_role_arn:
            return source
        from botocore.credentials import DeferredRefreshableCredentials

        return DeferredRefreshableCredentials(
            refresh_using=lambda: self._assume_role(source), method="assume-role", time_fetcher=self._clock.now
        )

    def _assume_role(self, source: BotocoreCredentials) -> Any:
        """Credentials of the role, as botocore wants them for a renewal; ``source`` is renewed first when it has to be."""
        from botocore.credentials import AssumeRoleCredentialFetcher

        extra = {"RoleSessionName": self._access.role_session_name}
        if self._access.external_id:
            extra["ExternalId"] = self._access.external_id
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=self._sts_client,
            source_credentials=source,
            role_arn=self._access.assume_role_arn,
            extra_args=extra,
            cache={},  # of this one call: a renewal must not find the credentials that it replaces
        )
        return fetcher.fetch_credentials()

    def _sts_client(self, service: str, **keys: Any) -> Any:
        """The client that assumes roles: one for all roles, since a client takes longer to make than a role to assume."""
        key = (keys.get("aws_access_key_id") or "", keys.get("aws_session_token") or "")
        with self._one_at_a_time:
            if key not in self._sts:
                self._sts[key] = self._create_client(service, **keys)
            return self._sts[key]

    def _create_client(self, service: str, **keys: Any) -> Any:
        """A botocore client; the first one costs 9 MB."""
        return self._botocore.create_client(
            service,
            region_name=self.region,
            endpoint_url=self._access.endpoint_url or None,
            verify=self._access.ca_bundle or None if self._access.validate_certs else False,
            config=self._config,
            **keys,
        )

    def client(self, service: str) -> Any:
        """A botocore client, for services that are asked too rarely to deserve requests of our own.

        It signs with the credentials of now: it is made for minutes, not for days.

        :raises GatewayError: when there are no credentials, or no such client can be made.
        """
        credentials = self.credentials()
        with _explained("prepare calls of", service):
            return self._create_client(
                service,
                aws_access_key_id=credentials.access_key,
                aws_secret_access_key=credentials.secret_key,
                aws_session_token=credentials.token or None,
            )

    # Places

    def endpoint(self, service: str, region: str = "", account: str = "") -> Endpoint:
        """Where a service of a region answers.

        In this order: the option ``endpoint_url``, ``AWS_ENDPOINT_URL_<SERVICE>``, ``AWS_ENDPOINT_URL``, the ``services`` section and the
        ``endpoint_url`` of the profile, AWS itself. ``account`` is for ``s3control``, whose hosts on AWS are named
        ``<account>.s3-control.…``; a custom endpoint is used as it is and knows the account by the header ``x-amz-account-id``.

        :raises Day2Error: for a URL or a region that is none.
        """
        region = region or self.region
        partition = partition_of(region, self._partitions)
        url = self._custom_url(service)
        if url:
            return custom_endpoint(url, service, region, partition)
        return aws_endpoint(service, region, partition, fips=self._fips, dual_stack=self._dual_stack, account=account)

    def _custom_url(self, service: str) -> str:
        if self._access.endpoint_url:
            return self._access.endpoint_url
        if service not in self._urls:
            self._urls[service] = "" if self._flag("ignore_configured_endpoint_urls") else self._configured_url(service)
        return self._urls[service]

    def _configured_url(self, service: str) -> str:
        from botocore.configprovider import ConfiguredEndpointProvider

        with _explained("read the AWS configuration", self._access.profile):
            provider = ConfiguredEndpointProvider(
                full_config=self._botocore.full_config,
                scoped_config=self._botocore.get_scoped_config(),
                client_name=service,
            )
            return provider.provide() or ""

    def _flag(self, name: str) -> bool:
        given = self._access.config.get(name)
        return bool(self._botocore.get_config_variable(name) if given is None else given)

    # The way there

    def tls_context(self) -> ssl.SSLContext:
        """What all TLS connections share.

        :raises GatewayError: when the CA bundle cannot be read.
        """
        if not self._tls:
            self._tls.append(self._make_tls_context())
        return self._tls[0]

    def _make_tls_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        if not self._access.validate_certs:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            return context
        bundle = (
            self._access.ca_bundle
            or self._botocore.get_config_variable("ca_bundle")
            or os.environ.get("REQUESTS_CA_BUNDLE")
            or ""
        )
        if not bundle:
            context.load_default_certs()
            paths = ssl.get_default_verify_paths()
            if context.cert_store_stats()["x509_ca"] or (paths.capath and os.listdir(paths.capath)):
                return context
            import botocore

            bundle = os.path.join(os.path.dirname(botocore.__file__), "cacert.pem")  # an image without CA certificates
        try:
            if os.path.isdir(bundle):
                context.load_verify_locations(capath=bundle)
            else:
                context.load_verify_locations(cafile=bundle)
        except (OSError, ssl.SSLError) as error:
            raise GatewayError("read the CA bundle", bundle, str(error)) from None
        return context

    def proxy(self, endpoint: Endpoint) -> Optional[Proxy]:
        """The proxy on the way to an endpoint: of ``aws_config.proxies``, else of ``HTTPS_PROXY``, ``HTTP_PROXY`` and ``NO_PROXY``.

        :raises Day2Error: when it is not the URL of a proxy.
        """
        proxies: Optional[Mapping[str, str]] = self._access.config.get("proxies")
        if not proxies:
            from botocore.utils import get_environ_proxies

            proxies = get_environ_proxies(f"{endpoint.scheme}://{endpoint.host}:{endpoint.port}/")
        url = proxies.get(endpoint.scheme)
        return _proxy(url) if url else None


def _proxy(url: str) -> Proxy:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme != "http" or not parts.hostname:
        raise Day2Error(
            "the URL of a proxy must look like http://host:port (aws_config.proxies, HTTPS_PROXY, HTTP_PROXY)"
        )
    authorization = ""
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = "Basic " + base64.b64encode(pair.encode()).decode()
    return Proxy(parts.hostname, port or 80, authorization)


def _botocore_session(access: Access) -> BotocoreSession:
    try:
        from botocore.session import Session as Botocore
    except ImportError as error:
        raise Day2Error(
            f"the Python package botocore is needed to call AWS and cannot be imported ({error}): install boto3 for the interpreter that "
            "runs this task (python -m pip install boto3), or point ansible_python_interpreter to one that has it"
        ) from None
    session = Botocore(profile=access.profile or None)
    session.set_config_variable("sts_regional_endpoints", "regional")  # before 2025 botocore preferred us-east-1
    if access.ca_bundle:
        session.set_config_variable("ca_bundle", access.ca_bundle)  # for roles that a profile assumes
    region = access.region or os.environ.get("AWS_REGION") or session.get_config_variable("region")
    # Without one botocore takes this for S3, whose list of buckets is the same everywhere.
    session.set_config_variable("region", region or "us-east-1")
    if access.access_key:
        session.set_credentials(access.access_key, access.secret_key, access.session_token or None)
    else:
        provider: Any = session.get_component("credential_provider").get_provider("assume-role")
        provider._prompter = _no_prompt  # botocore would read the terminal of whoever started the task
    return session


def _botocore_config(access: Access) -> Config:
    from botocore.config import Config

    try:
        return Config(**dict(access.config))
    except TypeError as error:
        raise Day2Error(f"aws_config: {error}") from None


@contextmanager
def _explained(action: str, target: str) -> Iterator[None]:
    """Turns what botocore raises into a GatewayError that names the action."""
    try:
        yield
    except Day2Error:
        raise
    except Exception as error:
        if not _is_from_outside(error):
            raise
        raise GatewayError(action, target, str(error)) from None


def _is_from_outside(error: Exception) -> bool:
    from botocore.exceptions import BotoCoreError, ClientError

    # RuntimeError is how botocore says that renewed credentials came back expired. OSError and ValueError come from
    # programs and files that a profile names: a credential_process that is not there, or prints something else.
    return isinstance(error, (BotoCoreError, ClientError, RuntimeError, OSError, ValueError))


def _no_prompt(prompt: str) -> str:
    raise GatewayError(
        "find AWS credentials",
        "",
        "the profile wants a code of an MFA device, and a task cannot ask for one: use a session that has it",
    )
