// Logging in by SASL (RFC 4422): one function for each mechanism, which asks and waits for the answer.

/** Who may log in. `null` for a wrong name or password; the name that the session then has otherwise. */
export interface Users {
  login(user: string, password: string): string | null;
}

/** Sends a challenge and gives the answer, both as the protocol carries them: base64. */
export type Ask = (challenge: string) => Promise<string>;

export type AuthFailure = 'unknown-mechanism' | 'cancelled' | 'bad-base64' | 'rejected';

export type AuthOutcome = { readonly user: string } | { readonly failure: AuthFailure };

/** `answer` sends a challenge and gives the decoded answer; the first one may have come with the command. */
type Mechanism = (answer: (challenge: string) => Promise<Buffer>, users: Users) => Promise<string | null>;

class Abandoned extends Error {
  readonly failure: AuthFailure;

  constructor(failure: AuthFailure) {
    super(failure);
    this.failure = failure;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(octets: Buffer): string | null {
  try {
    return utf8.decode(octets);
  } catch {
    return null;
  }
}

/** RFC 4616: authorization identity NUL name NUL password. Acting for somebody else is not offered. */
const plain: Mechanism = async (answer, users) => {
  const parts = textOf(await answer(''))?.split('\0');
  const [identity, name, password, more] = parts ?? [];
  if (name === undefined || password === undefined || more !== undefined) return null;
  return identity === '' || identity === name ? users.login(name, password) : null;
};

const login: Mechanism = async (answer, users) => {
  const name = textOf(await answer('Username:'));
  const password = textOf(await answer('Password:'));
  return name === null || password === null ? null : users.login(name, password);
};

const MECHANISMS: ReadonlyMap<string, Mechanism> = new Map([
  ['PLAIN', plain],
  ['LOGIN', login],
]);

/** In the order of preference. */
export const mechanismNames: readonly string[] = [...MECHANISMS.keys()];

function decode(answer: string): Buffer {
  if (answer === '*') throw new Abandoned('cancelled');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(answer)) throw new Abandoned('bad-base64');
  return Buffer.from(answer, 'base64');
}

/**
 * `initial` is the initial response as it stood in the command, null where there was none; `=` is an empty one (RFC 4954 §4).
 * What `ask` throws (the connection ended) is passed on.
 */
export async function authenticate(mechanism: string, initial: string | null, ask: Ask, users: Users): Promise<AuthOutcome> {
  const run = MECHANISMS.get(mechanism.toUpperCase());
  if (run === undefined) return { failure: 'unknown-mechanism' };
  let early = initial === '=' ? '' : initial;
  try {
    const user = await run(async (challenge) => {
      const reply = early ?? (await ask(Buffer.from(challenge).toString('base64')));
      early = null;
      return decode(reply);
    }, users);
    return user === null ? { failure: 'rejected' } : { user };
  } catch (error) {
    if (error instanceof Abandoned) return { failure: error.failure };
    throw error;
  }
}
