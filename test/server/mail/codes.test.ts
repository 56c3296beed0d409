// Which digits and letters of a message are a one-time code, and which are not.

import { describe, expect, test } from 'vitest';
import { codesIn } from '../../../server/mail/codes.ts';

const CODES: readonly (readonly [text: string, ...codes: string[]])[] = [
  ['Your code is 482913', '482913'],
  ['Your verification code is:\n\n    482 913\n\nIt expires in 10 minutes.', '482913'],
  ['482913 is your Acme code', '482913'],
  ['G-482913 is your Google verification code.', 'G-482913'],
  ['Use 7734 to verify your phone', '7734'],
  ['Enter 4821 as your PIN.', '4821'],
  ['OTP: 90210', '90210'],
  ['OTP:90210', '90210'],
  ['確認コードは553201です', '553201'],
  ['One-time password: 12 34 56', '123456'],
  ['Your security code\n482-913', '482913'],
  ['Login code: 1234-5678', '12345678'],
  ['Here is the passcode you asked for: K7XQ2M', 'K7XQ2M'],
  ['Your confirmation code is A1B2-C3D4', 'A1B2-C3D4'],
  ['Your code is 2024', '2024'],
  ['Ihr Bestätigungscode lautet 774021.', '774021'],
  ['Ihr Einmalpasswort: 774 021', '774021'],
  ['Tu código de verificación es 553201', '553201'],
  ['Il tuo codice è 553201', '553201'],
  ['Votre code de connexion : 553201', '553201'],
  ['Seu código é 55320', '55320'],
  ['Ваш код подтверждения: 553201', '553201'],
  ['確認コード：553201', '553201'],
  ['確認コードは 553201 です', '553201'],
  ['您的验证码是553201，请勿泄露', '553201'],
  ['인증번호 [553201]를 입력하세요', '553201'],
  ['Your code: 4 8 2 9 1 3', '482913'],
  ['Your code is 482913. Order 20261124 is not affected.\nAcme, 1234 Main Street', '482913'],
  ['Order 55512 is confirmed. Your pickup code is 8841', '8841'],
  ['Recovery codes:\n11112222\n33334444\n55556666', '11112222', '33334444', '55556666'],
  ['Code 482913 (again: code 482913)', '482913'],
  ['Your code is １２３４５６', '123456'],
];

const NONE: readonly string[] = [
  'Hello Jo, your order has been sent.',
  'Order 482913 has been sent.',
  'Your order number is 482913. Use promo code at the checkout.',
  'Postal code: 10115',
  'ZIP code 90210',
  'Error code 5012 was returned.',
  'Use the discount code SAVE2026 for 20% off',
  'Call us: +1 555-123-4567 for your code',
  'Your code expires in 1440 minutes',
  'Verify your address: https://acme.test/verify/482913',
  'Verify it with jo482913@shop.test',
  'Total: $4829.13, see the code of conduct',
  'Copyright 2026. Verify your address with the button.',
  'Password changed on 24.11.2026 at 10:30',
  'Invoice no. 482913: PIN pad rental',
  'Tracking number 4829134 - QR code inside',
  'Your code has 6 digits and 1000 characters',
  'The card ending in 4242 was verified. Your bill: 4829 EUR',
  'IP 192.168.10.25 asked for a code',
  'The year 2024 had many code changes',
];

describe('a one-time code is found', () => {
  test.each(CODES)('%s', (text, ...codes) => {
    expect(codesIn(text)).toEqual(codes);
  });
});

describe('what is called something else is no code', () => {
  test.each(NONE)('%s', (text) => {
    expect(codesIn(text)).toEqual([]);
  });
});
