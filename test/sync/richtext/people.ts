// A people and file mapping for tests: two people and any file on both sides.
import type { ConversionContext } from '../../../backend/src/sync/richtext/context.ts';

export const annIdentity = '0a1b2c3d-0000-4000-8000-00000000000a';
export const bobIdentity = '0a1b2c3d-0000-4000-8000-00000000000b';
const people = [
  { jira: { id: 'acc-1', name: 'Ann Lee' }, azure: { id: annIdentity, name: 'Ann Lee (ACME)' } },
  { jira: { id: 'acc-2', name: 'Bob Ödegård' }, azure: { id: bobIdentity, name: 'Bob Ödegård' } },
];
const files = 'https://dev.azure.com/acme/_apis/wit/attachments/';

export const mapped: ConversionContext = {
  people: {
    toAzure: (id) => people.find((person) => person.jira.id === id)?.azure,
    toJira: (id) => people.find((person) => person.azure.id === id)?.jira,
  },
  media: {
    toAzure: ({ id }) => ({ url: `${files}${id}?fileName=${id}.png`, name: `${id}.png` }),
    toJira: (url) => {
      const id = url.startsWith(files) ? url.slice(files.length).split('?')[0] : undefined;
      return id === undefined ? undefined : { id, collection: 'files', name: `${id}.png` };
    },
  },
};
