// Faults that a sidecar does not see, because it probes its node over loopback. Each function breaks a node, and returns a function that mends it.
import { routedPorts } from '@turn-router/testing';

/** @typedef {import('@turn-router/testing').RoutedFleet} RoutedFleet */
/** @typedef {import('@turn-router/testing').RoutedNode} RoutedNode */
/** @typedef {(fleet: RoutedFleet, node: RoutedNode) => Promise<() => Promise<unknown>>} BreakNode */

const { turn, tls, relay } = routedPorts;
const relayPorts = `${relay.min}-${relay.max}`;

/** Adds rules to the firewall of a host. @param {import('@turn-router/testing').RoutedHost} host @param {string} chain */
async function addRules(host, chain) {
  rulesAdded += 1;
  const table = `fault${rulesAdded}`;
  await host.run('nft', `table inet ${table} {\n${chain}\n}`);
  return () => host.run('nft', 'delete', 'table', 'inet', table);
}
let rulesAdded = 0;

const forward = 'type filter hook forward priority 0;';

/** Adds rules that drop packets between others. @param {RoutedFleet} fleet @param {string} rules */
export function addForwardRules({ hop }, rules) {
  return addRules(hop, `chain between { ${forward} ${rules} }`);
}

/**
 * Callers get another certificate, as if a TLS terminator in front of the node had an old file. The sidecar probes the node behind it.
 *
 * @param {RoutedNode} node
 * @param {{certificateFile: string, privateKeyFile: string}} files
 */
async function serveCertificate(node, files) {
  const ports = { port: turn + 1000, tls: { port: tls + 1000, ...files }, relayPorts: { min: 20_100, max: 20_199 } };
  const second = await node.startSecondCoturn(ports);
  const chain = `chain front { type nat hook prerouting priority -100; tcp dport ${tls} redirect to :${tls + 1000}; }`;
  const remove = await addRules(node.host, chain);
  return () => remove().then(() => second.stop());
}

/** @type {Readonly<Record<string, {text: RegExp, breakNode: BreakNode}>>} */
export const faults = {
  'ttl-1': {
    text: /: udp 3478 timeout\)$/,
    breakNode: (_fleet, { host }) => {
      const ports = `{ ${turn}, ${tls}, ${relayPorts} }`;
      const rules = ['udp', 'tcp'].flatMap((protocol) =>
        ['ip ttl', 'ip6 hoplimit'].map((field) => `${protocol} sport ${ports} ${field} set 1;`),
      );
      return addRules(host, `chain out { type filter hook postrouting priority 0; ${rules.join(' ')} }`);
    },
  },
  'udp-blocked': {
    text: /: udp 3478 timeout\)$/,
    breakNode: (fleet, { host: { address, ipv6 } }) => {
      const rules = [`ip saddr ${address}`, `ip daddr ${address}`, `ip6 saddr ${ipv6}`, `ip6 daddr ${ipv6}`];
      return addForwardRules(fleet, rules.map((rule) => `${rule} meta l4proto udp drop;`).join(' '));
    },
  },
  'wrong-external-ip': {
    text: /: udp 3478 wrong_relay_address\)$/,
    breakNode: async (_fleet, node) => {
      await node.restartCoturn([`external-ip=203.0.113.77/${node.host.address}`]);
      return () => node.restartCoturn([]);
    },
  },
  'relay-ports-closed': {
    text: /: udp 3478 not_relayed\)$/,
    breakNode: (fleet, { host: { address, ipv6 } }) =>
      addForwardRules(
        fleet,
        `ip daddr ${address} udp dport ${relayPorts} drop; ip6 daddr ${ipv6} udp dport ${relayPorts} drop;`,
      ),
  },
  'chain-without-intermediate': {
    text: /: tls 5349 certificate_untrusted\)$/,
    breakNode: async ({ authority }, node) => {
      const { leafOnly, privateKeyFile } = await authority.sign({
        name: node.hostname,
        file: `${node.hostname}.short`,
      });
      return serveCertificate(node, { certificateFile: leafOnly, privateKeyFile });
    },
  },
  'certificate-expired': {
    text: /: tls 5349 certificate_expired\)$/,
    breakNode: async ({ authority }, node) => {
      const leaf = { name: node.hostname, file: `${node.hostname}.old`, madeAfterDays: -20 };
      const { full, privateKeyFile } = await authority.sign(leaf);
      return serveCertificate(node, { certificateFile: full, privateKeyFile });
    },
  },
  'name-missing-in-certificate': {
    text: /: tls 5349 certificate_wrong_name\)$/,
    breakNode: async ({ authority }, node) => {
      const leaf = { name: node.hostname, file: `${node.hostname}.other`, alternativeName: 'DNS:other.turn.test' };
      const { full, privateKeyFile } = await authority.sign(leaf);
      return serveCertificate(node, { certificateFile: full, privateKeyFile });
    },
  },
  'ipv6-broken': {
    text: /: udp 3478 ipv6 timeout\)$/,
    breakNode: (fleet, { host: { ipv6 } }) => addForwardRules(fleet, `ip6 saddr ${ipv6} drop; ip6 daddr ${ipv6} drop;`),
  },
};

/** @param {readonly RoutedNode[]} nodes @param {'address' | 'ipv6'} family */
function addressSet(nodes, family) {
  return `{ ${nodes.map(({ host }) => host[family]).join(', ')} }`;
}

/** Drops all packets between two halves of the nodes. @param {RoutedFleet} fleet @param {readonly RoutedNode[]} half */
export function separate(fleet, half) {
  const others = fleet.nodes.filter((node) => !half.includes(node));
  const rules = [
    [half, others],
    [others, half],
  ].flatMap(([from = [], to = []]) => [
    `ip saddr ${addressSet(from, 'address')} ip daddr ${addressSet(to, 'address')} drop;`,
    `ip6 saddr ${addressSet(from, 'ipv6')} ip6 daddr ${addressSet(to, 'ipv6')} drop;`,
  ]);
  return addForwardRules(fleet, rules.join(' '));
}
