const routeIsUp = 0x1;

/**
 * Finds the interface of the default route in the texts of /proc/net/route and /proc/net/ipv6_route (proc_net(5)). If there are several default
 * routes, IPv4 comes before IPv6, and then the lowest metric is chosen. Undefined without a default route.
 */
export function defaultInterface(ipv4Routes: string, ipv6Routes: string): string | undefined {
  const candidates = [...ipv4Defaults(ipv4Routes), ...ipv6Defaults(ipv6Routes)];
  return candidates.toSorted((a, b) => a.family - b.family || a.metric - b.metric)[0]?.name;
}

type Candidate = { readonly family: 4 | 6; readonly name: string; readonly metric: number };

/** Columns: interface, destination, gateway, flags (hex), references, use, metric (decimal), mask … */
function ipv4Defaults(text: string): Candidate[] {
  return rows(text).flatMap(([name = '', destination, , flags = '', , , metric = '', mask]) =>
    destination === '00000000' && mask === '00000000' && isUsable(name, flags)
      ? [{ family: 4, name, metric: Number(metric) }]
      : [],
  );
}

/** Columns: destination, its prefix length (hex), source, its length, next hop, metric (hex), references, use, flags (hex), interface */
function ipv6Defaults(text: string): Candidate[] {
  return rows(text).flatMap(([destination = '', prefix, , , , metric = '', , , flags = '', name = '']) =>
    /^0{32}$/.test(destination) && prefix === '00' && isUsable(name, flags)
      ? [{ family: 6, name, metric: Number.parseInt(metric, 16) }]
      : [],
  );
}

function isUsable(name: string, flags: string): boolean {
  // lo is the interface of the "unreachable" default route that the kernel adds for IPv6.
  return name !== 'lo' && (Number.parseInt(flags, 16) & routeIsUp) !== 0;
}

function rows(text: string): string[][] {
  return text.split('\n').map((line) => line.trim().split(/\s+/));
}
