import { apiKeys } from '../compose/test-tables.fixture.ts';
import { headerLinesMax } from './whole-head.ts';

export type HostileHead = {
  readonly request: string;
  /** The address that the proxy wrote. */
  readonly address: string;
  /** The kind of caller, by its `Authorization`. */
  readonly kind: 'api-key' | 'anonymous';
  /** Whether the router must not refuse the request, because it keeps every bound. */
  readonly mustPass: boolean;
};

/** Creates a request as a trusted proxy would send it on behalf of a hostile caller. */
export function createHostileHead(random: () => number, header: 'X-Forwarded-For' | 'Forwarded'): HostileHead {
  const below = (max: number) => Math.floor(random() * max);
  const oneOf = <Value>(values: readonly [Value, ...Value[]]): Value => values[below(values.length)] ?? values[0];
  const v4 = () => `${oneOf([8, 81, 185, 198])}.${below(256)}.${below(256)}.${below(256)}`;
  const v6 = () => `2a02:${(1 + below(65_535)).toString(16)}::${(1 + below(65_535)).toString(16)}`;
  const element = (address: string) => {
    if (header === 'X-Forwarded-For')
      return oneOf([address, address.includes(':') ? `[${address}]:1` : `${address}:1`]);
    return oneOf([
      `for="${address.includes(':') ? `[${address}]:1` : address}";proto=https`,
      `by=_x;For="[${address}]"`,
    ]);
  };
  const name = () => oneOf([header, header.toLowerCase(), header.toUpperCase()]);
  const spoofs: readonly [() => string, ...(() => string)[]] = [
    () => element(v4()),
    () => `${element(v4())}, ${element('127.0.0.1')}`,
    () => Array.from({ length: 40 }, () => element('127.0.0.1')).join(','),
    () => oneOf(['', ',', 'unknown', 'for="', '"', '\\', 'for=9.9.9.9;x="', '%', 'PROXY TCP4 9.9.9.9 9.9.9.9 1 2']),
  ];
  const spoof = () => `${name()}: ${oneOf(spoofs)()}`;
  const fillerLine: () => string = oneOf<() => string>([() => 'a:b', () => `f${below(9_999)}: v`, () => 'X:', spoof]);
  const few = () => below(20);
  const nearMaximum = () => 200 + below(120);
  const nearDefaultOfNode = () => 950 + below(110);
  const fillers = oneOf([
    few,
    few,
    few,
    nearMaximum,
    nearMaximum,
    nearMaximum,
    nearDefaultOfNode,
    () => below(5_001),
  ])();
  const someLines = Array.from({ length: 20 }, () => fillerLine());
  const isHop = (line: string) => line.toLowerCase().startsWith(`${header.toLowerCase()}:`);
  const before = oneOf([0, fillers, below(fillers + 1)]);

  const address = oneOf([v4, v6])();
  const own = Array.from({ length: below(3) }, spoof);
  const way = oneOf(['line', 'line', 'line', 'appended', 'folded']);
  const last = own.at(-1);
  const proxied =
    way === 'line' || last === undefined
      ? [...own, `${name()}: ${element(address)}`]
      : [...own.slice(0, -1), `${last}${way === 'folded' ? '\r\n\t' : ''}, ${element(address)}`];
  // What comes after the line of the proxy cannot be another hop: then the proxy would have appended to that.
  const rest = repeat(
    someLines.filter((line) => !isHop(line)),
    fillers - before,
  );
  const key = oneOf([[], [`Authorization: Bearer ${apiKeys.web}`]]);
  const [early, late] = oneOf([
    [key, []],
    [[], key],
  ]);
  const all = [...early, ...repeat(someLines, before), ...proxied, ...rest, ...late];
  const version = oneOf(['1.0', '1.1']);
  const head = [`GET /who HTTP/${version}`, 'Host: x', 'Connection: keep-alive', ...all];
  const isFolded = way === 'folded' && last !== undefined;
  return {
    request: `${head.join('\r\n')}\r\n\r\n`,
    address,
    kind: key.length > 0 ? 'api-key' : 'anonymous',
    mustPass: !isFolded && head.length - 1 <= headerLinesMax && head.join('').length < 30_000,
  };
}

function repeat(lines: readonly string[], count: number): string[] {
  return Array.from({ length: lines.length === 0 ? 0 : count }, (_, index) => lines[index % lines.length] ?? '');
}
