import { describe, expect, test } from '@jest/globals';
import { formatApiKey } from '@turn-router/turn-credentials';
import fc from 'fast-check';
import { findMisplacedToken } from './misplaced-token.ts';

const key = formatApiKey('web', Buffer.alloc(32, 1));
const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.AAAA';
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const both = { apiKeys: true, jwts: true };

const forKey = 'The API key does not belong here: send "Authorization: Bearer <API key>"';
const forJwt = 'The JWT does not belong here: send "Authorization: Bearer <JWT>"';
const inUrl = 'Replace it, because URLs are logged';

describe('a misplaced token', () => {
  test.each<[string, headers: Record<string, string>, url: string, expected: string]>([
    ['a bare key', { authorization: key }, '/', `Authorization: ${forKey}`],
    ['the start of a key', { authorization: 'tr_web' }, '/', `Authorization: ${forKey}`],
    ['a key under another scheme', { authorization: `ApiKey ${key}` }, '/', `Authorization: ${forKey}`],
    ['a key as user of Basic', { authorization: basic(`${key}:`) }, '/', `Authorization: ${forKey}`],
    ['a key as password of Basic', { authorization: basic(`api:${key}`) }, '/', `Authorization: ${forKey}`],
    ['a bare JWT', { authorization: jwt }, '/', `Authorization: ${forJwt}`],
    ['a JWT under another scheme', { authorization: `JWT ${jwt}` }, '/', `Authorization: ${forJwt}`],
    ['a key in X-API-Key', { 'x-api-key': key }, '/', `x-api-key: ${forKey}`],
    ['two keys in X-API-Key', { 'x-api-key': `a, ${key}` }, '/', `x-api-key: ${forKey}`],
    ['a Bearer key in X-API-Key', { 'x-api-key': `Bearer ${key}` }, '/', `x-api-key: ${forKey}`],
    ['a JWT in X-API-Key', { 'x-api-key': jwt }, '/', `x-api-key: ${forJwt}`],
    ['a key in any field', { 'x-whatever': key }, '/', `x-whatever: ${forKey}`],
    ['a key with a parameter name', { authorization: `Token token="${key}"` }, '/', `Authorization: ${forKey}`],
    ['a key in quotes', { authorization: `"${key}"` }, '/', `Authorization: ${forKey}`],
    ['a key in angle brackets', { authorization: `<${key}>` }, '/', `Authorization: ${forKey}`],
    ['a key after a tab', { authorization: `Token\t${key}` }, '/', `Authorization: ${forKey}`],
    ['a key without a space', { authorization: `Bearer${key}` }, '/', `Authorization: ${forKey}`],
    [
      'a key as user of Digest',
      { authorization: `Digest username="${key}", realm="x"` },
      '/',
      `Authorization: ${forKey}`,
    ],
    ['a JWT in quotes', { authorization: `JWT "${jwt}"` }, '/', `Authorization: ${forJwt}`],
    ['a JWT with a parameter name', { authorization: `Token token=${jwt}` }, '/', `Authorization: ${forJwt}`],
    ['a quoted key in X-API-Key', { 'x-api-key': `"${key}"` }, '/', `x-api-key: ${forKey}`],
    ['a key in JSON', { 'x-api-key': JSON.stringify({ key }) }, '/', `x-api-key: ${forKey}`],
    [
      'a key in Proxy-Authorization',
      { 'proxy-authorization': basic(`x:${key}`) },
      '/',
      `proxy-authorization: ${forKey}`,
    ],
    ['a key in a parameter with brackets', {}, `/v1/region?a[b]=Bearer%20${key}`, `The query: ${forKey}. ${inUrl}`],
    ['a key without a parameter', {}, `/v1/region?${key}`, `The query: ${forKey}. ${inUrl}`],
    ['a key in a field whose name is a key', { [key.toLowerCase()]: key }, '/', `A header: ${forKey}`],
    ['a key in ?key=', {}, `/v1/region?key=${key}`, `The query: ${forKey}. ${inUrl}`],
    ['a key in ?apiKey=', {}, `/v1/region?a=b&apiKey=${key}`, `The query: ${forKey}. ${inUrl}`],
    ['a key in any parameter', {}, `/v1/region?whatever=${key}`, `The query: ${forKey}. ${inUrl}`],
    ['a JWT in ?access_token=', {}, `/v1/region?access_token=${jwt}`, `The query: ${forJwt}. ${inUrl}`],
    ['a JWT without a space', { authorization: `Bearer${jwt}` }, '/', `Authorization: ${forJwt}`],
    ['a JWT of OAuth 1', { authorization: `OAuth oauth_token="${jwt}"` }, '/', `Authorization: ${forJwt}`],
    ['a JWT with a semicolon', { authorization: `Token ${jwt};` }, '/', `Authorization: ${forJwt}`],
    ['a JWT in JSON', { authorization: JSON.stringify({ jwt }) }, '/', `Authorization: ${forJwt}`],
    ['a JWT as password of Basic', { authorization: basic(`bearer:Bearer ${jwt}`) }, '/', `Authorization: ${forJwt}`],
    ['an encrypted JWT', { authorization: `${jwt}.AAAA.AAAA` }, '/', `Authorization: ${forJwt}`],
    ['a JWT in Token', { token: jwt }, '/', `token: ${forJwt}`],
    ['a JWT in X-Access-Token', { 'x-access-token': `Bearer ${jwt}` }, '/', `x-access-token: ${forJwt}`],
    ['a JWT in ID_Token', { id_token: jwt }, '/', `A header: ${forJwt}`],
    ['a Bearer JWT in ?token=', {}, `/v1/region?token=Bearer%20${jwt}`, `The query: ${forJwt}. ${inUrl}`],
    ['a JWT after a blank in ?token=', {}, `/v1/region?token=%20${jwt}`, `The query: ${forJwt}. ${inUrl}`],
    ['a JWT in ?id_token=', {}, `/v1/region?id_token=${jwt}`, `The query: ${forJwt}. ${inUrl}`],
    ['a JWT in ?auth=', {}, `/v1/region?auth=${jwt}`, `The query: ${forJwt}. ${inUrl}`],
    ['a JWT in any parameter', {}, `/v1/region?state=${jwt}`, `The query: ${forJwt}. ${inUrl}`],
    ['a JWT without a parameter', {}, `/v1/region?${jwt}`, `The query: ${forJwt}. ${inUrl}`],
    ['an encoded JWT', {}, `/v1/region?a=%65yJ${jwt.slice(3)}`, `The query: ${forJwt}. ${inUrl}`],
  ])('is found: %s', (_, headers, url, expected) => {
    expect(findMisplacedToken({ headers, url }, both)).toBe(expected);
  });

  test.each<[string, headers: Record<string, string>, url: string]>([
    ['nothing', {}, '/v1/region'],
    ['Basic credentials of a proxy', { authorization: basic('user:pass') }, '/'],
    ['Basic without a value', { authorization: 'Basic ' }, '/'],
    ['a Turkish language tag', { 'accept-language': 'tr_TR,tr;q=0.9' }, '/'],
    ['a trace id', { 'x-trace-id': 'tr_1234' }, '/'],
    ['a JWT that a proxy adds', { 'cf-access-jwt-assertion': jwt, 'x-forwarded-access-token': jwt }, '/'],
    ['a cookie', { cookie: `session=${jwt}; key=${key}` }, '/'],
    ['the address of a page', { referer: `https://app.example.org/?key=${key}` }, '/'],
    ['a parameter of a page', {}, '/v1/region?lang=tr_TR&v=1'],
    ['a word that begins like a JWT', { authorization: 'Custom eyJhbGci.b' }, '/v1/region?v=eyJhbGci.b'],
  ])('is not: %s', (_, headers, url) => {
    expect(findMisplacedToken({ headers, url }, both)).toBeUndefined();
  });

  test.each<[string, accepted: typeof both, authorization: string]>([
    ['a key where only JWTs are accepted', { apiKeys: false, jwts: true }, key],
    ['a JWT where only keys are accepted', { apiKeys: true, jwts: false }, `JWT ${jwt}`],
  ])('is not: %s', (_, accepted, authorization) => {
    expect(findMisplacedToken({ headers: { authorization }, url: '/' }, accepted)).toBeUndefined();
  });

  // In quadratic time, these tests would take too long.
  test.each(['eyJ', 'eyJa.', '.eyJ.', 'a', '-.', 'tr_', 'Bearer '])('is sought in linear time in many %j', (part) => {
    const text = part.repeat(1_048_576 / part.length);
    const headers = { authorization: text, 'x-api-key': `${text} ${text}` };
    const expected = { 'eyJa.': `Authorization: ${forJwt}`, tr_: `Authorization: ${forKey}` }[part];
    expect(findMisplacedToken({ headers, url: `/?token=${text}&${text}` }, both)).toBe(expected);
  });

  test('never shows a value, wherever it is', () => {
    const place = fc.constantFrom('authorization', 'x-api-key', 'x-other', 'referer', key, key.toLowerCase());
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom(key, jwt, `Token ${key}`, basic(`${key}:${jwt}`), `${key}, ${key}`, basic(jwt)),
    );
    fc.assert(
      fc.property(fc.dictionary(place, value), fc.string(), value, (headers, name, parameter) => {
        const url = `/?${name}=${encodeURIComponent(parameter)}&${key}=${key}`;
        const said = findMisplacedToken({ headers, url }, both);
        expect(said).not.toContain(key.slice(-40));
        expect(said).not.toContain(jwt.slice(-20));
      }),
    );
  });
});
