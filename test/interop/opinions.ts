// What another program says of the messages in fixtures/mail beside what we say: each difference must have its reason in a table.

/** Why the other says something else of that message, or of all (`*`), at the places that the pattern finds. */
export interface Reason {
  readonly message: string | RegExp;
  readonly place: RegExp;
  readonly why: string;
}

export interface Opinions {
  /** Compares what both say at one place of one message. */
  compare(message: string, place: string, ours: unknown, theirs: unknown): void;
  /** Prints the differences without a reason, and the reasons that nothing needed; the last line has the counts. */
  report(name: string): void;
}

const LONGEST = 400;

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, LONGEST);

export function createOpinions(reasons: readonly Reason[]): Opinions {
  const needed = new Set<Reason>();
  let [same, explained] = [0, 0];
  const unexplained: string[] = [];
  return {
    compare(message, place, ours, theirs) {
      if (JSON.stringify(ours) === JSON.stringify(theirs)) return void same++;
      const reason = reasons.find(
        (one) => (typeof one.message === 'string' ? one.message === message : one.message.test(message)) && one.place.test(place),
      );
      if (reason) {
        needed.add(reason);
        explained++;
      } else unexplained.push(`${message} ${place}\n  ours   ${shown(ours)}\n  theirs ${shown(theirs)}`);
    },
    report(name) {
      const idle = reasons.filter((reason) => !needed.has(reason));
      const lines = [
        ...unexplained,
        ...idle.map(({ message, place }) => `no difference needs the reason for ${String(message)} ${String(place)}`),
        ...reasons.filter((reason) => needed.has(reason)).map(({ message, place, why }) => `${String(message)} ${String(place)}: ${why}`),
        `${same} places are the same, ${explained} differ for a reason`,
        `${name}: ${same + explained} passed, ${unexplained.length + idle.length} failed`,
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    },
  };
}
