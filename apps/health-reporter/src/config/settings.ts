import { leavingMaxSeconds, nodeIdSchema, nodeReportSchema, regionNameSchema } from '@turn-router/contract/registry';
import {
  decimal,
  explainName,
  logLevelSetting,
  turnNodeSettings,
  wholeNumber,
  type Settings,
} from '@turn-router/settings';
import { z } from 'zod';

const name = '1–63 characters of a–z, 0–9 and "-", not starting with "-"';
const absolutePath = z.string().regex(/^\/[^\0]{1,4095}$/);
const times = { expected: 'a whole number from 1 to 100', schema: wholeNumber(1, 100) };

/** Every setting and its default. No other file has defaults. */
export const settings = {
  REGION: {
    meaning: 'Region of the node. The policy must have a region with this name',
    expected: name,
    schema: regionNameSchema,
    explain: explainName,
    required: true,
  },
  NODE_ID: {
    meaning: 'Name of the node, unique in its region',
    expected: name,
    schema: nodeIdSchema,
    explain: explainName,
    required: true,
  },
  ZONE: {
    meaning:
      'Failure domain of the node, such as its availability zone. If a caller gets several nodes, they are in different zones. Unset: nodes of one network count as one zone',
    expected: '1–63 characters of letters, digits, ".", "_", ":" and "-", the first a letter or digit',
    schema: nodeReportSchema.shape.zone.unwrap(),
  },
  ...turnNodeSettings,
  REDIS_URL: {
    meaning: 'Redis server that receives the reports',
    expected:
      'one URL: redis://[user:password@]host[:port][/database], redis+sentinel:// or redis+cluster://; TLS: rediss',
    schema: z.string(),
    secret: true,
  },
  ROUTER_URL: {
    meaning: 'Router that receives the reports, instead of REDIS_URL',
    expected: 'an http:// or https:// URL without user, query and fragment',
    schema: z.string().refine(isBareHttpUrl),
    hidden: true,
  },
  REPORTER_TOKEN: {
    meaning: "The router's token for all reporters, or a token for this node. ROUTER_URL and PROBE_ROUTER_URL need it",
    expected: 'printable ASCII without spaces',
    schema: z.string().regex(/^[\x21-\x7e]+$/),
    secret: true,
  },
  PROBE_ROUTER_URL: {
    meaning:
      'With REDIS_URL and per-node secrets: router that signs credentials to probe other nodes. Needs REPORTER_TOKEN. Unset: the reporter proves nodes that refuse its keys by Binding requests only',
    expected: 'an http:// or https:// URL without user, query and fragment',
    schema: z.string().refine(isBareHttpUrl),
    hidden: true,
  },
  REPORT_INTERVAL_SECONDS: {
    meaning:
      'Interval between two reports, ±10 %. The TTL of a report is three intervals. With a shorter interval, failures are found sooner, but there are more probes',
    expected: 'a number from 0.1 to 60',
    schema: decimal(z.number().min(0.1).max(60)),
    default: '5',
  },
  BANDWIDTH_CAPACITY_MBPS: {
    meaning: 'Bandwidth that the node can carry in one direction, Mbit/s. Unset: the value of the policy',
    expected: 'a number above 0',
    schema: decimal(z.number().positive()),
  },
  NETWORK_INTERFACE: {
    meaning:
      'Interface whose traffic is reported. The traffic of several interfaces is summed. Unset: the interface of the default route. Without a default route, the reporter measures lo and warns',
    expected: 'names of interfaces, at most 15 characters each, separated by commas',
    schema: z
      .string()
      .regex(/^[^\s/,]{1,15}(,[^\s/,]{1,15})*$/)
      .transform((names) => [...new Set(names.split(','))]),
  },
  BANDWIDTH_WINDOW_SECONDS: {
    meaning:
      'Time over which the reported bandwidth is averaged. With a longer time, the figure is steadier, but shows a change later',
    expected: 'a number from 1 to 300',
    schema: decimal(z.number().min(1).max(300)),
    default: '5',
  },
  TURN_METRICS_URL: {
    meaning:
      'URL of the Prometheus exporter of coturn (http://127.0.0.1:9641/metrics) or eturnal, to count allocations. If it is unset, or while the exporter does not answer, the reporter counts the bound relay ports',
    expected: 'an http:// or https:// URL without user, query and fragment',
    schema: z.string().refine(isBareHttpUrl),
    hidden: true,
  },
  CPU_SCOPE: {
    meaning:
      'auto: CPU of the cgroup whose quota or cpuset limits the reporter, else CPU of the whole machine. machine: CPU of the whole machine; choose this if reporter and TURN server are in different cgroups',
    expected: 'auto or machine',
    schema: z.enum(['auto', 'machine']),
    default: 'auto',
  },
  PROBE_TIMEOUT_SECONDS: {
    meaning: 'Timeout of a probe. At most 0.8 intervals are used',
    expected: 'a number from 0.05 to 60',
    schema: decimal(z.number().min(0.05).max(60)),
    default: '2',
  },
  PROBE_PROOF: {
    meaning:
      "Result that a probe must show. relay: the server relays a datagram back to the probe. allocation: the server grants an allocation. Use allocation behind a NAT that does not return packets sent to the NAT's own address",
    expected: 'relay or allocation',
    schema: z.enum(['relay', 'allocation']),
    default: 'relay',
  },
  PROBE_PROOF_INTERVAL_SECONDS: {
    meaning:
      'Interval between two full proofs of a working transport. Probes in between send a Binding. A longer interval makes fewer test allocations. But the reporter notices later that a server refuses allocations',
    expected: 'a number from 0 to 3600',
    schema: decimal(z.number().min(0).max(3_600)),
    default: '10',
  },
  PROBE_SUCCESS_THRESHOLD: {
    meaning: 'Number of passed probes in a row that prove a transport',
    ...times,
    default: '1',
  },
  PROBE_FAILURE_THRESHOLD: {
    meaning:
      'Number of failed probes in a row after which a transport counts as not working. With a smaller number, a dead node is found sooner, but a lost packet can remove a node',
    ...times,
    default: '2',
  },
  HAND_OVER_SECONDS: {
    meaning:
      'Maximum time from SIGTERM to the first report after the restart. Until then routers keep the node while it answers STUN. With a longer time, a slow restart costs no calls. But the node serves longer without probes if the reporter does not start again',
    expected: `a number from 1 to ${leavingMaxSeconds}`,
    schema: decimal(z.number().min(1).max(leavingMaxSeconds)),
    default: '60',
  },
  DRAIN_ON_SIGTERM: {
    meaning:
      'true: SIGTERM means that the node leaves permanently, so the reporter drains it. false: SIGTERM means a restart, so the reporter keeps the record. Choose true if the TURN server always stops together with the reporter',
    expected: 'true or false',
    schema: z.enum(['true', 'false']).transform((value) => value === 'true'),
    default: 'false',
  },
  OUTSIDE_PROBES: {
    meaning:
      'true: the reporter also proves some other nodes as their callers use them, if the registry keeps proofs. Routers give no calls to a node that enough reporters cannot reach',
    expected: 'true or false',
    schema: z.enum(['true', 'false']).transform((text) => text === 'true'),
    default: 'true',
  },
  OUTSIDE_PROBE_INTERVAL_SECONDS: {
    meaning:
      'Interval between two probes of the same other node. All reporters of a fleet need the same value. With a shorter interval, failures are found sooner, but there are more probes',
    expected: 'a number from 5 to 30',
    schema: decimal(z.number().min(5).max(30)),
    default: '30',
  },
  DRAIN_SECONDS: {
    meaning:
      'Maximum time for allocations to end after SIGINT, or after SIGTERM with DRAIN_ON_SIGTERM=true. The reporter then removes the record and exits. The time must be shorter than the delay before SIGKILL',
    expected: 'a number from 2 to 86400',
    schema: decimal(z.number().min(2).max(86_400)),
    default: '8',
  },
  DRAIN_FILE: {
    meaning:
      "While this file exists, the node drains. After the drain, the reporter removes the node's record. Unset: no file is checked",
    expected: 'an absolute path',
    schema: absolutePath,
  },
  DRAIN_FILE_SECONDS: {
    meaning: 'Maximum time for allocations to end after DRAIN_FILE appears',
    expected: 'a number from 2 to 604800',
    schema: decimal(z.number().min(2).max(604_800)),
    default: '3600',
  },
  TURN_PID_FILE: {
    meaning:
      'Pid file of coturn (4.6.3 or later) in the same pid namespace. If set, coturn refuses new allocations after a drain, and exits when no allocation is left',
    expected: 'an absolute path',
    schema: absolutePath,
  },
  FLEET_FILE: {
    meaning:
      'YAML file with the nodes of a fleet to watch over the network. If set, REGION is the default region, and other settings of one node must be unset',
    expected: 'the path of a file',
    schema: z.string(),
  },
  WATCH_ID: {
    meaning:
      'Name of a fleet watch, only with FLEET_FILE. If set, the watch also proves nodes as their callers use them, under this name. No node and no other watch of the same region may have the name. Unset: the watch only probes its own nodes at their private addresses',
    expected: name,
    schema: nodeIdSchema,
    explain: explainName,
  },
  WATCH_REGION: {
    meaning: 'Region that the watch runs in, only with WATCH_ID. Default: REGION',
    expected: name,
    schema: regionNameSchema,
    explain: explainName,
  },
  LOG_LEVEL: logLevelSetting,
} as const satisfies Settings;

function isBareHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username + password + search + hash === '';
}
