import type { PrometheusSample } from './ask-prometheus.ts';

/**
 * The figure of each address that the samples name. A sample names its address by the label `instance`, as `host` or `host:port`, else
 * by any label whose value is the address, as in the older balancer. If several samples name one address, the largest counts, such as the
 * larger direction. A value that is not a number, or is below 0, is ignored.
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
