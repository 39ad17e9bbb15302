// The command as a script uses it: the ready line, its credentials, the signals, the refusals.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.err += text;
  });
  const firstLine = (): Promise<string> => once(createInterface(child.stdout), 'line').then(([line]) => String(line));
  return { child, exited, output, firstLine };
}

const readySchema = z.strictObject({
  ready: z.literal(true),
  jira: z.strictObject({ url: z.url(), email: z.email(), token: z.string(), project: z.string() }),
  azure: z.strictObject({ url: z.url(), organization: z.string(), project: z.string(), pat: z.string() }),
});

const get = async (url: string, user: string, password: string): Promise<{ status: number; body: unknown }> => {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const response = await fetch(url, { headers: { authorization } });
  return { status: response.status, body: await response.json() };
};

describe('npm run simulators', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'prints one JSON line with working credentials, and exits 0 on %s',
    async (signal) => {
      const { child, exited, output, firstLine } = start('--json');
      const { jira, azure } = readySchema.parse(JSON.parse(await firstLine()));
      expect([jira.project, azure.organization, azure.project]).toEqual(['TAN', 'acme', 'Tandem']);
      expect(azure.url).toMatch(/\/acme$/);

      const myself = await get(`${jira.url}/rest/api/3/myself`, jira.email, jira.token);
      expect(myself).toMatchObject({
        status: 200,
        body: { displayName: 'Dana Whitfield', timeZone: 'America/New_York' },
      });
      const items = await get(`${azure.url}/_apis/wit/workitems?ids=1,2&api-version=7.1`, '', azure.pat);
      expect(items).toMatchObject({ status: 200, body: { count: 2 } });
      for (const url of [jira.url, azure.url.replace(/\/acme$/, '')]) {
        const docs = z
          .array(z.looseObject({ method: z.string(), path: z.string() }))
          .parse(await (await fetch(`${url}/_control`)).json());
        expect(docs.map(({ method, path }) => `${method} ${path}`)).toContain('POST /_control/faults');
        const state = (await (await fetch(`${url}/_control/state`)).json()) as { accounts?: object };
        expect(Object.keys(state.accounts ?? {}).sort()).toEqual(['admin', 'ordinary', 'synchronizer']);
      }

      child.kill(signal);
      expect(await exited).toBe(0);
      expect(output.err).toBe('');
      expect(output.out.trim().split('\n')).toHaveLength(1);
    },
  );

  it('prints addresses and credentials for people', async () => {
    const { child, exited, output, firstLine } = start();
    await firstLine();
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(output.out).toMatch(/Jira +http:\/\/127\.0\.0\.1:\d+ +project TAN/);
    expect(output.out).toMatch(/Azure DevOps +http:\/\/127\.0\.0\.1:\d+\/acme +project Tandem/);
    expect(output.out).toMatch(/synchronizer +tandem-sync@acme\.example/);
  });

  it('uses the ports that are asked for', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const address = probe.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    await new Promise((resolve) => probe.close(resolve));
    const { firstLine } = start('--jira-port', String(address.port), '--json');
    const { jira } = readySchema.parse(JSON.parse(await firstLine()));
    expect(new URL(jira.url).port).toBe(String(address.port));
  });

  it.each<[string[], RegExp]>([
    [['--jira-port', 'eighty'], /--jira-port "eighty" is no port/],
    [['--azure-port', '70000'], /--azure-port "70000" is no port/],
    [['--jira-port', '8082', '--azure-port', '8082'], /both 8082/],
    [['--port', '1'], /Unknown option '--port'/],
    [['--jira-port'], /argument missing/],
    [['please'], /Unexpected argument 'please'/],
  ])('refuses %j, with the usage', async (args, problem) => {
    const { exited, output } = start(...args);
    expect(await exited).toBe(2);
    expect(output.err).toMatch(problem);
    expect(output.err).toMatch(/Usage: npm run simulators/);
    expect(output.out).toBe('');
  });

  it('says which port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const { exited, output } = start('--azure-port', String(address.port), '--json');
    expect(await exited).toBe(1);
    expect(output.err.trim()).toBe(`port ${address.port} is taken: choose another with --azure-port`);
    expect(output.out).toBe('');
    other.close();
  });
});
