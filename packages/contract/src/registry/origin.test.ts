import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findOriginFault, originSchema } from './origin.ts';

describe('an origin', () => {
  test.each([
    'https://app.example.org',
    'http://localhost:3000',
    'https://tauri.localhost',
    'https://app.example.org:8443',
    'https://xn--bcher-kva.example',
    'http://[2001:db8::1]:8080',
    'http://192.0.2.7',
    'https://*.example.org',
    'https://*.staging.example.org:8443',
    'capacitor://localhost',
    'ionic://localhost',
    'tauri://localhost',
    'app://localhost',
    'app://.',
    'chrome-extension://cjpalhdlnbpafiamejdnhcphjbkeiagm',
    'moz-extension://5b1a7d3e-1c2d-4f6a-9f56-0d6e8b1c2a3b',
    'safari-web-extension://6F2B0E5A-1C2D-4F6A-9F56-0D6E8B1C2A3B',
  ])('can be %s', (text) => {
    expect(findOriginFault(text)).toBeUndefined();
    expect(originSchema.safeParse(text).success).toBe(true);
  });

  test.each([
    ['https://app.example.org/', 'write https://app.example.org'],
    ['https://app.example.org/call?x#y', 'write https://app.example.org'],
    ['https://App.Example.org', 'write https://app.example.org'],
    ['HTTPS://app.example.org', 'write https://app.example.org'],
    ['https://app.example.org:443', 'write https://app.example.org'],
    ['http://app.example.org:80', 'write http://app.example.org'],
    ['https://app.example.org:08443', 'write https://app.example.org:8443'],
    ['https://bücher.example', 'write https://xn--bcher-kva.example'],
    ['https://user:hush@app.example.org', 'write https://app.example.org'],
    ['http://127.1:80', 'write http://127.0.0.1'],
    ['https://*.Example.org:443/', 'write https://*.example.org'],
    ['Capacitor://localhost/', 'write capacitor://localhost'],
    ['tauri://localhost/index.html', 'write tauri://localhost'],
    ['app.example.org', 'the scheme is missing: write https://app.example.org'],
    ['*.example.org', 'the scheme is missing: write https://*.example.org'],
    ['localhost:3000', 'the scheme is missing: write http://localhost:3000'],
    ['wss://app.example.org', 'a WebSocket has the origin of its page: write https://app.example.org'],
    ['ws://app.example.org:80/x', 'a WebSocket has the origin of its page: write http://app.example.org'],
  ])('%s can never match: %s', (text, fault) => {
    expect(findOriginFault(text)).toBe(`Invalid origin: ${fault}`);
  });

  const unsafe =
    'many unrelated pages send the origin "null", such as files and sandboxed frames: serve the page over https, and write its origin';
  const place = 'a wildcard must be the whole first label of an http or https name, such as https://*.example.org';
  const labels = 'a wildcard needs at least two labels after it, such as https://*.example.org';
  test.each([
    ['null', unsafe],
    ['file://', unsafe],
    ['file:///index.html', unsafe],
    ['data:text/html,x', unsafe],
    ['about:blank', unsafe],
    ['*', 'this would allow every page: write each origin, or a wildcard such as https://*.example.org'],
    ['https://*', labels],
    ['https://*.org', labels],
    ['https://*.localhost', labels],
    ['https://*.org.', labels],
    ['https://*.192.0.2.7', 'a wildcard needs a name, not an address: write each origin'],
    ['https://app.*.org', place],
    ['https://*app.example.org', place],
    ['https://*.*.example.org', place],
    ['https://app.example.org:*', place],
    ['*://app.example.org', place],
    ['chrome-extension://*', place],
    ['', 'expected an origin such as https://app.example.org'],
    ['https://', 'expected an origin such as https://app.example.org'],
    ['https://a b.org', 'expected an origin such as https://app.example.org'],
    ['https://app.example.org:99999', 'expected an origin such as https://app.example.org'],
    ['capacitor://', 'expected an origin such as https://app.example.org'],
    ['app://a b', 'expected an origin such as https://app.example.org'],
    [`https://${'a'.repeat(300)}.org`, 'expected at most 300 characters'],
  ])('cannot be %j', (text, fault) => {
    expect(findOriginFault(text)).toBe(`Invalid origin: ${fault}`);
    expect(originSchema.safeParse(text).success).toBe(false);
  });

  test('what a fault suggests is accepted', () => {
    const texts = fc.oneof(
      fc.webUrl({ withQueryParameters: true, authoritySettings: { withPort: true, withUserInfo: true } }),
      fc.string(),
      fc.domain().map((name) => `HTTPS://*.${name}/`),
      fc.domain(),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const suggestion = /: write (?<origin>\S+:\/\/\S+)$/.exec(findOriginFault(text) ?? '')?.groups?.['origin'];
        expect(suggestion === undefined ? undefined : findOriginFault(suggestion)).toBeUndefined();
      }),
    );
  });
});
