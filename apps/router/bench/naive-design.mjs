// A design for comparison. It reads every node from Redis on every request, like the Python baseline, but in JavaScript.
import { createHmac } from 'node:crypto';
import express from 'express';
// oxlint-disable-next-line no-restricted-imports -- a program to compare with, not a part of the router
import { Redis } from 'ioredis';

const secret = process.env['TURN_SECRET'] ?? '';
const redis = new Redis(Number(process.env['REDIS_PORT']), '127.0.0.1');

/** Returns the healthy node with the lowest `cpu + mbps / 10`. */
async function leastLoaded() {
  const keys = await redis.keys('turn:node:eu-central-1:*');
  const texts = await Promise.all(keys.map((key) => redis.get(key)));
  const nodes = texts.flatMap((text) => (text === null ? [] : [JSON.parse(text)]));
  return nodes
    .filter(({ status }) => status === 'healthy')
    .reduce((best, node) => (best === undefined || load(node) < load(best) ? node : best), undefined);
}

/** @param {{cpu: number, bandwidth_mbps: number}} node */
function load({ cpu, bandwidth_mbps: mbps }) {
  return cpu + mbps / 10;
}

const app = express();
app.use(express.json());
app.post('/v1/ice-servers', async (req, res) => {
  const { public_ip: ip, port } = await leastLoaded();
  const username = `${Math.floor(Date.now() / 1000) + 3600}:${req.body.userId}`;
  const credential = createHmac('sha1', secret).update(username).digest('base64');
  res.json({
    iceServers: [
      { urls: [`turn:${ip}:${port}?transport=udp`, `turn:${ip}:${port}?transport=tcp`], username, credential },
      { urls: [`stun:${ip}:${port}`] },
    ],
  });
});
app.listen(Number(process.env['PORT']), '127.0.0.1');
