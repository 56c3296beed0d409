// The name of a host as DNS and TLS carry it: in ASCII (RFC 5891).

import { domainToASCII } from 'node:url';

/** As it is where it has no other form, or none at all. */
export const asciiName = (name: string): string => (/^[\x00-\x7f]*$/.test(name) ? name : domainToASCII(name) || name);
