// Conversations as trees: by subject, or by references (RFC 5256 §3). Pure.

import { baseSubject } from './base-subject.ts';

/** A message as threading sees it. */
export interface Mail {
  /** What stands for it in the reply. */
  readonly number: number;
  /** Its place in the mailbox: decides among equals. */
  readonly order: number;
  /** ms. */
  readonly sentAt: number;
  /** Decoded. */
  readonly subject: string;
  readonly messageId: string | null;
  /** Of References, else the first of In-Reply-To; oldest first. */
  readonly references: readonly string[];
}

/** `mail` is null where others refer to a message that is not here. */
export interface Thread {
  mail: Mail | null;
  parent: Thread | null;
  children: Thread[];
}

const compareMails = (a: Mail, b: Mail): number => a.sentAt - b.sentAt || a.order - b.order;

const newThread = (mail: Mail | null): Thread => ({ mail, parent: null, children: [] });

function link(parent: Thread, child: Thread): void {
  unlink(child);
  child.parent = parent;
  parent.children.push(child);
}

function unlink(child: Thread): void {
  const { parent } = child;
  if (!parent) return;
  const at = parent.children.indexOf(child);
  if (at >= 0) parent.children.splice(at, 1);
  child.parent = null;
}

/** Whether a link from `parent` to `child` would make a circle. */
function within(parent: Thread, child: Thread): boolean {
  // Most are new and have nothing below them: a long conversation is not walked up for each of its messages.
  if (child.children.length === 0) return parent === child;
  for (let thread: Thread | null = parent; thread; thread = thread.parent) if (thread === child) return true;
  return false;
}

/** All below these, inner after outer; no recursion, since a conversation may be as deep as it is long. */
function* below(roots: readonly Thread[]): Generator<Thread> {
  const waiting = [...roots];
  for (let thread = waiting.pop(); thread; thread = waiting.pop()) {
    yield thread;
    for (const child of thread.children) waiting.push(child);
  }
}

/** What is done in many small steps, between which others may have their turn. */
type Steps<T> = Generator<void, T>;

/** Step 1: every message is below the last that it refers to. */
function* byReferences(mails: readonly Mail[]): Steps<Thread[]> {
  const byId = new Map<string, Thread>();
  const all: Thread[] = [];
  const known = (id: string): Thread => {
    const thread = byId.get(id) ?? newThread(null);
    if (!byId.has(id)) {
      byId.set(id, thread);
      all.push(thread);
    }
    return thread;
  };
  const own = (mail: Mail): Thread => {
    const there = mail.messageId === null ? null : known(mail.messageId);
    // Two messages of one id: the second counts as one without.
    if (there && !there.mail) {
      there.mail = mail;
      return there;
    }
    const thread = newThread(mail);
    all.push(thread);
    return thread;
  };
  for (const mail of mails) {
    yield;
    let before: Thread | null = null;
    for (const id of mail.references) {
      const thread = known(id);
      // What is linked already is not changed (1.A).
      if (before && !thread.parent && !within(before, thread)) link(before, thread);
      before = thread;
    }
    const thread = own(mail);
    // Its own word counts more than what others said of it (1.B).
    if (before && thread !== before && !within(before, thread)) link(before, thread);
    else if (!before) unlink(thread);
  }
  return all.filter(({ parent }) => !parent);
}

/** Step 3: what is not here goes, and its children take its place; a root stays for two or more. */
function* prune(roots: readonly Thread[]): Steps<Thread[]> {
  const inner = [...below(roots)].reverse(); // children before their parents
  for (const thread of inner) {
    yield;
    thread.children = thread.children.flatMap((child) => (child.mail ? [child] : child.children));
    for (const child of thread.children) child.parent = thread;
  }
  return roots.flatMap((root) => {
    if (root.mail || root.children.length > 1) return [root];
    for (const child of root.children) child.parent = null;
    return root.children;
  });
}

/** The earliest of a thread that is a dummy stands for it (step 4). */
const head = (thread: Thread): Mail | null => thread.mail ?? thread.children[0]?.mail ?? null;

function compareThreads(a: Thread, b: Thread): number {
  const [left, right] = [head(a), head(b)];
  return left && right ? compareMails(left, right) : Number(left === null) - Number(right === null);
}

/** Steps 4 and 6. */
function* sortAll(roots: Thread[]): Steps<Thread[]> {
  for (const thread of [...below(roots)].reverse()) {
    if (thread.children.length < 2) continue;
    yield;
    thread.children.sort(compareThreads);
  }
  return roots.sort(compareThreads);
}

/** Step 5: threads of one subject become one. */
function* gather(roots: readonly Thread[]): Steps<Thread[]> {
  const bySubject = new Map<string, Thread>();
  const subjectOf = (thread: Thread) => baseSubject(head(thread)?.subject ?? '');
  const isReply = (thread: Thread): boolean => subjectOf(thread).isReply;
  const keyOf = (thread: Thread): string => subjectOf(thread).base.toUpperCase();
  for (const root of roots) {
    yield;
    const key = keyOf(root);
    const there = bySubject.get(key);
    if (key === '') continue;
    // A dummy, or one that is no reply, is the better one to be found (5.B.II).
    if (!there || (!root.mail && there.mail) || (there.mail && isReply(there) && !isReply(root))) bySubject.set(key, root);
  }
  const gone = new Set<Thread>();
  const kept: Thread[] = [...roots];
  for (const root of roots) {
    yield;
    const there = bySubject.get(keyOf(root));
    if (!there || there === root) continue;
    gone.add(root);
    if (!there.mail && !root.mail) for (const child of [...root.children]) link(there, child);
    else if (!there.mail || (isReply(root) && !isReply(there))) link(there, root);
    else {
      // Neither is the other's reply: they become siblings (5.C).
      const dummy = newThread(null);
      gone.add(there);
      kept.push(dummy);
      bySubject.set(keyOf(root), dummy);
      link(dummy, there);
      link(dummy, root);
    }
  }
  return kept.filter((root) => !gone.has(root));
}

/** REFERENCES. */
export function* threadByReferences(mails: readonly Mail[]): Steps<Thread[]> {
  const roots = yield* prune(yield* byReferences(mails));
  return yield* sortAll(yield* gather(yield* sortAll(roots)));
}

/** ORDEREDSUBJECT: one level, the first message of a subject above all others. */
export function* threadBySubject(mails: readonly Mail[]): Steps<Thread[]> {
  const bySubject = new Map<string, Thread>();
  const roots: Thread[] = [];
  for (const mail of [...mails].sort(compareMails)) {
    yield;
    const key = baseSubject(mail.subject).base.toUpperCase();
    const root = bySubject.get(key);
    if (root) link(root, newThread(mail));
    else {
      const thread = newThread(mail);
      bySubject.set(key, thread);
      roots.push(thread);
    }
  }
  return roots;
}

interface Task {
  readonly thread: Thread;
  readonly open: boolean;
}

/** `(3 6 (4 23)(44 7 96))`: one after the other as long as there is one reply, then each in parentheses. */
export function formatThreads(roots: readonly Thread[]): string {
  const parts: string[] = [];
  const waiting: (Task | ')')[] = roots.map((thread): Task => ({ thread, open: true })).reverse();
  for (let task = waiting.pop(); task !== undefined; task = waiting.pop()) {
    if (task === ')') {
      parts.push(')');
      continue;
    }
    const { thread, open } = task;
    if (open) {
      parts.push('(');
      waiting.push(')');
    }
    const several = thread.children.length > 1;
    // A dummy has no number before its children, and so no space.
    if (thread.mail) parts.push(parts.at(-1) === '(' ? '' : ' ', `${thread.mail.number}`, several ? ' ' : '');
    for (let i = thread.children.length - 1; i >= 0; i--) waiting.push({ thread: thread.children[i] as Thread, open: several });
  }
  return parts.join('');
}
