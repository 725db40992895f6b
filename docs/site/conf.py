# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation site; every warning is an error (``sphinx-build -W``)."""

from __future__ import annotations

project = "day2.ops"
copyright = "day2.ops contributors"
title = "day2.ops: day-2 operations of clouds and hosts"
html_short_title = "day2.ops"

extensions = ["sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
# The site is built without a network: no inventories of other sites. What the plugins' pages refer to there, orphans.rst has.
intersphinx_mapping: dict[str, tuple[str, None]] = {}

pygments_style = "ansible"
highlight_language = "YAML+Jinja"
default_role = "any"

html_theme = "sphinx_ansible_theme"
html_show_sphinx = False
html_copy_source = False
html_use_index = False
html_use_modindex = False
smartquotes = True
