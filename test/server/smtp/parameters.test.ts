// Parameters of MAIL and RCPT as tables.

import { describe, expect, it } from 'vitest';
import { readMailParameters, readRcptParameters } from '../../../server/smtp/parameters.ts';
import type { EnvelopeDraft, RecipientDraft } from '../../../server/smtp/parameters.ts';

const bare: EnvelopeDraft = { sender: '', recipients: [] };

describe('parameters of MAIL', () => {
  it.each([
    ['', {}],
    ['SIZE=0', { size: 0 }],
    ['size=1000 body=8bitmime', { size: 1000, body: '8BITMIME' }],
    ['BODY=7BIT\tSMTPUTF8', { body: '7BIT', smtputf8: true }],
    ['RET=full ENVID=a+3Db', { ret: 'FULL', envid: 'a=b' }],
    ['AUTH=<>', { auth: '<>' }],
    ['AUTH=jo+40shop.test', { auth: 'jo@shop.test' }],
    [`ENVID=${'x'.repeat(100)}`, { envid: 'x'.repeat(100) }],
  ])('%j are read', (text, wanted) => {
    const draft = { ...bare };
    expect(readMailParameters(draft, text)).toBe(null);
    expect(draft).toEqual({ ...bare, ...wanted });
  });

  it.each([
    ['X', 555],
    ['X=1', 555],
    ['CONSTRUCTOR', 555],
    ['SIZE=-1', 501],
    ['SIZE=1.5', 501],
    [`SIZE=${'9'.repeat(21)}`, 501],
    ['SIZE=1 size=1', 501],
    ['BODY', 501],
    ['SMTPUTF8=', 501],
    ['ENVID=', 501],
    [`ENVID=${'x'.repeat(101)}`, 501],
    ['AUTH', 501],
    ['-X=1', 501],
    ['SIZE=1=2', 501],
    ['ENVID=a\u0000b', 501],
  ])('%j are refused with %i', (text, code) => {
    expect(readMailParameters({ ...bare }, text)?.code).toBe(code);
  });
});

describe('parameters of RCPT', () => {
  it.each([
    ['', {}],
    ['NOTIFY=never', { notify: ['NEVER'] }],
    ['NOTIFY=SUCCESS,FAILURE,DELAY', { notify: ['SUCCESS', 'FAILURE', 'DELAY'] }],
    ['ORCPT=rfc822;jo+2Btag@shop.test', { orcpt: 'rfc822;jo+tag@shop.test' }],
    ['ORCPT=utf-8;j\\x{F6}rg@shop.test', { orcpt: 'utf-8;jörg@shop.test' }],
    ['ORCPT=utf-8;jörg@shop.test', { orcpt: 'utf-8;jörg@shop.test' }],
  ])('%j are read', (text, wanted) => {
    const draft: RecipientDraft = { address: 'b@shop.test' };
    expect(readRcptParameters(draft, text)).toBe(null);
    expect(draft).toEqual({ address: 'b@shop.test', ...wanted });
  });

  it.each([
    ['NOTIFY=NEVER,DELAY', 501],
    ['NOTIFY=SOMETIMES', 501],
    ['NOTIFY=SUCCESS,', 501],
    ['NOTIFY', 501],
    ['ORCPT=jo@shop.test', 501],
    ['ORCPT=rfc822;', 501],
    [`ORCPT=rfc822;${'x'.repeat(501)}`, 501],
    ['RET=FULL', 555],
  ])('%j are refused with %i', (text, code) => {
    expect(readRcptParameters({ address: 'b@shop.test' }, text)?.code).toBe(code);
  });
});
