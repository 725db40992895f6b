# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who signs in, who becomes root, and which accounts change: PAM, sudo, su, the shadow tools, polkit, audit."""

from __future__ import annotations

from .shape import CRITICAL, HIGH, LOW, MEDIUM, REST, PatternSet, Rule

_USER = r"(?P<user>[A-Za-z0-9_.@\\$-]{1,128})"

SET = PatternSet(
    "auth",
    "Accounts and authentication",
    (
        Rule(
            "pam_failure",
            LOW,
            r"\bpam_(?:unix|sss|ldap|krb5"
            r"|winbind)\((?P<service>[A-Za-z0-9_.-]{1,64}):auth\): authentication failure; "
            r"[^\r\n]{0,300}?\brhost=(?P<client>[^ \r\n]{0,253})(?: +user=(?P<user>[^ \r\n]{1,128}))?",
            "A password was wrong at {service}",
            threshold=(10, 600.0),
        ),
        Rule(
            "sudo_wrong_password",
            MEDIUM,
            rf"\bsudo(?:\[[0-9]{{1,10}}\])?: +{_USER} : (?P<count>[0-9]{{1,3}}) incorrect password attempts? ; "
            rf"(?:[^\r\n]{{0,400}}? ; )?COMMAND=(?P<command>{REST})",
            "{user} gave {count} wrong passwords to sudo for {command}",
        ),
        Rule(
            "sudo_refused",
            HIGH,
            rf"\bsudo(?:\[[0-9]{{1,10}}\])?: +{_USER} : (?P<reason>user NOT in sudoers|user NOT authorized on host"
            rf"|command not allowed) ; (?:[^\r\n]{{0,400}}? ; )?COMMAND=(?P<command>{REST})",
            "{user} may not run {command} by sudo: {reason}",
        ),
        Rule(
            "sudoers_broken",
            HIGH,
            r"\bsudo(?:\[[0-9]{1,10}\])?: +(?P<error>(?:parse error in /etc/sudoers"
            r"|/etc/sudoers[^ \r\n]{0,200} is (?:owned by|"
            r"world writable|mode)|/etc/sudoers[^ :\r\n]{0,200}:[0-9]{1,6}(?::[0-9]{1,6})?: syntax "
            r"error)[^\r\n]{0,120})",
            "sudo cannot be used: {error}",
        ),
        Rule(
            "su_failed",
            MEDIUM,
            r"\bsu(?:\[[0-9]{1,10}\])?: FAILED SU \(to (?P<target>[^)\r\n]{1,64})\) (?P<user>[^ \r\n]{1,64}) on ",
            "{user} failed to become {target} by su",
        ),
        Rule(
            "account_locked",
            MEDIUM,
            r"\bpam_(?:faillock|tally2?)\((?P<service>[A-Za-z0-9_.-]{1,64}):[a-z]{1,20}\): (?:Consecutive login "
            r"failures for "
            r"user (?P<user>[^ \r\n]{1,128}) account temporarily locked"
            r"|user [^\r\n]{1,160} tally [0-9]{1,6}, deny [0-9]{1,6})",
            "An account was locked after too many wrong passwords at {service}",
        ),
        Rule(
            "account_expired",
            LOW,
            r"\bpam_(?:unix|sss)\((?P<service>[A-Za-z0-9_.-]{1,64}):account\): (?:account (?P<user>[^ \r\n]{1,128}) "
            r"has expired"
            r"|(?:expired )?password for user [^ \r\n]{1,128} (?:will expire|\(password aged\)))",
            "An account or a password has expired, or will soon, at {service}",
        ),
        Rule(
            "account_created",
            MEDIUM,
            rf"\b(?:useradd|adduser|newusers)(?:\[[0-9]{{1,10}}\])?: new user: name={_USER}, "
            r"UID=(?P<uid>[0-9]{1,10})",
            "The account {user} was created (uid {uid})",
            exclude=(r"\bUID=0,",),
        ),
        Rule(
            "second_root",
            CRITICAL,
            r"\b(?:useradd|usermod|newusers)(?:\[[0-9]{1,10}\])?: (?:new user: name=(?P<user>[^,\r\n]{1,64}), "
            r"UID=0,"
            r"|change user '[^'\r\n]{1,64}' UID from '[0-9]{1,10}' to '0')",
            "An account got the user id 0, which is root by another name",
        ),
        Rule(
            "account_deleted",
            LOW,
            r"\buserdel(?:\[[0-9]{1,10}\])?: delete user '(?P<user>[^'\r\n]{1,64})'",
            "The account {user} was deleted",
        ),
        Rule(
            "privileges_given",
            HIGH,
            r"\busermod(?:\[[0-9]{1,10}\])?: add '(?P<user>[^'\r\n]{1,64})' to group "
            r"'(?P<group>root|sudo|wheel|adm|admin|docker|lxd|libvirt|disk|shadow)'",
            "{user} was made a member of {group}, which is as good as root",
        ),
        Rule(
            "group_member_added",
            HIGH,
            r"\bgpasswd(?:\[[0-9]{1,10}\])?: user (?P<user>[^ \r\n]{1,64}) added by (?P<by>[^ \r\n]{1,64}) to group "
            r""
            r"(?P<group>root|sudo|wheel|adm|admin|docker|lxd|libvirt|disk|shadow)\b",
            "{by} made {user} a member of {group}, which is as good as root",
        ),
        Rule(
            "password_changed",
            LOW,
            r"\bpam_(?:unix|sss)\((?P<service>[A-Za-z0-9_.-]{1,64}):chauthtok\): (?:username \[[^\]\r\n]{1,64}\] "
            r"obtained"
            r"|password changed for (?P<user>[^ \r\n]{1,128}))",
            "A password was changed by {service}",
            exclude=(r"username \[",),
        ),
        Rule(
            "console_failed",
            MEDIUM,
            r"\blogin(?:\[[0-9]{1,10}\])?: FAILED LOGIN (?:SESSION"
            r"|\([0-9]{1,3}\)) (?:on '(?P<terminal>[^'\r\n]{1,64})'|FROM [^\r\n]{1,64})"
            r"[^\r\n]{0,80}? FOR '?(?P<user>[^', \r\n]{1,64})'?,",
            "Somebody failed to sign in on a console as {user}",
        ),
        Rule(
            "console_root",
            MEDIUM,
            r"\blogin(?:\[[0-9]{1,10}\])?: ROOT LOGIN +(?i:on) '?(?P<terminal>[A-Za-z0-9/_-]{1,64})'?",
            "root signed in on {terminal}",
        ),
        Rule(
            "polkit_refused",
            MEDIUM,
            r"\bpolkitd?(?:\([^)\r\n]{1,80}\))?(?:\[[0-9]{1,10}\])?: Operator of [^ \r\n]{1,64} FAILED to "
            r"authenticate to gain "
            r"authorization for action (?P<action>[A-Za-z0-9_.-]{1,200})",
            "Somebody failed to authenticate for the action {action}",
        ),
        Rule(
            "selinux_denied",
            MEDIUM,
            r"\bavc: {1,2}denied {1,2}\{ (?P<permission>[a-z_ ]{1,100}?) \} for {1,2}pid=(?P<pid>[0-9]{1,10}) "
            r"comm=\"?(?P<process>[^\" \r\n]{1,64})\"?",
            "SELinux denied {process} to {permission}",
            exclude=(r"\bpermissive=1\b",),
        ),
        Rule(
            "apparmor_denied",
            MEDIUM,
            r"\bapparmor=\"DENIED\" operation=\"(?P<operation>[a-z_]{1,40})\"(?: class=\"[a-z]{1,20}\")?"
            r"(?: info=\"[^\"\r\n]{1,80}\" error=-?[0-9]{1,4})? profile=\"(?P<profile>[^\"\r\n]{1,200})\"",
            "AppArmor denied {operation} to {profile}",
        ),
        Rule(
            "audit_stopped",
            HIGH,
            r"\bauditd(?:\[[0-9]{1,10}\])?: (?P<error>Audit daemon (?:is suspending logging|has no space left"
            r"|is low on disk space)"
            r"[^\r\n]{0,120})",
            "The audit log is not written, or soon will not be: {error}",
        ),
    ),
)
