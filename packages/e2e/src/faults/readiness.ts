/** The body of `GET /readyz`. */
export type RouterReadiness = {
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

export function parseReadiness(text: string): RouterReadiness {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the tests compare every field that they use
  return JSON.parse(text) as RouterReadiness;
}

/** Whether every registry is fresh and together they have exactly this many nodes, none of them kept after it vanished. */
export const hasAllNodes = (nodes: number) => (readiness: RouterReadiness) =>
  readiness.ready &&
  readiness.trust === 'fresh' &&
  readiness.registries.every(({ state, keptNodes }) => state === 'fresh' && keptNodes === 0) &&
  readiness.registries.reduce((sum, registry) => sum + registry.nodes, 0) === nodes;

export const isLost = (readiness: RouterReadiness): boolean =>
  readiness.registries.some(({ state }) => state === 'lost');

/** Whether every registry is fresh. With an empty registry, the router may still answer from the policy's static nodes. */
export const isFresh = (readiness: RouterReadiness): boolean =>
  readiness.registries.every(({ state }) => state === 'fresh');
