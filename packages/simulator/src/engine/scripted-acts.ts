import type { ScenarioEvent } from '../scenario/scenario-event.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Reporters } from './reporters.ts';
import type { Routers } from './routers.ts';
import type { ScriptedAct } from './script.ts';
import { crashNode, type SimulatedNode, type SimulatedWorld } from './world.ts';

type RunParts = { readonly world: SimulatedWorld; readonly reporters: Reporters; readonly routers: Routers };

/** Converts the scenario's events and its changes of the number of routers to acts. `arrivalRates` handles changes of demand. */
export function scriptedActs({ events, routers }: Scenario, run: RunParts): ScriptedAct[] {
  return [
    ...routers.replicas
      .slice(1)
      .map(({ atSecond, replicas }) => ({ atSecond, act: () => run.routers.setReplicas(replicas, atSecond) })),
    ...joins(events, run),
    ...events.flatMap((event) => actsOfEvent(event, run)),
  ];
}

function joins(events: readonly ScenarioEvent[], run: RunParts): ScriptedAct[] {
  return [...run.world.regions.values()].flatMap(({ name, nodes }) => {
    const joiners = nodes.filter(({ isUp }) => !isUp);
    const moments = events.filter((event) => event.type === 'node-joins' && event.region === name);
    return moments.flatMap(({ atSecond }, index) => {
      const joiner = joiners[index];
      return joiner === undefined ? [] : [{ atSecond, act: () => start(joiner, atSecond, run) }];
    });
  });
}

function actsOfEvent(event: ScenarioEvent, run: RunParts): ScriptedAct[] {
  const { atSecond } = event;
  const nodes = 'region' in event ? (run.world.regions.get(event.region)?.nodes ?? []) : [];
  switch (event.type) {
    case 'node-crashes':
      return outage(nodes.slice(event.node - 1, event.node), event, run);
    case 'region-lost':
      return outage(nodes, event, run);
    case 'node-lies': {
      const [liar] = nodes.slice(event.node - 1, event.node);
      if (liar === undefined) return [];
      const lies = { atSecond, act: () => run.reporters.setLie(liar, event.says) };
      if (event.forSeconds === undefined) return [lies];
      return [lies, { atSecond: atSecond + event.forSeconds, act: () => run.reporters.setLie(liar, undefined) }];
    }
    case 'registry-frozen':
      return [{ atSecond, act: () => run.routers.freezeUntil(atSecond + event.forSeconds) }];
    case 'node-joins':
    case 'demand-times':
      return [];
  }
}

function outage(
  nodes: readonly SimulatedNode[],
  { atSecond, forSeconds }: { readonly atSecond: number; readonly forSeconds?: number | undefined },
  run: RunParts,
): ScriptedAct[] {
  const crashed: SimulatedNode[] = [];
  const crash = () => {
    for (const node of nodes) {
      if (!node.isUp) continue;
      crashNode(node);
      run.reporters.stopReporting(node);
      crashed.push(node);
    }
  };
  if (forSeconds === undefined) return [{ atSecond, act: crash }];
  const backSecond = atSecond + forSeconds;
  const restore = () => {
    for (const node of crashed) start(node, backSecond, run);
  };
  return [
    { atSecond, act: crash },
    { atSecond: backSecond, act: restore },
  ];
}

function start(node: SimulatedNode, atSecond: number, { reporters }: RunParts): void {
  node.isUp = true;
  reporters.reportNow(node, atSecond);
}
