#!/bin/bash
# OfflineIMAP: two-way sync with a Maildir: new mail, flags, folders and removals both ways, plain and by STARTTLS.
. "$(dirname "$0")/env.sh"
export HOME="$W"; BOX="oi-$$"; T="oi$$"; mkdir -p "$W/md"
rc() { # rc ssl-lines
cat > "$W/rc" <<R
[general]
accounts = a
metadata = $W/meta
socktimeout = 20

[Account a]
localrepository = near
remoterepository = far
utf8foldernames = yes

[Repository near]
type = Maildir
localfolders = $W/md

[Repository far]
type = IMAP
remotehost = $MAIL_HOST
remoteport = $IMAP_PORT
remoteuser = $MAIL_USER
remotepass = $MAIL_PASS
folderfilter = lambda name: name == 'INBOX' or name.startswith('$BOX')
$1
R
}
O() { offlineimap -c "$W/rc" -o -u quiet; }
left() { find "$W/md/$1/cur" "$W/md/$1/new" -type f 2>/dev/null | wc -l; }
seed wipe; seed send 20 "$T"; seed wait 20 INBOX "$T"
rc $'ssl = no\nstarttls = no'
t sync1 O
is pulled "$(left INBOX)" 20
python3 - "$W/md/INBOX" <<'P'
import os, sys
d = sys.argv[1]
files = sorted((s, f) for s in ('cur', 'new') for f in os.listdir(f'{d}/{s}'))
for (s, f), flags in zip(files, ('S', 'FS', 'RS')): os.rename(f'{d}/{s}/{f}', f'{d}/cur/' + f.split(':')[0] + ':2,' + flags)
for s, f in files[3:5]: os.remove(f'{d}/{s}/{f}')
P
mkdir -p "$W/md/$BOX/"{cur,new,tmp}
for i in 1 2 3; do printf 'From: a@b.test\nSubject: local %s\nMessage-ID: <l%s.%s@x.test>\nDate: Mon, 3 Aug 2026 10:00:00 +0000\n\nbody\n' $i $i $$ > "$W/md/$BOX/new/$i.$$.local"; done
t sync2 O
is expunged-remote "$(seed count)" 18
is flags-remote "$(seed flags INBOX | grep -o 'Seen' | wc -l)" 3
is pushed "$(seed count $BOX)" 3
python3 - <<P
import sys; sys.path.insert(0, '$HERE'); import seed
m = seed.imap(); m.select('INBOX'); m.store('1', '+FLAGS', r'(\Deleted)'); m.store('5:6', '+FLAGS', r'(\Flagged)'); m.expunge(); m.close(); m.logout()
P
seed send 2 "$T-b"; seed wait 19 INBOX
t sync3 O
is both-ways "$(left INBOX)" 19
is flagged-local "$(find "$W/md/INBOX" -name '*:2,*F*' | wc -l)" 3
t sync4-idle O
is stable "$(left INBOX)" 19
if [ "$TLS" = 1 ]; then
  rc $'ssl = no\nstarttls = yes\ncert_fingerprint = '"$(python3 - <<P
import hashlib, imaplib, ssl
m = imaplib.IMAP4('$MAIL_HOST', $IMAP_PORT); m.starttls(ssl._create_unverified_context())
print(hashlib.sha512(m.socket().getpeercert(True)).hexdigest()); m.logout()
P
)"
  seed send 1 "$T-c"; seed wait 20 INBOX
  # Its reader and its writer share one TLS object: now and then its first command after STARTTLS is never sent. Then once more.
  again() { O || O; }
  t starttls again
  is starttls-pulled "$(left INBOX)" 20
fi
seed rmbox $BOX
finish offlineimap
