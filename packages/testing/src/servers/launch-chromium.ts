import { chromium, type Browser } from 'playwright-core';

/** Starts Debian's Chromium without a window. WebRTC may use loopback addresses, and only the page uses the network. */
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
