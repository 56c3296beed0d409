// Ends of data for a server that is less strict than RFC 5321 §4.1.1.4; here none ends a message (CVE-2023-51764 and its kin).

export const NO_ENDINGS: readonly string[] = [
  '\n.\n',
  '\n.\r\n',
  '\r\n.\n',
  '\r.\r',
  '\r.\r\n',
  '\r\n.\r',
  '\n.\r',
  '\r.\n',
  '\r\n\0.\r\n',
  '\r\n.\0\r\n',
  '\r\n.\r\r\n',
  '\r\n.\n\r\n',
  '\n\n.\r\n',
  '\r\r\n.\n',
  '\r\n. \r\n',
];
