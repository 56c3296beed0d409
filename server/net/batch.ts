// Writes that leave together at the end of a turn of the event loop.

interface Sender {
  send(): void;
}

let senders: Sender[] = [];

function sendAll(): void {
  const batch = senders;
  senders = [];
  for (const sender of batch) sender.send();
}

/**
 * Has `sender` send when everybody whose input is here has been answered. A write wakes the process at the other end, which
 * costs more than the write itself: a client with several connections is so woken once, not once for each of them.
 */
export function sendAtEndOfTurn(sender: Sender): void {
  if (senders.push(sender) === 1) setImmediate(sendAll);
}
