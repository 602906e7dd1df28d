import { expect, test } from '@jest/globals';
import { hasPlaceholder } from './placeholder.ts';

test.each([
  '<API identifier>',
  'https://<tenant>/',
  '${AUD}',
  '$AUD',
  'https://${TENANT}.auth0.com/',
  '$(AUD)',
  '%AUD%',
  'https://%TENANT%/',
  '{{ .Values.audience }}',
  'https://login.microsoftonline.com/{tenantid}/v2.0',
  'YOUR_API',
  'https://YOUR-DOMAIN.auth0.com/',
  'CHANGE_ME',
  'REPLACE_WITH_CLIENT_ID',
])('%j has a placeholder', (value) => {
  expect(hasPlaceholder(value)).toBe(true);
});

test.each([
  'https://north.eu.auth0.com/',
  'https://login.microsoftonline.com/8c3b1e2a-1111-4222-8333-444455556666/v2.0',
  'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_aBcDeFgHi',
  'api://default',
  'https://id.your-server.example',
  'https://id.example.org/realms/north%20west%2F1',
  'price$',
  'a<b',
  'YOURS',
  'client_id',
])('%j has none', (value) => {
  expect(hasPlaceholder(value)).toBe(false);
});
