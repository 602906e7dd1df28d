/** How a router stands, as `GET /readyz` says it. */
export type RouterStanding = {
  readonly ready: boolean;
  readonly trust: 'fresh' | 'last_known' | 'static' | 'none';
  readonly registries: readonly {
    readonly name: string;
    readonly state: 'starting' | 'fresh' | 'lost';
    readonly fault?: string;
    readonly nodes: number;
    readonly keptNodes: number;
  }[];
  readonly healthyNodes: number;
  readonly stopping: boolean;
};

export function parseStanding(text: string): RouterStanding {
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- a test that compares what it finds
  return JSON.parse(text) as RouterStanding;
}

/** Every registry answers, together they hold this many nodes, none of them only kept, and they are used. */
export const isWhole = (nodes: number) => (standing: RouterStanding) =>
  standing.ready &&
  standing.trust === 'fresh' &&
  standing.registries.every(({ state, keptNodes }) => state === 'fresh' && keptNodes === 0) &&
  standing.registries.reduce((sum, registry) => sum + registry.nodes, 0) === nodes;

export const isLost = (standing: RouterStanding): boolean => standing.registries.some(({ state }) => state === 'lost');

/** Every registry answers; with an empty one, answers may stand on the static nodes of the policy. */
export const isFresh = (standing: RouterStanding): boolean =>
  standing.registries.every(({ state }) => state === 'fresh');
