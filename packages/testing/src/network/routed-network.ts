import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { RunningProcess } from '../process/start-process.ts';
import type { Network } from './enter-network.ts';
import { runIn, startHolder } from './network-holder.ts';

/** A host of the network, with its addresses. */
export type RoutedHost = Network & {
  readonly address: string;
  readonly ipv6: string;
  /** Runs a program on the host, and returns what it prints to stdout. */
  run(command: string, ...args: readonly string[]): Promise<string>;
  /** Replaces the firewall of the host: lines of chains of an nftables table `inet`. Without lines, everything passes. */
  setFirewall(...lines: readonly string[]): Promise<void>;
};

/** Hosts in different networks, and the router between them. Disposing removes them, as does the end of their processes. */
export interface RoutedNetwork extends AsyncDisposable {
  readonly hosts: readonly RoutedHost[];
  readonly router: RoutedHost;
}

/** Why this machine cannot have such a network; undefined if it can. */
export function whyNoRoutedNetwork(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  const directories = (process.env['PATH'] ?? '').split(':').concat('/usr/sbin', '/sbin');
  const missing = ['ip', 'nft', 'nsenter', 'unshare'].filter(
    (program) => !directories.some((directory) => existsSync(`${directory}/${program}`)),
  );
  if (missing.length > 0) return `needs the programs ${missing.join(', ')}`;
  // A container may forbid it, also to root.
  const trial = spawnSync('unshare', ['--net', '--mount', 'nft', 'list', 'ruleset'], { stdio: 'ignore' });
  return trial.status === 0 ? undefined : 'needs permission for namespaces';
}

/**
 * Starts hosts, each joined to a router by a veth pair. Their addresses are those of documents (RFC 5737, RFC 3849). The router forwards, so each
 * packet between two hosts loses one of its hops. Nothing of the machine's own network changes.
 *
 * @param count at most 60
 * @param options `withOwn`: the network of this process is the first host. It must be separate from that of the machine, as after `unshare --net`.
 */
export async function startRoutedNetwork(count: number, options: { withOwn?: boolean } = {}): Promise<RoutedNetwork> {
  const started: RunningProcess[] = [];
  const stop = () => Promise.all(started.map((holder) => holder.stop())).then(() => undefined);
  const hold = async (name: string): Promise<Network> => {
    const holder = await startHolder(name);
    started.push(holder);
    return holder;
  };
  try {
    const router = hostOf(await hold('router'), addressesOn(0, 'router'));
    const hosts: RoutedHost[] = [];
    for (let index = 0; index < count; index += 1) {
      const isOwn = index === 0 && options.withOwn === true;
      const network = isOwn ? { pid: process.pid } : await hold(`${index}`);
      const host = hostOf(network, addressesOn(index, 'host'));
      await join(host, router, `host${index}`, addressesOn(index, 'router'));
      hosts.push(host);
    }
    await router.run('sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1');
    return { hosts, router, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Addresses = Pick<RoutedHost, 'address' | 'ipv6'>;

/** The addresses of both ends of the cable to a host. */
function addressesOn(index: number, end: 'router' | 'host'): Addresses {
  const last = end === 'router' ? 1 : 2;
  return { address: `198.51.100.${4 * index + last}`, ipv6: `2001:db8:${index + 1}::${last}` };
}

function hostOf(holder: Network, { address, ipv6 }: Addresses): RoutedHost {
  const run = (command: string, ...args: readonly string[]) => runIn(holder, command, ...args);
  return {
    pid: holder.pid,
    address,
    ipv6,
    run,
    async setFirewall(...lines) {
      await run('nft', 'flush ruleset');
      if (lines.length > 0) await run('nft', `table inet test {\n${lines.join('\n')}\n}`);
    },
  };
}

/** Joins a host and the router by a cable. `at` has the addresses of the router on this cable. */
async function join(host: RoutedHost, router: RoutedHost, name: string, at: Addresses): Promise<void> {
  await router.run('ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(host.pid));
  for (const [on, link, { address, ipv6 }] of [
    [host, 'eth0', host],
    [router, name, at],
  ] as const) {
    await on.run('ip', 'address', 'add', `${address}/30`, 'dev', link);
    // Without `nodad` the address is not usable for a second.
    await on.run('ip', 'address', 'add', `${ipv6}/64`, 'dev', link, 'nodad');
    await on.run('ip', 'link', 'set', link, 'up');
    await on.run('ip', 'link', 'set', 'lo', 'up');
  }
  await host.run('ip', 'route', 'add', 'default', 'via', at.address);
  await host.run('ip', '-6', 'route', 'add', 'default', 'via', at.ipv6);
}
