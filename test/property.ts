// fast-check as all property tests use it: with one seed, so that a run that fails tells of the change and not of the
// day. `TANDEM_TEST_SEED=<number>` looks at other cases.

import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.TANDEM_TEST_SEED ?? 20_261_124) });

export default fc;
