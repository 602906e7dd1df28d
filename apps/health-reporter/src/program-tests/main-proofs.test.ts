import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort, makeCertificate, startCoturn, temporaryDirectory } from '@turn-router/testing';
import { secret, startReporterStage, type ReporterStage } from './reporter-stage.fixture.ts';

let stage: ReporterStage;

beforeAll(async () => {
  stage = await startReporterStage();
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});

describe('a reporter with a real coturn, some of whose paths fail', () => {
  test('proves TLS by the name in the certificate, and keeps the other transports if that fails', async () => {
    await using directory = await temporaryDirectory('tls');
    const { certificateFile, privateKeyFile } = await makeCertificate(directory.path, 'turn-1.example.org');
    const tls = { port: await freePort(), certificateFile, privateKeyFile };
    await using coturn = await startCoturn({ secrets: [secret], tls });
    const settings = { TURN_HOSTNAME: 'turn-1.example.org', TURN_TLS_PORT: `${tls.port}` };
    await using trusting = await stage.startReporter(coturn.port, {
      ...settings,
      NODE_EXTRA_CA_CERTS: certificateFile,
    });
    await using untrusting = await stage.startReporter(coturn.port, settings);
    const all = await stage.eventualReport(
      trusting.id,
      'proven over TLS',
      ({ transports }) => transports?.includes('tls') === true,
    );
    expect(all).toMatchObject({
      transports: ['udp', 'tcp', 'tls'],
      tls_port: tls.port,
      hostname: 'turn-1.example.org',
      probe: { tls: { certificate_days_left: 1 } },
    });
    const some = await stage.eventualReport(untrusting.id, 'healthy', ({ status }) => status === 'healthy');
    expect(some).toMatchObject({
      transports: ['udp', 'tcp'],
      probe: {
        reason: 'some_probes_fail',
        tls: {
          ok: false,
          reason: 'certificate_untrusted',
          text: 'TLS with the server failed: DEPTH_ZERO_SELF_SIGNED_CERT',
        },
      },
    });
  });

  test('publishes the addresses of the families that it has proven', async () => {
    await using narrow = await startCoturn({ secrets: [secret] });
    await using wide = await startCoturn({ secrets: [secret], config: ['listening-ip=::1', 'relay-ip=::1'] });
    const settings = { PUBLIC_IPV6: '2001:db8::50' };
    await using first = await stage.startReporter(narrow.port, settings);
    await using second = await stage.startReporter(wide.port, settings);
    const narrowReport = await stage.eventualReport(first.id, 'healthy', ({ status }) => status === 'healthy');
    expect(narrowReport).toMatchObject({ public_ip: '127.0.0.1', transports: ['udp', 'tcp'] });
    expect(narrowReport.public_ipv6).toBeUndefined();
    expect(narrowReport.probe).toMatchObject({ udp: { ok: true }, udp6: { ok: false, reason: 'unreachable' } });
    const wideReport = await stage.eventualReport(second.id, 'healthy', ({ status }) => status === 'healthy');
    expect(wideReport).toMatchObject({ public_ip: '127.0.0.1', public_ipv6: '2001:db8::50' });
    expect(wideReport.probe).toMatchObject({ udp6: { ok: true, relay_family: 'IPv6' } });
  });

  test('drops only TLS for an expired certificate, and reports the reason', async () => {
    await using directory = await temporaryDirectory('tls');
    const { certificateFile, privateKeyFile } = await makeCertificate(directory.path, 'turn-1.example.org', -10);
    const tls = { port: await freePort(), certificateFile, privateKeyFile };
    await using coturn = await startCoturn({ secrets: [secret], tls });
    await using reporter = await stage.startReporter(coturn.port, {
      TURN_HOSTNAME: 'turn-1.example.org',
      TURN_TLS_PORT: `${tls.port}`,
      NODE_EXTRA_CA_CERTS: certificateFile,
    });
    const report = await stage.eventualReport(reporter.id, 'healthy', ({ status }) => status === 'healthy');
    expect(report).toMatchObject({
      transports: ['udp', 'tcp'],
      probe: { reason: 'some_probes_fail', tls: { ok: false, reason: 'certificate_expired' } },
    });
  });
});
