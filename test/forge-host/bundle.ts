// Bundles the app's pages and the host's own page for a browser, in memory. Once a process.

import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { root } from './manifest.ts';

export interface Asset {
  readonly type: string;
  readonly body: string;
}

const shared: BuildOptions = {
  bundle: true,
  write: false,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  outdir: '/assets',
  absWorkingDir: root,
  logLevel: 'error',
  minifySyntax: true,
  define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}', global: 'globalThis' },
};

let built: Promise<ReadonlyMap<string, Asset>> | undefined;

/** By the path under which they are served: `/assets/host.js`, `/assets/<resource key>.js`. */
export function bundlePages(
  resources: readonly { readonly key: string; readonly path: string }[],
): Promise<ReadonlyMap<string, Asset>> {
  built ??= bundle(resources);
  return built;
}

async function bundle(resources: readonly { readonly key: string; readonly path: string }[]) {
  const results = await Promise.all([
    build({
      ...shared,
      entryPoints: { host: join(root, 'test/forge-host/page/main.tsx') },
      splitting: true,
      tsconfig: join(root, 'test/forge-host/page/tsconfig.json'),
    }),
    // Each page by itself, as Forge bundles it: it finds the bridge in the page and knows nothing of the host.
    ...resources.map(({ key, path }) => build({ ...shared, entryPoints: { [key]: join(root, path) } })),
  ]);
  return new Map(
    results.flatMap(({ outputFiles = [] }) =>
      outputFiles.map(({ path, text }): [string, Asset] => [
        path,
        { type: path.endsWith('.css') ? 'text/css' : 'text/javascript', body: text },
      ]),
    ),
  );
}
