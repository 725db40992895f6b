# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The queue for what failed, and the topic for notices."""

from __future__ import annotations

from typing import Dict, Optional, Sequence

from ..model import PartKind, Settings
from ..names import Names
from .services import Services, own_tags, pairs, superfluous

_NO_QUEUE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
_NO_TOPIC = ("NotFound", "NotFoundException")


class Queues:
    """Queues of SQS by their names."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def read(self, name: str) -> Optional[Settings]:
        """Its settings; ``None`` when there is none."""
        url = self.url(name)
        if not url:
            return None
        asked = {"QueueUrl": url, "AttributeNames": ["MessageRetentionPeriod", "SqsManagedSseEnabled"]}
        found = self._services.call("sqs", "get_queue_attributes", name, asked, _NO_QUEUE)
        tags = self._services.call("sqs", "list_queue_tags", name, {"QueueUrl": url}, _NO_QUEUE)
        if found is None or tags is None:
            return None
        attributes = found.get("Attributes", {})
        return {
            "retention_seconds": int(attributes.get("MessageRetentionPeriod", 0)),
            "encrypted": attributes.get("SqsManagedSseEnabled") == "true",
            "tags": own_tags(tags.get("Tags") or {}),
        }

    def create(self, name: str, after: Settings) -> None:
        """Make it."""
        wanted = {"QueueName": name, "Attributes": _attributes(after), "tags": dict(after["tags"])}
        self._services.ask("sqs", "create_queue", name, wanted)

    def modify(self, name: str, after: Settings, before: Settings, changed: Sequence[str]) -> None:
        """Change what differs."""
        url, ask = self.url(name), self._services.ask
        if set(changed) - {"tags"}:
            ask("sqs", "set_queue_attributes", name, {"QueueUrl": url, "Attributes": _attributes(after)})
        if "tags" in changed:
            ask("sqs", "tag_queue", name, {"QueueUrl": url, "Tags": dict(after["tags"])})
            gone = superfluous(before, after)
            if gone:
                ask("sqs", "untag_queue", name, {"QueueUrl": url, "TagKeys": gone})

    def remove(self, name: str) -> None:
        """Remove it with what is in it."""
        url = self.url(name)
        if url:
            self._services.call("sqs", "delete_queue", name, {"QueueUrl": url}, _NO_QUEUE)

    def url(self, name: str) -> str:
        """The URL of a queue; empty when there is none."""
        found = self._services.call("sqs", "get_queue_url", name, {"QueueName": name}, _NO_QUEUE)
        return str(found["QueueUrl"]) if found is not None else ""


def _attributes(after: Settings) -> Dict[str, str]:
    return {
        "MessageRetentionPeriod": str(after["retention_seconds"]),
        "SqsManagedSseEnabled": "true" if after["encrypted"] else "false",
    }


class Topics:
    """Topics of SNS by their names."""

    def __init__(self, services: Services, names: Names) -> None:
        self._services = services
        self._arn = names.arn(PartKind.TOPIC)

    def read(self, name: str) -> Optional[Settings]:
        """Its settings; ``None`` when there is none."""
        if self._services.call("sns", "get_topic_attributes", name, {"TopicArn": self._arn}, _NO_TOPIC) is None:
            return None
        tags = self._services.ask("sns", "list_tags_for_resource", name, {"ResourceArn": self._arn})
        return {"tags": own_tags(tags.get("Tags"))}

    def create(self, name: str, after: Settings) -> None:
        """Make it."""
        self._services.ask("sns", "create_topic", name, {"Name": name, "Tags": pairs(after["tags"])})

    def modify(self, name: str, after: Settings, before: Settings, changed: Sequence[str]) -> None:
        """Change its tags; it has nothing else."""
        topic = {"ResourceArn": self._arn}
        self._services.ask("sns", "tag_resource", name, {**topic, "Tags": pairs(after["tags"])})
        gone = superfluous(before, after)
        if gone:
            self._services.ask("sns", "untag_resource", name, {**topic, "TagKeys": gone})

    def remove(self, name: str) -> None:
        """Remove it, and with it who subscribes to it."""
        self._services.call("sns", "delete_topic", name, {"TopicArn": self._arn}, _NO_TOPIC)
