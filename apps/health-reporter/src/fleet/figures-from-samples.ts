import type { PrometheusSample } from './ask-prometheus.ts';

/**
 * Returns the figure of each address.
 *
 * - The label `instance` of a sample has the address, as `host` or `host:port`. If this label matches no address, any other label may have the
 *   address, as in the older load balancer.
 * - If several samples have the same address, the largest value is used, such as the larger direction of traffic.
 * - A value that is not a number, or is below 0, is ignored.
 */
export function figuresFromSamples(
  samples: readonly PrometheusSample[],
  addresses: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const figures = new Map<string, number>();
  for (const { labels, value } of samples) {
    const address = addressOf(labels, addresses);
    if (address === undefined || !Number.isFinite(value) || value < 0) continue;
    figures.set(address, Math.max(value, figures.get(address) ?? 0));
  }
  return figures;
}

function addressOf(labels: PrometheusSample['labels'], addresses: ReadonlySet<string>): string | undefined {
  const instance = labels['instance'] ?? '';
  // `[2001:db8::1]:9100` or `10.0.0.1:9100`; an IPv6 address without brackets has no port.
  const host = /^\[(.+)\](?::\d+)?$/.exec(instance)?.[1] ?? /^([^:]+):\d+$/.exec(instance)?.[1];
  return [instance, host, ...Object.values(labels)].find((name) => name !== undefined && addresses.has(name));
}
