import { createServer } from 'node:http';
import { expect, test } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { expressMessages } from './create-bare-app.ts';

test('messages have the prototypes and properties that Express would give them', async () => {
  const app = express();
  app.post('/', express.json(), (req, res) => void res.status(201).json({ said: req.body, by: req.get('x-name') }));
  const messages = expressMessages(app);
  const foundInPlace: boolean[] = [];
  const server = createServer(messages, (req, res) => {
    foundInPlace.push(Object.getPrototypeOf(req) === app.request, Object.getPrototypeOf(res) === app.response);
    app(req, res);
  });
  const { status, body } = await request(server).post('/').set('X-Name', 'alice').send({ a: 1 });
  expect([status, body]).toEqual([201, { said: { a: 1 }, by: 'alice' }]);
  expect(foundInPlace).toEqual([true, true]);
});
