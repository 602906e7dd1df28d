import { describe, expect, test } from '@jest/globals';
import { parseExporterAllocations } from './exporter-allocations.ts';

const coturn = `# HELP stun_binding_request Incoming STUN Binding requests
# TYPE stun_binding_request counter
stun_binding_request 7
`;

describe('allocations by an exporter', () => {
  test.each([
    [
      'coturn 4.6.2 and later: one gauge for each kind of client',
      `${coturn}# TYPE turn_total_allocations gauge\nturn_total_allocations{type="UDP"} 3\nturn_total_allocations{type="TLS/TCP"} 2\n`,
      5,
    ],
    ['coturn 4.6.0: without labels', `${coturn}turn_total_allocations 4\n`, 4],
    ['coturn before its first allocation', coturn, 0],
    ['coturn with a label that holds a brace and a number', `${coturn}turn_total_allocations{realm="a} 9"} 2\n`, 2],
    [
      'eturnal: one gauge for each transport',
      '# TYPE eturnal_turn_open_sessions gauge\neturnal_turn_open_sessions{transport="udp"} 6\neturnal_turn_open_sessions{transport="tls"} 1.0\n',
      7,
    ],
    ['a timestamp after the figure', `${coturn}turn_total_allocations{type="UDP"} 3 1795251534000\n`, 3],
    ['a gauge below 0', `${coturn}turn_total_allocations{type="UDP"} -1\n`, 0],
    ['a name with the same prefix', `${coturn}turn_total_allocations_ever 9\n`, 0],
    ['an invalid figure', `${coturn}turn_total_allocations NaN\n`, undefined],
    ['another exporter', '# TYPE node_cpu_seconds_total counter\nnode_cpu_seconds_total 5\n', undefined],
    ['a page for people', '<html>turn_total_allocations 3</html>', undefined],
    ['nothing', '', undefined],
  ])('%s', (_what, page, expected) => {
    expect(parseExporterAllocations(page)).toBe(expected);
  });
});
