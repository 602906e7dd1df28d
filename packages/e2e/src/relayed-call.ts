import { fileURLToPath } from 'node:url';
import type { IceServersAnswer } from '@turn-router/contract/http';
import type { Browser, Page } from 'playwright-core';

export type CallReport = { received: string; candidateType?: string; relayProtocol?: string };

const script = fileURLToPath(new URL('call-page.js', import.meta.url));

/**
 * Connects two pages through relays only. Each page sends the other one message over a data channel. If the call fails, the function prints
 * the reason and calls once more, as applications do.
 *
 * @param origin the router's URL; the pages open `/livez` there
 * @param iceServers passed to both pages unchanged
 * @returns the message that each page received, and the kind of its local candidate
 */
export async function callThroughRelay(
  browser: Browser,
  origin: string,
  iceServers: IceServersAnswer['iceServers'],
): Promise<[CallReport, CallReport]> {
  try {
    return await callOnce(browser, origin, iceServers);
  } catch (error) {
    process.stdout.write(`a call failed, trying once more: ${String(error)}\n`);
    return callOnce(browser, origin, iceServers);
  }
}

async function callOnce(
  browser: Browser,
  origin: string,
  iceServers: IceServersAnswer['iceServers'],
): Promise<[CallReport, CallReport]> {
  const [caller, callee] = [await openPage(browser, origin), await openPage(browser, origin)];
  const offer = await inPage(caller, 'offer', iceServers);
  const answer = await inPage(callee, 'answer', iceServers, offer);
  await inPage(caller, 'accept', answer);
  const reports = await Promise.all([
    inPage<CallReport>(caller, 'talk', 'from the caller'),
    inPage<CallReport>(callee, 'talk', 'from the callee'),
  ]);
  await Promise.all([caller.close(), callee.close()]);
  return reports;
}

function inPage<T>(page: Page, step: string, ...args: unknown[]): Promise<T> {
  return page.evaluate<T>(`call.${step}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`);
}

async function openPage(browser: Browser, origin: string): Promise<Page> {
  const page = await browser.newPage();
  await page.addInitScript({ path: script });
  await page.goto(`${origin}/livez`);
  return page;
}
