import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { iceServersAnswerSchema, probeCredentialAnswerSchema } from '@turn-router/contract/http';

type LeakWatch = {
  readonly onLogLine: (line: string) => void;
  readonly logLines: () => Record<string, unknown>[];
  /** Wraps the app and records its requests and responses. */
  readonly around: (app: RequestListener) => RequestListener;
  /** Returns each forbidden text found in a log line, in `metricsText`, or in a response other than issued credentials. */
  readonly findLeaks: (metricsText: string) => string[];
};

/**
 * Records the output of an app and finds forbidden texts in it. Forbidden are the given secrets, all issued credentials, and all user ids that
 * callers send.
 */
export function watchForLeaks(secrets: readonly string[]): LeakWatch {
  const forbidden = new Set(secrets);
  const said: string[] = [];
  const logLines: string[] = [];

  const overhear = (req: IncomingMessage & { body?: { userId?: unknown } }, res: ServerResponse) => {
    const issues = issuingRoutes.find(({ path }) => req.url?.startsWith(path) === true);
    // oxlint-disable-next-line typescript/unbound-method -- the proxy passes `this` on
    res.end = new Proxy(res.end, {
      apply(end, self, args: unknown[]) {
        const text = textOf(args[0]);
        if (issues !== undefined && res.statusCode === 200)
          for (const secret of issues.issuedIn(text)) forbidden.add(secret);
        else said.push(`${JSON.stringify(res.getHeaders())} ${text}`);
        const userId = req.body?.userId;
        // Shorter ids may occur elsewhere by chance.
        if (typeof userId === 'string' && userId.length >= 12) forbidden.add(userId);
        return Reflect.apply(end, self, args);
      },
    });
  };

  return {
    onLogLine: (line) => void logLines.push(line),
    logLines: () => logLines.map((line) => JSON.parse(line)),
    around: (app) => (req, res) => {
      overhear(req, res);
      app(req, res);
    },
    findLeaks: (metricsText) => {
      const everything = [...said, ...logLines, metricsText].join('\n');
      return [...forbidden].filter(
        (text) => everything.includes(text) || everything.includes(JSON.stringify(text).slice(1, -1)),
      );
    },
  };
}

function textOf(chunk: unknown): string {
  if (typeof chunk === 'string') return chunk;
  return Buffer.isBuffer(chunk) ? chunk.toString() : '';
}

/** The routes whose responses have credentials, and what in them is secret. */
const issuingRoutes = [
  {
    path: '/v1/ice-servers',
    issuedIn: (text: string) =>
      iceServersAnswerSchema
        .parse(JSON.parse(text))
        .iceServers.flatMap(({ username, credential }) => [username, credential])
        .filter((secret) => secret !== undefined),
  },
  {
    path: '/v1/probe-credentials',
    issuedIn: (text: string) => {
      const { username, credential } = probeCredentialAnswerSchema.parse(JSON.parse(text));
      return [username, credential];
    },
  },
];
