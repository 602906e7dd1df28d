// Finds the Python baseline, which has the same design and is not part of this project. It is measured only if it and its packages are installed.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const python = '/usr/bin/python3';
const shared = new URL('../../../../shared/', import.meta.url);
const folder = fileURLToPath(new URL('baseline', shared));
const geoipFile = fileURLToPath(new URL('geoip/GeoIP2-City-Test.mmdb', shared));

/** @returns {{python: string, folder: string, geoipFile: string} | {missing: string}} */
export function findPythonBaseline() {
  for (const path of [python, folder, geoipFile]) if (!existsSync(path)) return { missing: path };
  try {
    execFileSync(python, ['-c', 'import fastapi, uvicorn, redis, geoip2'], { stdio: 'ignore' });
  } catch {
    return { missing: 'Debian’s python3-fastapi, uvicorn, python3-redis and python3-geoip2' };
  }
  return { python, folder, geoipFile };
}
