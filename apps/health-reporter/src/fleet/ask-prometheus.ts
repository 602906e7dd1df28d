import { withDeadline } from '@turn-router/deadline';
import { z } from 'zod';
import { faultName } from '../system/fault-name.ts';
import type { PrometheusSource } from './load-source.ts';
import { queryForNodes } from './query-for-nodes.ts';

/** The error when Prometheus gives no figures. The message has the reason and holds no secret. */
export class PrometheusError extends Error {
  override readonly name = 'PrometheusError';
}

/** One series of the response: its labels and its value. */
export type PrometheusSample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/**
 * Queries the series of the nodes with these addresses.
 *
 * @throws PrometheusError if Prometheus is unreachable or too slow, if the response is not a list of series, or if `stop` fires
 */
export type AskPrometheus = (addresses: readonly string[], stop: AbortSignal) => Promise<PrometheusSample[]>;

/** The maximum length of a response, bytes: about ten thousand series. The response to a query without `%s` may be far longer. */
const responseMaxBytes = 8 * 1024 * 1024;

/** The maximum length of the shown part of Prometheus' error text, characters. */
const detailMaxChars = 300;

/** https://prometheus.io/docs/prometheus/latest/querying/api/ "Format overview", "Instant queries", "Instant vectors" */
const answerSchema = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

const refusalSchema = z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() });

/** Creates the query function. It uses POST, because a query with hundreds of addresses is too long for a URL. */
export function createAskPrometheus(source: PrometheusSource): AskPrometheus {
  const { endpoint, port } = source.prometheus;
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/v1/query`;
  url.port = `${port}`;
  return async (addresses, stop) => {
    const post = async (signal: AbortSignal) => {
      const body = new URLSearchParams({ query: queryForNodes(source, addresses) });
      const response = await fetch(url, { method: 'POST', body, signal });
      return { status: response.status, text: await readText(response) };
    };
    let status: number;
    let text: string;
    try {
      ({ status, text } = await withDeadline({ timeoutMs: source.timeoutSeconds * 1000, stop }, post));
    } catch (cause) {
      if (cause instanceof PrometheusError) throw cause;
      throw new PrometheusError(`the request failed: ${faultName(cause)}`, { cause });
    }
    const body = parseJson(text);
    const refusal = refusalSchema.safeParse(body);
    if (refusal.success) {
      const { errorType, error } = refusal.data;
      throw new PrometheusError(`Prometheus refuses the query: ${errorType}: ${error}`.slice(0, detailMaxChars));
    }
    const answer = answerSchema.safeParse(body);
    if (!answer.success) throw new PrometheusError(`the response (${status}) has no list of series`);
    return answer.data.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  };
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > responseMaxBytes) throw new PrometheusError(`the response is longer than ${responseMaxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
