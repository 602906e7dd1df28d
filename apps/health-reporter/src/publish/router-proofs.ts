import {
  probeCredentialAnswerSchema,
  probeTargetsAnswerSchema,
  proofKeysMax,
  readProofsAnswerSchema,
} from '@turn-router/contract/http';
import {
  nodeNameFromKey,
  nodeReportMaxBytes,
  parseNodeName,
  publishedReportSchema,
  type NodeKey,
  type NodeProofKey,
} from '@turn-router/contract/registry';
import { RegistryError } from '@turn-router/registry';
import type { z } from 'zod';
import type { ProofRegistry, PublishedRecord } from './proof-registry.ts';
import { createSendToRouter, RouterRefusal, type RouterOptions } from './router-client.ts';

export type RouterProofs = Required<ProofRegistry>;

/** The largest number of pages in one reading of the fleet. A router with more than 100 000 nodes is not what it claims to be. */
const pagesMax = 100;

/**
 * Reads and stores proofs through a router, for probers without Redis credentials.
 *
 * @param prober the node for which the token is valid
 */
export function createRouterProofs(options: RouterOptions, prober: NodeKey): RouterProofs {
  const send = createSendToRouter(options);
  const own = `/v1/nodes/${nodeNameFromKey(prober)}`;

  async function readPage(after: string | undefined) {
    const { text } = await send('GET', `${own}/probe-targets${after === undefined ? '' : `?after=${after}`}`);
    return parsed(probeTargetsAnswerSchema, text);
  }

  async function readSome(keys: readonly ProofNames[]) {
    const { text } = await send('POST', `${own}/read-proofs`, { proofs: keys });
    const { proofs } = parsed(readProofsAnswerSchema, text);
    if (proofs.length !== keys.length) throw malformed();
    return proofs.map((proof) => proof ?? undefined);
  }

  return {
    isOnLoopback: isLoopbackHost(new URL(options.url).hostname),
    async readNodes() {
      const records: PublishedRecord[] = [];
      let after: string | undefined;
      for (let page = 0; page < pagesMax; page += 1) {
        // Each page begins after the last name of the page before.
        const answer = await readPage(after);
        for (const { node, published } of answer.nodes) {
          const key = parseNodeName(node);
          if (key !== undefined) records.push({ key, report: published });
        }
        if (answer.after === undefined) break;
        ({ after } = answer);
      }
      return records;
    },
    async readNode(key) {
      try {
        const { text } = await send('GET', `${own}/probe-targets/${nodeNameFromKey(key)}`);
        return parsed(publishedReportSchema, text);
      } catch (error) {
        if (error instanceof RouterRefusal && error.problem === 'unknown_node') return undefined;
        throw error;
      }
    },
    async readProofs(keys) {
      const batches = batchesOf(keys.map(namesOf));
      return (await Promise.all(batches.map(readSome))).flat();
    },
    async putProof({ target }, proof) {
      try {
        await send('PUT', `${own}/proofs/${nodeNameFromKey(target)}`, proof);
      } catch (error) {
        // The node has left during the probe.
        if (!(error instanceof RouterRefusal) || error.problem !== 'unknown_node') throw error;
      }
    },
    async probeCredential(target) {
      const path = `/v1/probe-credentials?prober=${encodeURIComponent(nodeNameFromKey(prober))}`;
      const { text } = await send('POST', path, { target: nodeNameFromKey(target) });
      const { username, credential } = parsed(probeCredentialAnswerSchema, text);
      return { username, credential };
    },
  };
}

type ProofNames = { readonly target: string; readonly prober: string };

function namesOf({ target, prober }: NodeProofKey): ProofNames {
  return { target: nodeNameFromKey(target), prober: nodeNameFromKey(prober) };
}

/** Divides the keys, so that each request has at most as many keys and as many bytes as the router takes. Names are ASCII. */
function batchesOf(keys: readonly ProofNames[]): (readonly ProofNames[])[] {
  const bytesMax = nodeReportMaxBytes - JSON.stringify({ proofs: [] }).length;
  const batches: ProofNames[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const key of keys) {
    const size = JSON.stringify(key).length + 1;
    const batch = batches.at(-1);
    if (batch === undefined || bytes + size > bytesMax || batch.length >= proofKeysMax) {
      batches.push([key]);
      bytes = size;
    } else {
      batch.push(key);
      bytes += size;
    }
  }
  return batches;
}

function parsed<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw malformed(cause);
  }
}

function malformed(cause?: unknown): RegistryError {
  return new RegistryError('refused', "the router's answer is malformed", { cause, fault: 'bad_reply' });
}

function isLoopbackHost(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(host);
}
