# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Samples of the set auth, and what people do who are allowed to."""

from __future__ import annotations

from typing import Mapping, Tuple

from .shape import Sample, sample

_AT = "Nov 28 19:20:07 web1 "

SAMPLES: Mapping[str, Sample] = {
    "pam_failure": sample(
        _AT
        + "vsftpd: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=bob rhost=203.0.113.9  user=bob",
        _AT + "vsftpd: pam_unix(vsftpd:session): session opened for user bob by (uid=0)",
        _AT
        + "sudo: pam_unix(sudo:auth): authentication failure; logname=bob uid=1000 euid=0 tty=/dev/pts/0 ruser=bob rhost=  user=bob",
        service="vsftpd",
        client="203.0.113.9",
        user="bob",
    ),
    "sudo_wrong_password": sample(
        _AT
        + "sudo:      bob : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/usr/bin/id",
        _AT + "sudo:      bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/usr/bin/id",
        user="bob",
        count="3",
        command="/usr/bin/id",
    ),
    "sudo_refused": sample(
        _AT + "sudo[99]:  mallory : user NOT in sudoers ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/bash",
        _AT
        + "sudo[99]:  ansible : TTY=unknown ; PWD=/home/ansible ; USER=root ; COMMAND=/bin/sh -c echo NOT in sudoers",
        _AT
        + "sudo: bob : command not allowed ; TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/usr/bin/vi /etc/shadow",
        user="mallory",
        reason="user NOT in sudoers",
        command="/bin/bash",
    ),
    "sudoers_broken": sample(
        _AT + "sudo: parse error in /etc/sudoers.d/app near line 3",
        _AT + "sudo: pam_unix(sudo:session): session closed for user root",
        _AT + "sudo: /etc/sudoers.d/app is world writable",
        _AT + "sudo: /etc/sudoers.d/app:3:12: syntax error",
    ),
    "su_failed": sample(
        _AT + "su[88]: FAILED SU (to root) bob on pts/0",
        _AT + "su[88]: (to root) bob on pts/0",
        target="root",
        user="bob",
    ),
    "account_locked": sample(
        _AT + "sshd[71]: pam_faillock(sshd:auth): Consecutive login failures for user bob account temporarily locked",
        _AT + "sshd[71]: pam_faillock(sshd:auth): User unknown",
        _AT + "login: pam_tally2(login:auth): user bob (1000) tally 6, deny 5",
        service="sshd",
    ),
    "account_expired": sample(
        _AT + "sshd[71]: pam_unix(sshd:account): account bob has expired (account expired)",
        _AT + "sshd[71]: pam_unix(sshd:account): helper binary execve failed: Permission denied",
        _AT + "sshd[71]: pam_unix(sshd:account): expired password for user bob (password aged)",
        _AT + "sshd[71]: pam_unix(sshd:account): password for user bob will expire in 3 days",
        service="sshd",
    ),
    "account_created": sample(
        _AT
        + "useradd[500]: new user: name=deploy, UID=1001, GID=1001, home=/home/deploy, shell=/bin/bash, from=/dev/pts/0",
        _AT + "useradd[500]: new group: name=deploy, GID=1001",
        user="deploy",
        uid="1001",
    ),
    "second_root": sample(
        _AT + "usermod[501]: change user 'toor' UID from '1003' to '0'",
        _AT + "usermod[501]: change user 'bob' UID from '1003' to '1004'",
        _AT + "useradd[502]: new user: name=toor, UID=0, GID=0, home=/root, shell=/bin/bash, from=none",
    ),
    "account_deleted": sample(
        _AT + "userdel[503]: delete user 'deploy'",
        _AT + "userdel[503]: removed group 'deploy' owned by 'deploy'",
        user="deploy",
    ),
    "privileges_given": sample(
        _AT + "usermod[504]: add 'bob' to group 'sudo'",
        _AT + "usermod[504]: add 'bob' to shadow group 'sudo'",
        user="bob",
        group="sudo",
    ),
    "group_member_added": sample(
        _AT + "gpasswd[505]: user bob added by root to group docker",
        _AT + "gpasswd[505]: user bob added by root to group audio",
        user="bob",
        by="root",
        group="docker",
    ),
    "password_changed": sample(
        _AT + "passwd[506]: pam_unix(passwd:chauthtok): password changed for bob",
        _AT + "passwd[506]: pam_unix(passwd:chauthtok): authentication failure; logname=bob uid=1000",
        user="bob",
    ),
    "console_failed": sample(
        _AT + "login[507]: FAILED LOGIN (1) on '/dev/tty1' FOR 'root', Authentication failure",
        _AT + "login[507]: LOGIN ON tty1 BY bob",
        terminal="/dev/tty1",
        user="root",
    ),
    "console_root": sample(
        _AT + "login[508]: ROOT LOGIN  on '/dev/tty1'",
        _AT + "login[508]: pam_unix(login:session): session opened for user root(uid=0) by LOGIN(uid=0)",
        _AT + "login[508]: ROOT LOGIN ON tty1",
        terminal="/dev/tty1",
    ),
    "polkit_refused": sample(
        _AT + "polkitd[509]: Operator of unix-session:1 FAILED to authenticate to gain authorization for action"
        " org.freedesktop.systemd1.manage-units for system-bus-name::1.77 [systemctl restart nginx] (owned by unix-user:bob)",
        _AT
        + "polkitd[509]: Operator of unix-session:1 successfully authenticated as unix-user:root to gain TEMPORARY authorization for action"
        " org.freedesktop.systemd1.manage-units for system-bus-name::1.77",
        action="org.freedesktop.systemd1.manage-units",
    ),
    "selinux_denied": sample(
        'type=AVC msg=audit(1764357607.123:456): avc:  denied  { read } for  pid=1234 comm="httpd" name="index.html" dev="sda1" ino=42'
        " scontext=system_u:system_r:httpd_t:s0 tcontext=unconfined_u:object_r:user_home_t:s0 tclass=file permissive=0",
        'type=AVC msg=audit(1764357607.123:456): avc:  denied  { read } for  pid=1234 comm="httpd" name="index.html" dev="sda1" ino=42'
        " scontext=system_u:system_r:httpd_t:s0 tcontext=unconfined_u:object_r:user_home_t:s0 tclass=file permissive=1",
        permission="read",
        process="httpd",
        pid="1234",
    ),
    "apparmor_denied": sample(
        _AT
        + 'kernel: audit: type=1400 audit(1764357607.1:99): apparmor="DENIED" operation="open" profile="/usr/sbin/mysqld"'
        ' name="/data/mysql/ibdata1" pid=77 comm="mysqld" requested_mask="r" denied_mask="r" fsuid=113 ouid=113',
        _AT
        + 'kernel: audit: type=1400 audit(1764357607.1:99): apparmor="ALLOWED" operation="open" profile="/usr/sbin/mysqld"',
        _AT
        + 'kernel: audit: type=1400 audit(1764357607.1:99): apparmor="DENIED" operation="capable" class="cap" profile="/usr/sbin/cupsd" pid=7',
        operation="open",
        profile="/usr/sbin/mysqld",
    ),
    "audit_stopped": sample(
        _AT + "auditd[350]: Audit daemon is suspending logging due to low disk space.",
        _AT + "auditd[350]: Audit daemon rotating log files",
    ),
}

HARMLESS: Tuple[str, ...] = (
    _AT + "sudo:   deploy : TTY=pts/0 ; PWD=/srv/app ; USER=root ; COMMAND=/usr/bin/systemctl restart app",
    _AT + "sudo: pam_unix(sudo:session): session opened for user root(uid=0) by deploy(uid=1000)",
    _AT + "su[77]: Successful su for postgres by root",
    _AT + "su: pam_unix(su:session): session closed for user postgres",
    _AT + "systemd-logind[420]: New session 42 of user deploy.",
    _AT + "systemd-logind[420]: Removed session 42.",
    _AT + "groupadd[55]: group added to /etc/group: name=app, GID=999",
    _AT + "chage[56]: changed password expiry for bob",
    _AT + "passwd[57]: password for 'bob' changed by 'root'",
    _AT
    + "polkitd(authority=local)[60]: Registered Authentication Agent for unix-process:77:1234 (system bus name :1.7)",
    'type=USER_AUTH msg=audit(1764357607.1:3): pid=1 uid=0 auid=1000 ses=2 msg=\'op=PAM:authentication acct="bob" exe="/usr/bin/sudo" res=success\'',
    'type=SYSCALL msg=audit(1764357607.1:4): arch=c000003e syscall=59 success=yes exit=0 comm="ls" exe="/usr/bin/ls"',
    _AT + "usermod[58]: add 'bob' to group 'audio'",
    _AT + "useradd[59]: failed adding user 'bob', exit code: 9",
    _AT + "sshd[61]: pam_unix(sshd:session): session opened for user bob(uid=1000) by (uid=0)",
    _AT + "gdm-password][62]: gkr-pam: unlocked login keyring",
)
