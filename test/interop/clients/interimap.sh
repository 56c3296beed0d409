#!/bin/bash
# InterIMAP: two accounts of the server kept equal by QRESYNC: new mail, flags, folders and removals both ways; COMPRESS.
. "$(dirname "$0")/env.sh"
: "${MAIL_USER2:=second@sandbox.test}" "${MAIL_PASS2:=$MAIL_PASS}"
export HOME="$W" XDG_CONFIG_HOME="$W" XDG_DATA_HOME="$W"; mkdir -m 700 -p "$W/interimap"
BOX="ii-$$"; T="ii$$"
side() { printf '[%s]\ntype = imap\nhost = %s\nport = %s\nusername = %s\npassword = %s\nSTARTTLS = NO\ncompress = %s\n\n' "$1" "$MAIL_HOST" "$IMAP_PORT" "$2" "$3" "$4"; }
{ printf 'database = %s/sync.db\nlist-mailbox = INBOX %s\n\n' "$W" "$BOX"; side local "$MAIL_USER2" "$MAIL_PASS2" NO; side remote "$MAIL_USER" "$MAIL_PASS" YES; } > "$W/interimap/config"
I() { interimap --config="$W/interimap/config"; }
second() { MAIL_USER="$MAIL_USER2" MAIL_PASS="$MAIL_PASS2" seed "$@"; }
seed wipe; second wipe; seed send 20 "$T"; seed wait 20 INBOX "$T"
t sync1 I
is pulled "$(second count)" 20
is same-flags "$(second flags INBOX)" "$(seed flags INBOX)"
python3 - <<P
import sys; sys.path.insert(0, '$HERE'); import seed
m = seed.imap(); m.create('$BOX'); m.append('$BOX', r'(\Seen)', None, seed.msg('$T-box', 1).as_bytes())
m.select('INBOX'); m.store('1:2', '+FLAGS', r'(\Flagged)'); m.store('3', '+FLAGS', r'(\Deleted)'); m.expunge(); m.logout()
P
MAIL_USER="$MAIL_USER2" MAIL_PASS="$MAIL_PASS2" python3 - <<P
import sys; sys.path.insert(0, '$HERE'); import seed
m = seed.imap(); m.select('INBOX'); m.store('5', '+FLAGS', r'(\Seen \$Forwarded)'); m.store('20', '+FLAGS', r'(\Deleted)'); m.expunge()
m.append('INBOX', r'(\Draft)', None, seed.msg('$T-near', 1).as_bytes()); m.logout()
P
t sync2 I
is removed-both-ways "$(seed count) $(second count)" "19 19"
is flags-both-ways "$(second flags INBOX)" "$(seed flags INBOX)"
is flagged "$(second flags INBOX | grep -o Flagged | wc -l)" 2
is folder "$(second count $BOX)" 1
is folder-flags "$(second flags $BOX)" "['\\\\Seen']"
t sync3-idle I
is stable "$(seed count) $(second count)" "19 19"
seed send 3 "$T-c"; seed wait 22 INBOX
t sync4 I
is all-there "$(second count)" 22
seed rmbox $BOX; second rmbox $BOX
finish interimap
