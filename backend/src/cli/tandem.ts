#!/usr/bin/env node
// The `tandem` command: stand-alone use without Forge. What it loads is compiled once and kept by Node for the next start.

import { enableCompileCache } from 'node:module';

enableCompileCache();
const { main } = await import('./program.ts');
process.exit(await main(process.argv.slice(2)));
