// The baseline: a plain Express app that signs one username and returns a response of the same form as the router's.
import { createHmac } from 'node:crypto';
import express from 'express';
import helmet from 'helmet';

const secret = process.env['TURN_SECRET'] ?? '';

const app = express();
app.use(helmet());
app.use(express.json());
app.post('/v1/ice-servers', (req, res) => {
  const username = `${Math.floor(Date.now() / 1000) + 3600}:${req.body.userId}`;
  const credential = createHmac('sha1', secret).update(username).digest('base64');
  res.json({
    iceServers: [
      { urls: ['turn:192.0.2.50:3478?transport=udp', 'turn:192.0.2.50:3478?transport=tcp'], username, credential },
      { urls: ['stun:192.0.2.50:3478'] },
    ],
    ttlSeconds: 3600,
    expiresAt: '2026-11-21T09:00:00Z',
    refreshAfterSeconds: 2520,
    serverTime: '2026-11-21T08:00:00Z',
    region: 'eu-central-1',
    nodes: ['eu-central-1/node-01'],
    decisionId: '01KAJ0V5M0XJ3Q3M8N5T4WQ9ZB',
  });
});
app.listen(Number(process.env['PORT']), '127.0.0.1');
