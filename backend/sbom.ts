// The bill of materials of what is built: every package of which a part is in a bundle, as CycloneDX 1.6
// (https://cyclonedx.org/docs/1.6/json/). What is installed and not bundled is no part of the product.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license?: unknown;
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly integrity?: string } | undefined>>;
}

export interface Component {
  readonly type: 'library';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly { readonly expression: string }[];
  readonly hashes?: readonly { readonly alg: 'SHA-512'; readonly content: string }[];
}

/** `node_modules/a/node_modules/@b/c/lib/x.js` → `node_modules/a/node_modules/@b/c`; null for our own files. */
export const packageFolder = (path: string): string | null =>
  /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? null;

/** Of the bundles, whose inputs' paths are relative to `root`. The same inputs give the same text. */
export async function billOfMaterials(root: string, bundles: readonly Metafile[]): Promise<string> {
  const read = async <T>(path: string) => JSON.parse(await readFile(join(root, path), 'utf8')) as T;
  const lock = await read<Lock>('package-lock.json');
  const product = await read<Package>('package.json');
  // An input of which nothing was needed is in no output.
  const inputs = bundles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap((output) =>
      Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    ),
  );
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== null));
  const components = new Map<string, Component>();
  for (const folder of folders) {
    const component = componentOf(await read<Package>(join(folder, 'package.json')), lock.packages[folder]?.integrity);
    components.set(component.purl, component);
  }
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': purlOf(product),
        name: product.name,
        version: product.version,
        purl: purlOf(product),
        ...licenses(product),
      },
    },
    components: [...components.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1)),
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** https://github.com/package-url/purl-spec/blob/main/types-doc/npm-definition.md: a scope's `@` is percent-encoded. */
const purlOf = ({ name, version }: Package): string => `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;

function componentOf(one: Package, integrity: string | undefined): Component {
  const purl = purlOf(one);
  const digest = /^sha512-([A-Za-z0-9+/=]+)$/.exec(integrity ?? '')?.[1];
  return {
    type: 'library',
    'bom-ref': purl,
    name: one.name,
    version: one.version,
    purl,
    ...licenses(one),
    ...(digest === undefined
      ? {}
      : { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] }),
  };
}

const licenses = ({ license }: Package): Pick<Component, 'licenses'> =>
  typeof license === 'string' ? { licenses: [{ expression: license }] } : {};
