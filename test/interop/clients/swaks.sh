#!/bin/bash
# swaks: SMTP transactions of many shapes. Needs Debian's swaks, libauthen-sasl-perl, libnet-ssleay-perl.
. "$(dirname "$0")/env.sh"
S="swaks --server $MAIL_HOST --port $SMTP_PORT --from a@example.test --to $MAIL_RCPT --timeout 10"
seed wipe || exit 1
T="sw$$"
t plain-ehlo      $S --header "Subject: $T"
t helo-smtp       $S --protocol SMTP --header "Subject: $T"
t pipelined       $S --pipeline --header "Subject: $T"
t null-sender     $S --from '<>' --header "Subject: $T"
t three-rcpts     $S --to "$MAIL_RCPT,b@sandbox.test,c@sandbox.test" --header "Subject: $T"
printf 'one\n.dot\n..dots\n.\nend\n' > "$W/body"
t dot-stuffing    $S --header "Subject: $T" --body "$W/body"
head -c 100000 /dev/urandom > "$W/bin"
t attachment      $S --header "Subject: $T" --attach "@$W/bin"
t quit-after-rcpt $S --quit-after RCPT
t quit-after-ehlo $S --quit-after EHLO
N=7
for m in PLAIN LOGIN CRAM-MD5 DIGEST-MD5; do
  $S --quit-after EHLO 2>&1 | grep -qiE "250.AUTH.* $m( |$)" || continue
  t auth-$m $S -a $m -au "$MAIL_USER" -ap "$MAIL_PASS" --header "Subject: $T"; N=$((N+1))
done
# Without Perl's Net::SSLeay it cannot do TLS at all.
if ! perl -MNet::SSLeay -e 1 2>/dev/null; then echo "left out: TLS, since there is no Net::SSLeay on this machine"; SMTPS_PORT=
elif $S --quit-after EHLO 2>&1 | grep -qi '250.STARTTLS'; then
  t starttls $S --tls --header "Subject: $T"; N=$((N+1))
  t starttls-auth $S --tls -a PLAIN -au "$MAIL_USER" -ap "$MAIL_PASS" --header "Subject: $T"; N=$((N+1))
fi
if [ -n "$SMTPS_PORT" ]; then t smtps $S --port $SMTPS_PORT --tlsc --header "Subject: $T"; N=$((N+1)); fi
t arrived seed wait $N INBOX "$T"
finish swaks "$N messages"
