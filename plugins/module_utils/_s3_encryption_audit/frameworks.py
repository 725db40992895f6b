# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which control of which framework a check answers to.

Sources, read in November 2026:

- AWS Security Hub CSPM, "controls for Amazon S3" and "for AWS KMS": the control ids, and of each control its
  related requirements of NIST SP 800-53 r5, NIST SP 800-171 r2, PCI DSS 3.2.1 and 4.0.1, and CIS.
- the compliance tables of prowler 5.46 (``prowler/compliance/aws``): CIS of all versions, HIPAA, ISO 27001,
  SOC 2, FedRAMP moderate (revision 4), MITRE ATT&CK, and what Security Hub has no control for.

Ids are spelled as their framework spells them: ``164.312(a)(2)(iv)`` is what prowler calls ``164_312_a_2_iv``, and
PCI DSS requirements stand without the serial number that prowler appends. A check that answers to no control of a
framework does not name the framework. CIS dropped default encryption with version 2.0.
"""

from __future__ import annotations

from typing import Dict, List, Mapping, Tuple

Controls = Mapping[str, Tuple[str, ...]]

TITLES: Mapping[str, str] = {
    "security-hub": "AWS Security Hub CSPM (Foundational Security Best Practices)",
    "cis-1.4": "CIS AWS Foundations Benchmark 1.4",
    "cis-1.5": "CIS AWS Foundations Benchmark 1.5",
    "cis-2.0": "CIS AWS Foundations Benchmark 2.0",
    "cis-3.0": "CIS AWS Foundations Benchmark 3.0",
    "cis-4.0": "CIS AWS Foundations Benchmark 4.0",
    "cis-5.0": "CIS AWS Foundations Benchmark 5.0",
    "cis-6.0": "CIS AWS Foundations Benchmark 6.0",
    "cis-7.0": "CIS AWS Foundations Benchmark 7.0",
    "nist-800-53r5": "NIST SP 800-53 revision 5",
    "nist-800-171r2": "NIST SP 800-171 revision 2",
    "pci-dss-3.2.1": "PCI DSS 3.2.1",
    "pci-dss-4.0.1": "PCI DSS 4.0.1",
    "hipaa": "HIPAA Security Rule (45 CFR part 164)",
    "iso-27001-2022": "ISO/IEC 27001:2022, annex A",
    "soc2": "SOC 2 Trust Services Criteria",
    "fedramp-moderate": "FedRAMP moderate baseline, revision 4",
    "mitre-attack": "MITRE ATT&CK for cloud",
}


def _cis(**controls: str) -> Dict[str, Tuple[str, ...]]:
    """``v14="2.1.1"`` becomes ``{"cis-1.4": ("2.1.1",)}``."""
    return {f"cis-{version[1]}.{version[2]}": (control,) for version, control in controls.items()}


def _ids(text: str) -> Tuple[str, ...]:
    return tuple(text.split())


_CIS_PUBLIC_ACCESS = _cis(
    v14="2.1.5", v15="2.1.5", v20="2.1.4", v30="2.1.4", v40="2.1.4", v50="2.1.4", v60="3.1.4", v70="3.1.4"
)

_AT_REST: Controls = {
    "nist-800-53r5": _ids("AU-9(3) CM-6a CM-9b CP-9d CP-9(8) PM-11b SC-8(3) SC-8(4) SC-13a SC-16(1) SC-28(1) SI-19(4)"),
    "nist-800-171r2": _ids("3.3.8 3.5.10 3.13.11 3.13.16"),
    "pci-dss-3.2.1": _ids("3.4 3.4.1 3.4.1.a 3.4.1.c 3.4.a 3.4.b 3.4.d 8.2 8.2.1 8.2.1.a"),
    "pci-dss-4.0.1": _ids("3.5.1 8.3.2"),
    "hipaa": _ids(
        "164.308(a)(1)(ii)(B) 164.308(a)(4)(ii)(A) 164.312(a)(2)(iv) 164.312(c)(1) 164.312(c)(2) 164.312(e)(2)(ii)"
    ),
    "iso-27001-2022": _ids("A.8.11 A.8.24"),
    "soc2": _ids("PI1.4"),
    "fedramp-moderate": _ids("SC-13 SC-28"),
    "mitre-attack": _ids("T1119 T1530"),
}

_PUBLIC_NIST = _ids(
    "AC-21 AC-3 AC-3(7) AC-4 AC-4(21) AC-6 SC-7 SC-7(11) SC-7(16) SC-7(20) SC-7(21) SC-7(3) SC-7(4) SC-7(9)"
)

FRAMEWORKS: Mapping[str, Controls] = {
    "default_encryption": {**_cis(v14="2.1.1", v15="2.1.1"), **_AT_REST},
    "object_encryption": _AT_REST,
    "encryption_algorithm": {
        "security-hub": _ids("S3.17"),
        "nist-800-53r5": _ids("SC-12(2) CM-3(6) SC-13 SC-28 SC-28(1) SC-7(10) CA-9(1) SI-7(6) AU-9"),
        "nist-800-171r2": _ids("3.8.9 3.13.11 3.13.16"),
        "pci-dss-4.0.1": _ids("3.5.1"),
        "iso-27001-2022": _ids("A.8.24"),
    },
    "kms_key": {
        "nist-800-53r5": _ids("SC-12(2) SC-28(1)"),
        "nist-800-171r2": _ids("3.13.11 3.13.16"),
        "pci-dss-4.0.1": _ids("3.5.1"),
        "iso-27001-2022": _ids("A.8.24"),
    },
    "kms_key_state": {
        "security-hub": _ids("KMS.3 KMS.5"),
        "cis-7.0": _ids("2.21"),
        "nist-800-53r5": _ids("SC-12 SC-12(2)"),
        "pci-dss-4.0.1": _ids("3.6.1 3.7.4"),
        "iso-27001-2022": _ids("A.8.24"),
    },
    "kms_key_rotation": {
        "security-hub": _ids("KMS.4"),
        **_cis(v14="3.8", v15="3.8", v20="3.8", v30="3.6", v40="3.6", v50="3.6", v60="4.6", v70="4.6"),
        "nist-800-53r5": _ids("SC-12 SC-12(2) SC-28(3)"),
        "pci-dss-3.2.1": _ids("3.6.4"),
        "pci-dss-4.0.1": _ids("3.7.4"),
        "hipaa": _ids("164.312(a)(2)(iv)"),
        "iso-27001-2022": _ids("A.8.24"),
        "soc2": _ids("PI1.5"),
        "fedramp-moderate": _ids("SC-12"),
    },
    "tls_only": {
        "security-hub": _ids("S3.5"),
        **_cis(v14="2.1.2", v15="2.1.2", v20="2.1.1", v30="2.1.1", v40="2.1.1", v50="2.1.1", v60="3.1.1", v70="3.1.1"),
        "nist-800-53r5": _ids(
            "AC-17(2) AC-4 IA-5(1) SC-12(3) SC-13 SC-23 SC-23(3) SC-7(4) SC-8 SC-8(1) SC-8(2) SI-7(6)"
        ),
        "nist-800-171r2": _ids("3.13.8 3.13.15"),
        "pci-dss-3.2.1": _ids("4.1"),
        "pci-dss-4.0.1": _ids("4.2.1"),
        "hipaa": _ids(
            "164.308(a)(1)(ii)(B) 164.312(a)(2)(iv) 164.312(c)(1) 164.312(c)(2)"
            " 164.312(e)(1) 164.312(e)(2)(i) 164.312(e)(2)(ii)"
        ),
        "fedramp-moderate": _ids("AC-17(2) SC-7 SC-8 SC-8(1) SC-23"),
        "mitre-attack": _ids("T1040"),
    },
    "tls_min_version": {
        "nist-800-53r5": _ids("SC-8 SC-8(1) SC-13 SC-23"),
        "nist-800-171r2": _ids("3.13.8"),
        "pci-dss-3.2.1": _ids("4.1"),
        "pci-dss-4.0.1": _ids("4.2.1"),
        "hipaa": _ids("164.312(e)(1) 164.312(e)(2)(i)"),
        "fedramp-moderate": _ids("SC-8 SC-8(1)"),
    },
    "account_public_access_block": {
        "security-hub": _ids("S3.1"),
        **_CIS_PUBLIC_ACCESS,
        "nist-800-53r5": _PUBLIC_NIST,
        "nist-800-171r2": _ids("3.1.1 3.1.2 3.1.3 3.1.14 3.1.20 3.3.8 3.4.6 3.13.2 3.13.5"),
        "pci-dss-3.2.1": _ids("1.2.1 1.3.1 1.3.2 1.3.4 1.3.6"),
        "pci-dss-4.0.1": _ids("1.4.4"),
        "hipaa": _ids("164.308(a)(1)(ii)(B) 164.308(a)(3)(i)"),
        "iso-27001-2022": _ids("A.8.1"),
        "fedramp-moderate": _ids("AC-3 AC-6 AC-17(1) AC-21(b) CM-2 SC-4 SC-7 SC-7(3)"),
        "mitre-attack": _ids("T1530"),
    },
    "public_access_block": {
        "security-hub": _ids("S3.8"),
        **_CIS_PUBLIC_ACCESS,
        "nist-800-53r5": _PUBLIC_NIST,
        "pci-dss-4.0.1": _ids("1.4.4"),
        "hipaa": _ids("164.308(a)(1)(ii)(B) 164.308(a)(3)(i) 164.312(a)(1) 164.312(a)(2)(i)"),
        "iso-27001-2022": _ids("A.8.1"),
        "soc2": _ids("CC6.1"),
        "mitre-attack": _ids("T1530"),
    },
    "not_public": {
        "security-hub": _ids("S3.2 S3.3"),
        "cis-7.0": _ids("2.21"),
        "nist-800-53r5": _PUBLIC_NIST,
        "nist-800-171r2": _ids("3.1.1 3.1.2 3.1.3 3.3.8 3.4.6 3.13.2 3.13.5"),
        "pci-dss-3.2.1": _ids("1.2.1 1.3.1 1.3.2 1.3.4 1.3.6 7.2.1"),
        "pci-dss-4.0.1": _ids("1.4.4"),
        "hipaa": _ids("164.308(a)(1)(ii)(B) 164.308(a)(3)(i) 164.312(a)(1) 164.312(a)(2)(i)"),
        "iso-27001-2022": _ids("A.8.1"),
        "soc2": _ids("CC6.1"),
        "fedramp-moderate": _ids("AC-3 AC-4 AC-6 AC-17(1) AC-21(b) CM-2 SC-4 SC-7 SC-7(3)"),
        "mitre-attack": _ids("T1485 T1486 T1530"),
    },
    "object_ownership": {
        "security-hub": _ids("S3.12"),
        "nist-800-53r5": _ids("AC-2(1) AC-3 AC-3(15) AC-3(7) AC-6"),
        "pci-dss-4.0.1": _ids("7.2.1 7.2.2 7.2.5 7.3.1 7.3.2 7.3.3 8.2.7 8.2.8 8.3.4"),
    },
    "versioning": {
        "security-hub": _ids("S3.14"),
        "nist-800-53r5": _ids("AU-9(2) CP-10 CP-6 CP-6(1) CP-6(2) CP-9 SC-5(2) SI-12 SI-13(5)"),
        "nist-800-171r2": _ids("3.3.8"),
        "pci-dss-3.2.1": _ids("3.1 3.1.c 10.5 10.5.2 10.5.3 10.5.5"),
        "pci-dss-4.0.1": _ids("10.3.4"),
        "hipaa": _ids(
            "164.308(a)(1)(ii)(B) 164.308(a)(7)(i) 164.308(a)(7)(ii)(A) 164.308(a)(7)(ii)(B)"
            " 164.308(a)(7)(ii)(C) 164.312(a)(2)(ii) 164.312(c)(1) 164.312(c)(2)"
        ),
        "iso-27001-2022": _ids("A.8.3 A.8.10"),
        "soc2": _ids("CC7.4 A1.1 C1.2 PI1.5"),
        "fedramp-moderate": _ids("AU-9(2) CP-9(b) CP-10 SC-5 SI-12"),
        "mitre-attack": _ids("T1485 T1486"),
    },
    "mfa_delete": {
        "security-hub": _ids("S3.20"),
        **_cis(v14="2.1.3", v15="2.1.3", v20="2.1.2", v30="2.1.2", v40="2.1.2", v50="2.1.2", v60="3.1.2", v70="3.1.2"),
        "nist-800-53r5": _ids("CA-9(1) CM-2 CM-2(2) CM-3 SC-5(2)"),
        "pci-dss-4.0.1": _ids("8.4.1 8.4.2 8.4.3 10.3.2"),
        "mitre-attack": _ids("T1485"),
    },
    "access_logging": {
        "security-hub": _ids("S3.9"),
        "nist-800-53r5": _ids(
            "AC-2(4) AC-4(26) AC-6(9) AU-10 AU-12 AU-2 AU-3 AU-6(3) AU-6(4) CA-7 SC-7(9) SI-3(8) SI-4(20) SI-7(8)"
        ),
        "nist-800-171r2": _ids("3.3.8"),
        "pci-dss-3.2.1": _ids("10.1 10.2 10.3 10.5 10.5.4"),
        "pci-dss-4.0.1": _ids("10.2.1"),
        "hipaa": _ids("164.308(a)(1)(ii)(D) 164.308(a)(3)(ii)(A) 164.308(a)(6)(ii) 164.312(b) 164.312(e)(2)(i)"),
        "iso-27001-2022": _ids("A.8.15"),
        "soc2": _ids("CC7.2 CC7.3 A1.1"),
        "fedramp-moderate": _ids("AC-2(4) AC-2(g) AU-2(a)(d) AU-3 AU-6(1)(3) AU-12(a)(c)"),
    },
    "object_lock": {
        "security-hub": _ids("S3.15"),
        "nist-800-53r5": _ids("CP-6(2)"),
        "pci-dss-4.0.1": _ids("10.5.1"),
        "soc2": _ids("PI1.5"),
        "mitre-attack": _ids("T1485 T1486"),
    },
    "lifecycle": {
        "security-hub": _ids("S3.10 S3.13"),
        "nist-800-53r5": _ids("CP-10 CP-6(2) CP-9 SC-5(2) SI-13(5)"),
        "pci-dss-3.2.1": _ids("3.1 3.1.a 3.2 3.2.c 10.7 10.7.a"),
        "pci-dss-4.0.1": _ids("3.2.1 10.5.1"),
        "iso-27001-2022": _ids("A.8.10"),
    },
}

LISTED: Mapping[str, Mapping[str, List[str]]] = {
    check: {framework: list(ids) for framework, ids in controls.items()} for check, controls in FRAMEWORKS.items()
}
"""``FRAMEWORKS`` as JSON has it; made once, since every finding carries its part."""
