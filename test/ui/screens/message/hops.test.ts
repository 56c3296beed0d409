import { describe, expect, it } from 'vitest';
import { hopsOf, lasting, type Hop } from '../../../../ui/screens/message/hops.ts';

const received = (...values: string[]): Hop[] => hopsOf(values.map((value) => ({ name: 'Received', value })));

describe('a Received field of', () => {
  it.each<[string, string, Partial<Hop>]>([
    [
      'Gmail',
      'from mail-ej1-f41.google.com (mail-ej1-f41.google.com. [209.85.218.41]) by mx.google.com with ESMTPS id a1-20020a1709 for <jo@x.test> (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256); Mon, 02 Feb 2026 02:00:00 -0800 (PST)',
      {
        from: 'mail-ej1-f41.google.com (209.85.218.41)',
        by: 'mx.google.com',
        with: 'ESMTPS',
        tls: 'TLS 1.3, TLS_AES_256_GCM_SHA384',
        for: 'jo@x.test',
        at: Date.UTC(2026, 1, 2, 10),
      },
    ],
    [
      'Gmail within',
      'by 2002:a05:6a10:1234:b0:5b2:c1d with SMTP id x9csp123456pxb; Mon, 2 Feb 2026 02:00:01 -0800 (PST)',
      { from: null, by: '2002:a05:6a10:1234:b0:5b2:c1d', with: 'SMTP', tls: null, for: null, at: Date.UTC(2026, 1, 2, 10, 0, 1) },
    ],
    [
      'Postfix',
      'from web-1 (web-1.lan [10.0.0.5]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits)) (No client certificate requested) by mx1.shop.test (Postfix) with ESMTPS id 4XyZ12 for <jm@shop.test>; Mon,  2 Feb 2026 10:00:00 +0000 (UTC)',
      {
        from: 'web-1 (10.0.0.5)',
        by: 'mx1.shop.test',
        with: 'ESMTPS',
        tls: 'TLS 1.3, TLS_AES_256_GCM_SHA384',
        for: 'jm@shop.test',
        at: Date.UTC(2026, 1, 2, 10),
      },
    ],
    [
      'Postfix, by pickup',
      'by web-1.lan (Postfix, from userid 33) id 0A1B2C3D; Mon,  2 Feb 2026 10:00:00 +0000 (UTC)',
      { from: null, by: 'web-1.lan', with: null, tls: null },
    ],
    [
      'Exim',
      'from [192.0.2.1] (helo=web-1) by mx.example.org with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) (envelope-from <a@b.test>) id 1pXabc-0001 for jo@x.test; Mon, 02 Feb 2026 10:00:00 +0000',
      { from: '[192.0.2.1]', by: 'mx.example.org', with: 'esmtps', tls: 'TLS 1.3, TLS_AES_256_GCM_SHA384', for: 'jo@x.test' },
    ],
    [
      'Exchange',
      'from DB7PR01MB1234.eurprd01.prod.exchangelabs.com (2603:10a6:10:1::19) by AM0PR01MB5678.eurprd01.prod.exchangelabs.com (2603:10a6:208:2::20) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.9564.17 via Frontend Transport; Mon, 2 Feb 2026 10:00:00 +0000',
      {
        from: 'DB7PR01MB1234.eurprd01.prod.exchangelabs.com (2603:10a6:10:1::19)',
        by: 'AM0PR01MB5678.eurprd01.prod.exchangelabs.com',
        with: 'Microsoft SMTP Server',
        tls: 'TLS 1.2, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      },
    ],
    [
      'sendmail',
      'from localhost (localhost [127.0.0.1]) by mail.example.com (8.17.1/8.17.1) with ESMTPSA id 612A0xyz012345 (version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NO) for <jo@x.test>; Mon, 2 Feb 2026 10:00:00 GMT',
      { from: 'localhost (127.0.0.1)', by: 'mail.example.com', with: 'ESMTPSA', tls: 'TLS 1.3, TLS_AES_256_GCM_SHA384', for: 'jo@x.test' },
    ],
    [
      'sendmail, submitted',
      '(from root@localhost) by mail.example.com (8.14.4/8.14.4/Submit) id s1; Mon, 2 Feb 2026 10:00:00 +0100',
      { from: null, by: 'mail.example.com', with: null, at: Date.UTC(2026, 1, 2, 9) },
    ],
    [
      'qmail',
      'from unknown (HELO web-1) (192.0.2.7) by mx.example.org with SMTP; 2 Feb 2026 10:00:00 -0000',
      { from: 'unknown (192.0.2.7)', by: 'mx.example.org', with: 'SMTP', tls: null, at: Date.UTC(2026, 1, 2, 10) },
    ],
    [
      'a server that says only ESMTPS',
      'from a by b with UTF8SMTPS id 1; Mon, 2 Feb 2026 10:00:00 +0000',
      { tls: 'TLS', with: 'UTF8SMTPS' },
    ],
    ['a server without a date', 'from a by b', { from: 'a', by: 'b', at: null, delay: null }],
    ['a server with a date that is none', 'from a by b; yesterday', { from: 'a', at: null }],
    ['nobody', '', { from: null, by: null, with: null, tls: null, for: null, at: null, delay: null }],
    ['a joker', 'from (((((; by)', { from: null, at: null }],
  ])('%s', (_who, value, expected) => {
    expect(received(value)[0]).toMatchObject(expected);
  });
});

it('goes from the first server to the last, with what passed between them', () => {
  const at = (time: string, by: string): string => `from a by ${by}; Mon, 2 Feb 2026 ${time}`;
  expect(
    received(
      at('10:00:05 +0000', 'last'),
      'from a by undated',
      at('11:00:01 +0100', 'third'),
      at('10:00:03 +0000', 'second'),
      at('10:00:00 +0000', 'first'),
    ).map(({ by, delay }) => [by, delay]),
  ).toEqual([
    ['first', null],
    ['second', 3000],
    ['third', -2000],
    ['undated', null],
    ['last', null],
  ]);
});

it('takes no other field for a hop', () => {
  expect(
    hopsOf([
      { name: 'X-Received', value: 'by a' },
      { name: 'received', value: 'by b' },
    ]).map(({ by }) => by),
  ).toEqual(['b']);
});

it.each([
  [0, '0 s'],
  [2000, '2 s'],
  [125_000, '2 min 5 s'],
  [7_500_000, '2 h 5 min'],
  [86_400_000, '1 d'],
  [86_405_000, '1 d'],
])('%i ms lasts %s', (ms, expected) => {
  expect(lasting(ms)).toBe(expected);
});
