// The writers of a run on a pair: nothing is written to either side before the pair's lease is held, whatever the run
// does or forgets to record first.

import type { ProfileContext } from './context.ts';
import type { LeasedPair } from './leased-pair.ts';
import type { SidePort, Writer } from './ports.ts';

/** The context with such writers. Each of their methods may throw LeaseLost. */
export function withHeldWriters(context: ProfileContext, leased: LeasedPair): ProfileContext {
  const held = (port: SidePort): SidePort => ({ ...port, writer: heldWriter(port.writer, leased) });
  return { ...context, sides: { jira: held(context.sides.jira), azure: held(context.sides.azure) } };
}

function heldWriter(writer: Writer, leased: LeasedPair): Writer {
  const held =
    <Args extends unknown[], Answer>(write: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      await leased.hold();
      return write.apply(writer, args);
    };
  return {
    // Only reads.
    transitions: (item) => writer.transitions(item),
    create: held(writer.create),
    update: held(writer.update),
    transition: held(writer.transition),
    addComment: held(writer.addComment),
    updateComment: held(writer.updateComment),
    deleteComment: held(writer.deleteComment),
    addAttachment: held(writer.addAttachment),
    removeAttachment: held(writer.removeAttachment),
    changeLinks: held(writer.changeLinks),
    changeNode: held(writer.changeNode),
    mark: held(writer.mark),
    unmark: held(writer.unmark),
    remove: held(writer.remove),
    restore: held(writer.restore),
    retype: held(writer.retype),
  };
}
