import { chromium, type Browser } from 'playwright-core';

/** Debian's Chromium without a window; WebRTC may use loopback addresses, and nothing but the page asks the network. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--allow-loopback-in-peer-connection',
    ],
  });
}
