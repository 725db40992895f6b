# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specifications as values that can be merged."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Tuple

Rules = Tuple[Tuple[Any, ...], ...]


@dataclass(frozen=True)
class ArgumentSpec:
    """The arguments of a module and the rules between them, as ``AnsibleModule`` takes them."""

    arguments: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mutually_exclusive: Rules = ()
    required_together: Rules = ()
    required_one_of: Rules = ()
    required_if: Rules = ()
    required_by: Mapping[str, Tuple[str, ...]] = field(default_factory=dict)
    supports_check_mode: bool = True

    def merge(self, other: "ArgumentSpec") -> "ArgumentSpec":
        """Both specifications in one.

        :raises ValueError: when both define the same argument: two meanings of one name are a defect.
        """
        twice = sorted(set(self.arguments) & set(other.arguments))
        if twice:
            raise ValueError(f"defined twice: {', '.join(twice)}")
        return ArgumentSpec(
            arguments={**self.arguments, **other.arguments},
            mutually_exclusive=self.mutually_exclusive + other.mutually_exclusive,
            required_together=self.required_together + other.required_together,
            required_one_of=self.required_one_of + other.required_one_of,
            required_if=self.required_if + other.required_if,
            required_by={**self.required_by, **other.required_by},
            supports_check_mode=self.supports_check_mode and other.supports_check_mode,
        )

    def defaults(self) -> Dict[str, Any]:
        """Every argument with its default, or ``None``: what a task that gives none of them comes with.

        For runs outside of Ansible. Defaults that can be changed in place are copies.
        """
        return {name: deepcopy(options.get("default")) for name, options in self.arguments.items()}

    def to_kwargs(self) -> Dict[str, Any]:
        """Keyword arguments for ``AnsibleModule`` and its subclasses."""
        return {
            "argument_spec": {name: dict(options) for name, options in self.arguments.items()},
            "mutually_exclusive": list(self.mutually_exclusive),
            "required_together": list(self.required_together),
            "required_one_of": list(self.required_one_of),
            "required_if": list(self.required_if),
            "required_by": dict(self.required_by),
            "supports_check_mode": self.supports_check_mode,
        }
