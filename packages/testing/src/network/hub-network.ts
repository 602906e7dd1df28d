import { readFile } from 'node:fs/promises';
import { startProcess, type ProcessOptions, type RunningProcess } from '../process/start-process.ts';
import { enterNetwork, type Network } from './enter-network.ts';
import { runIn, startHolder } from './network-holder.ts';

/** A host with one cable to the hub. */
export type HubHost = Network & {
  readonly address: string;
  /** The address of the hub on this cable. */
  readonly hubAddress: string;
  /** An address of the hub at which other hosts find this host, if a program on the hub forwards. */
  readonly publishedAddress: string;
};

/** Hosts that reach each other only through programs on the hub. Disposing removes them, as does the end of their processes. */
export interface HubNetwork extends AsyncDisposable {
  readonly hosts: readonly HubHost[];
  /** Starts a program on the hub. */
  startOnHub(options: ProcessOptions): Promise<RunningProcess>;
}

/**
 * Starts a hub and `count` hosts, each joined to it by a veth pair. The kernel forwards nothing, so a program on the hub decides what passes, and how
 * late. Nothing of the machine's own network changes. For what it needs, see `whyNoRoutedNetwork`.
 */
export async function startHubNetwork(count: number): Promise<HubNetwork> {
  const hub = await startHolder('hub');
  const holders = [hub];
  const stop = () => Promise.all(holders.map((holder) => holder.stop())).then(() => undefined);
  try {
    await runIn(hub, 'ip', 'link', 'set', 'lo', 'up');
    await runIn(hub, 'sysctl', '-qw', 'net.ipv4.ip_forward=0');
    const hosts: HubHost[] = [];
    for (let index = 1; index <= count; index += 1) {
      const holder = await startHolder(`${index}`);
      holders.push(holder);
      const host = {
        pid: holder.pid,
        address: `10.17.${index}.2`,
        hubAddress: `10.17.${index}.1`,
        publishedAddress: `203.0.113.${index}`,
      };
      await join(hub, host, `host${index}`);
      hosts.push(host);
    }
    return {
      hosts,
      startOnHub({ command, args = [], ...options }) {
        const [program = '', ...words] = [...enterNetwork(hub), command, ...args];
        return startProcess({ ...options, command: program, args: words });
      },
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function join(hub: Network, host: HubHost, link: string): Promise<void> {
  await runIn(hub, 'ip', 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', `${host.pid}`);
  await runIn(hub, 'ip', 'address', 'add', `${host.hubAddress}/24`, 'dev', link);
  await runIn(hub, 'ip', 'link', 'set', link, 'up');
  await runIn(hub, 'ip', 'address', 'add', `${host.publishedAddress}/32`, 'dev', 'lo');
  await runIn(host, 'ip', 'address', 'add', `${host.address}/24`, 'dev', 'eth0');
  await runIn(host, 'ip', 'link', 'set', 'eth0', 'up');
  await runIn(host, 'ip', 'link', 'set', 'lo', 'up');
  await runIn(host, 'ip', 'route', 'add', 'default', 'via', host.hubAddress);
}

/** The bytes that the host has received and sent over its cable, with the headers of IP and Ethernet. */
export async function cableBytes({ pid }: Network): Promise<{ readonly received: number; readonly sent: number }> {
  const counters = /eth0: *(.*)/.exec(await readFile(`/proc/${pid}/net/dev`, 'utf8'))?.[1] ?? '';
  const [received = 0, , , , , , , , sent = 0] = counters.split(/ +/).map(Number);
  return { received, sent };
}
