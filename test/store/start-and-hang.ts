// A process that starts a server, says where, and hangs: for the test that kills it.

import { startEmbeddedPostgres } from '../../backend/src/store/embedded-postgres.ts';

const dataDir = process.argv[2];
if (!dataDir) throw new Error('give the data folder');
const server = await startEmbeddedPostgres({ dataDir, settings: ['fsync=off'] });
console.log(server.url);
setInterval(() => {}, 60_000);
