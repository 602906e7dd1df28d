import express, { type ErrorRequestHandler, type Express } from 'express';
import { createBareApp } from '../create-bare-app.ts';
import { refuseLongHead } from '../whole-head.ts';
import { exchangeRequestSchema } from '../../callers/peers/peer-messages.ts';
import type { StandInLedger } from '../../callers/peers/stand-in-ledger.ts';

/** Maximum body size, bytes. It is above the largest exchange that routers send. */
const bodyMaxBytes = 1_048_576;

/** Creates the app for peers. TLS has authenticated the peers, so an error response is only a status. */
export function createPeerApp(ledger: StandInLedger): Express {
  const app = createBareApp();
  app.use(refuseLongHead);
  app.get('/v1/peer', (_req, res) => {
    res.json(ledger.standing());
  });
  app.post('/v1/limits', express.json({ limit: bodyMaxBytes }), async (req, res) => {
    const request = exchangeRequestSchema.safeParse(req.body);
    if (request.success) res.json(await ledger.exchange(request.data));
    else res.sendStatus(422);
  });
  app.use((_req, res) => res.sendStatus(404));
  app.use(refuse);
  return app;
}

/** Handles errors. It has four parameters, because Express recognizes error handlers by their four parameters. */
const refuse: ErrorRequestHandler = (error: { status?: unknown }, _req, res, _next) => {
  res.sendStatus(typeof error.status === 'number' ? error.status : 500);
};
