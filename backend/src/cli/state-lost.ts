// What is told when items carry Tandem's marks that the state on this machine does not know.

import { exitCodes, Failure } from './failure.ts';

export const alreadyMade = (count: number): Failure =>
  new Failure(`${count} items were made by Tandem for counterparts that this data folder does not know.`, {
    code: 'state-lost',
    exit: exitCodes.stopped,
    remedy:
      'A sync would make them twice: use the data folder (--data) or database that they come from. If that is lost, `tandem adopt` rebuilds the pairs. --resume takes them for new items.',
  });
