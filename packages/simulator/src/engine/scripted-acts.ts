import type { ScenarioEvent } from '../scenario/scenario-event.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Reporters } from './reporters.ts';
import type { Routers } from './routers.ts';
import type { ScriptedAct } from './script.ts';
import { crashNode, type SimulatedNode, type World } from './world.ts';

type Stage = { readonly world: World; readonly reporters: Reporters; readonly routers: Routers };

/** What the scenario's events and its changes of routers do to the run; demand has its own way. */
export function scriptedActs({ events, routers }: Scenario, stage: Stage): ScriptedAct[] {
  return [
    ...routers.replicas
      .slice(1)
      .map(({ atSecond, replicas }) => ({ atSecond, act: () => stage.routers.setReplicas(replicas, atSecond) })),
    ...joins(events, stage),
    ...events.flatMap((event) => actsOfEvent(event, stage)),
  ];
}

function joins(events: readonly ScenarioEvent[], stage: Stage): ScriptedAct[] {
  return [...stage.world.regions.values()].flatMap(({ name, nodes }) => {
    const joiners = nodes.filter(({ isUp }) => !isUp);
    const moments = events.filter((event) => event.type === 'node-joins' && event.region === name);
    return moments.flatMap(({ atSecond }, index) => {
      const joiner = joiners[index];
      return joiner === undefined ? [] : [{ atSecond, act: () => start(joiner, atSecond, stage) }];
    });
  });
}

function actsOfEvent(event: ScenarioEvent, stage: Stage): ScriptedAct[] {
  const { atSecond } = event;
  const nodes = 'region' in event ? (stage.world.regions.get(event.region)?.nodes ?? []) : [];
  switch (event.type) {
    case 'node-crashes':
      return outage(nodes.slice(event.node - 1, event.node), event, stage);
    case 'region-lost':
      return outage(nodes, event, stage);
    case 'node-lies': {
      const [liar] = nodes.slice(event.node - 1, event.node);
      if (liar === undefined) return [];
      const lies = { atSecond, act: () => stage.reporters.tell(liar, event.says) };
      if (event.forSeconds === undefined) return [lies];
      return [lies, { atSecond: atSecond + event.forSeconds, act: () => stage.reporters.tell(liar, undefined) }];
    }
    case 'registry-frozen':
      return [{ atSecond, act: () => stage.routers.freezeUntil(atSecond + event.forSeconds) }];
    case 'node-joins':
    case 'demand-times':
      return [];
  }
}

function outage(
  nodes: readonly SimulatedNode[],
  { atSecond, forSeconds }: { readonly atSecond: number; readonly forSeconds?: number | undefined },
  stage: Stage,
): ScriptedAct[] {
  const crashed: SimulatedNode[] = [];
  const crash = () => {
    for (const node of nodes) {
      if (!node.isUp) continue;
      crashNode(node);
      stage.reporters.fallSilent(node);
      crashed.push(node);
    }
  };
  if (forSeconds === undefined) return [{ atSecond, act: crash }];
  const backSecond = atSecond + forSeconds;
  const restore = () => {
    for (const node of crashed) start(node, backSecond, stage);
  };
  return [
    { atSecond, act: crash },
    { atSecond: backSecond, act: restore },
  ];
}

function start(node: SimulatedNode, atSecond: number, { reporters }: Stage): void {
  node.isUp = true;
  reporters.reportNow(node, atSecond);
}
