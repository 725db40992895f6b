# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The README's commands. Each needs python3 (3.11 or newer), make and a package index; the rest is made here, once.
# Who works on the collection uses nox: .venv/bin/nox -l

REQUIREMENTS := tests/requirements.txt tests/unit/requirements.txt
MADE := .venv/.made-$(shell cat $(REQUIREMENTS) | cksum | cut -d ' ' -f 1)

.PHONY: demo test bench docs build
demo test bench docs build: $(MADE)
	@.venv/bin/python -m nox --session $@

$(MADE): $(REQUIREMENTS)
	@test -x .venv/bin/python || { python=$$(python3 tests/suite/pythons.py newest) && "$$python" -m venv .venv; }
	@echo "installing the tools into .venv, once (a few minutes)"
	@.venv/bin/python -m pip install -qq --disable-pip-version-check --upgrade pip
	@.venv/bin/python -m pip install -qq --disable-pip-version-check --requirement tests/requirements.txt
	@rm -f .venv/.made-* && touch $@
