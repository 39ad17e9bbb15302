// The order of the test files: first those that wait longest for processes of their own, so that none of them is left alone
// at the end.

import { BaseSequencer, type TestSpecification } from 'vitest/node';

const slow = [
  'test/demo/',
  'test/bench/',
  'test/cli/',
  'test/forge-host/',
  'test/reconcile/mass-deletion',
  'test/reconcile/kill-from',
  'test/reconcile/',
  'test/simulators/main',
  'test/backend/',
  'test/manifest',
];

const rank = ({ moduleId }: TestSpecification): number => {
  const at = slow.findIndex((folder) => moduleId.includes(`/${folder}`));
  return at === -1 ? slow.length : at;
};

export default class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
