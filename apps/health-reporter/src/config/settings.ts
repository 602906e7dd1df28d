import { nodeIdSchema, nodeReportSchema, regionNameSchema } from '@turn-router/contract/registry';
import { decimal, logLevelSetting, turnNodeSettings, wholeNumber, type Settings } from '@turn-router/settings';
import { z } from 'zod';

const name = '1–63 characters of a–z, 0–9 and "-", not starting with "-"';
const absolutePath = z.string().regex(/^\/[^\0]{1,4095}$/);
const times = { expected: 'a whole number from 1 to 100', schema: wholeNumber(1, 100) };

/** Every setting, with its one default. */
export const settings = {
  REGION: {
    meaning: 'Region of the node, as the policy names it',
    expected: name,
    schema: regionNameSchema,
    required: true,
  },
  NODE_ID: { meaning: 'Name of the node, unique in its region', expected: name, schema: nodeIdSchema, required: true },
  ZONE: {
    meaning:
      'Failure domain of the node, such as its availability zone. A caller gets several nodes from different zones. Unset: nodes of one network count as one zone',
    expected: '1–63 characters of letters, digits, ".", "_", ":" and "-", the first a letter or digit',
    schema: nodeReportSchema.shape.zone.unwrap(),
  },
  ...turnNodeSettings,
  REDIS_URL: {
    meaning: 'Registry to report to',
    expected:
      'one URL: redis://[user:password@]host[:port][/database], redis+sentinel:// or redis+cluster://; TLS: rediss',
    schema: z.string(),
    secret: true,
  },
  ROUTER_URL: {
    meaning: 'Router to report to, instead of REDIS_URL',
    expected: 'an http:// or https:// URL without user, query and fragment',
    schema: z.string().refine(isBareHttpUrl),
    hidden: true,
  },
  REPORTER_TOKEN: {
    meaning: "The router's token for reporters, or the node's own token; needed with ROUTER_URL",
    expected: 'printable ASCII without spaces',
    schema: z.string().regex(/^[\x21-\x7e]+$/),
    secret: true,
  },
  REPORT_INTERVAL_SECONDS: {
    meaning:
      'Interval between two reports, ±10 %; the TTL of a report is three intervals. Shorter: failures show sooner, but more probes',
    expected: 'a number from 0.1 to 60',
    schema: decimal(z.number().min(0.1).max(60)),
    default: '5',
  },
  BANDWIDTH_CAPACITY_MBPS: {
    meaning: 'Bandwidth that the node can carry in one direction, Mbit/s; unset: the value of the policy',
    expected: 'a number above 0',
    schema: decimal(z.number().positive()),
  },
  NETWORK_INTERFACE: {
    meaning:
      'Interface whose traffic is reported, or several, whose traffic is summed; unset: the interface of the default route, else lo',
    expected: 'names of interfaces, at most 15 characters each, separated by commas',
    schema: z
      .string()
      .regex(/^[^\s/,]{1,15}(,[^\s/,]{1,15})*$/)
      .transform((names) => [...new Set(names.split(','))]),
  },
  BANDWIDTH_WINDOW_SECONDS: {
    meaning: 'Time over which the reported bandwidth is averaged. Longer: steadier, but a change shows later',
    expected: 'a number from 1 to 300',
    schema: decimal(z.number().min(1).max(300)),
    default: '5',
  },
  TURN_METRICS_URL: {
    meaning:
      'Prometheus exporter of coturn (http://127.0.0.1:9641/metrics) or eturnal, whose gauge counts the allocations; unset, or while it does not answer: the bound relay ports are counted',
    expected: 'an http:// or https:// URL without user, query and fragment',
    schema: z.string().refine(isBareHttpUrl),
    hidden: true,
  },
  CPU_SCOPE: {
    meaning:
      "auto: CPU of the reporter's cgroup if a quota limits it, else of the machine. machine: always the machine, if reporter and TURN server have different cgroups",
    expected: 'auto or machine',
    schema: z.enum(['auto', 'machine']),
    default: 'auto',
  },
  PROBE_TIMEOUT_SECONDS: {
    meaning: 'Timeout of a probe; never more than 0.8 intervals',
    expected: 'a number from 0.05 to 60',
    schema: decimal(z.number().min(0.05).max(60)),
    default: '2',
  },
  PROBE_PROOF: {
    meaning:
      'Proof of a transport. relay: a datagram returns through its own allocation; allocation: a granted allocation is enough, for a NAT that does not return packets to its own address',
    expected: 'relay or allocation',
    schema: z.enum(['relay', 'allocation']),
    default: 'relay',
  },
  PROBE_PROOF_INTERVAL_SECONDS: {
    meaning:
      'Interval between two proofs of a working transport; probes in between send a Binding. Longer: fewer allocations, but a server that refuses or drains is noticed later',
    expected: 'a number from 0 to 3600',
    schema: decimal(z.number().min(0).max(3_600)),
    default: '10',
  },
  PROBE_SUCCESS_THRESHOLD: { meaning: 'Probes in a row that prove a transport', ...times, default: '1' },
  PROBE_FAILURE_THRESHOLD: {
    meaning:
      'Failed probes in a row that disprove a transport. Fewer: a dead node is detected sooner, but a lost packet can remove a node',
    ...times,
    default: '2',
  },
  DRAIN_SECONDS: {
    meaning:
      'How long allocations may take to end after SIGTERM, before the reporter removes the record and exits. Must be shorter than the delay before SIGKILL',
    expected: 'a number from 2 to 86400',
    schema: decimal(z.number().min(2).max(86_400)),
    default: '8',
  },
  DRAIN_FILE: {
    meaning: 'While this file exists, the node drains and then has no record; unset: no file is checked',
    expected: 'an absolute path',
    schema: absolutePath,
  },
  DRAIN_FILE_SECONDS: {
    meaning: 'How long allocations may take to end after DRAIN_FILE appears',
    expected: 'a number from 2 to 604800',
    schema: decimal(z.number().min(2).max(604_800)),
    default: '3600',
  },
  TURN_PID_FILE: {
    meaning:
      'Pid file of a coturn (4.6.3 or later) in the same pid namespace. After a drain it refuses new allocations and exits once it is empty',
    expected: 'an absolute path',
    schema: absolutePath,
  },
  FLEET_FILE: {
    meaning:
      'YAML file with the nodes of a fleet to watch remotely. REGION is then the default region; other settings of one node must be unset',
    expected: 'the path of a file',
    schema: z.string(),
  },
  LOG_LEVEL: logLevelSetting,
} as const satisfies Settings;

function isBareHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username + password + search + hash === '';
}
