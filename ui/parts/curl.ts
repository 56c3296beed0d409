// A call of the API, for a shell of Unix.

export const curl = (url: string, body: unknown, method = ''): string =>
  `curl ${method && `-X ${method} `}${url} -H 'content-type: application/json' -d '${JSON.stringify(body).replaceAll("'", String.raw`'\''`)}'`;
