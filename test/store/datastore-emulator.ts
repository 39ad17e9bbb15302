// Google's Datastore emulator for a test file: found on the machine, started on a free port, ended with the file.

import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const inSdk = 'platform/cloud-datastore-emulator/cloud_datastore_emulator';

/** `DATASTORE_EMULATOR` names the program; else it is looked for where the Cloud SDK puts it. */
export function findEmulator(): string | null {
  const beside = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => {
    const gcloud = join(folder, 'gcloud');
    return existsSync(gcloud) ? [join(dirname(realpathSync(gcloud)), '..', inSdk)] : [];
  });
  const places = [
    process.env.DATASTORE_EMULATOR,
    ...beside,
    join('/usr/lib/google-cloud-sdk', inSdk),
    join('/opt/google-cloud-sdk', inSdk),
    join(process.env.HOME ?? '', 'google-cloud-sdk', inSdk),
  ];
  return places.find((place) => place !== undefined && existsSync(place)) ?? null;
}

export interface Emulator {
  readonly host: string;
  stop(): Promise<void>;
}

export async function startEmulator(program: string): Promise<Emulator> {
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const child = spawn(program, ['start', '--testing', '--host=127.0.0.1', `--port=${port}`], {
    stdio: 'ignore',
    // A group of its own: the script starts Java, and both must end.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    await ended;
  };
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the Datastore emulator ended with ${child.exitCode}: is Java there?`);
    const answer = await fetch(`http://${host}/`).then(
      (response) => response.ok,
      () => false,
    );
    if (answer) return { host, stop };
    await delay(100);
  }
  await stop();
  throw new Error('the Datastore emulator did not answer within 30 s');
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
