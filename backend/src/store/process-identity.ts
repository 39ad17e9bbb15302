// Tells whether the process that wrote a file or a row is still alive, pid reuse and reboots included. Only for
// processes of this machine and container: nothing here can speak of another one.

import { readFileSync, readlinkSync } from 'node:fs';

const read = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
};

/** When the process started, in clock ticks since boot (field 22 of /proc/<pid>/stat, proc(5)); null where unknown. */
function startTicks(pid: number): string | null {
  const stat = read(`/proc/${pid}/stat`);
  // The command name in field 2 may hold spaces and parentheses, so fields are counted from the last one.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

/** Names this boot and pid namespace; null where it cannot be told (then nothing is said about other processes). */
export function machineIdentity(): string | null {
  const boot = read('/proc/sys/kernel/random/boot_id');
  if (!boot) return null;
  try {
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}

/** `<pid> <start>`: what a process leaves in a file to be recognized by. */
export const processStamp = (pid: number = process.pid): string => `${pid} ${startTicks(pid) ?? '-'}`;

export const stampPid = (stamp: string): number => Number.parseInt(stamp, 10);

/** Whether the process of a stamp still runs; a reused pid does not count. */
export function stampAlive(stamp: string): boolean {
  const [pidText, start] = stamp.trim().split(' ');
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, as somebody else's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const now = startTicks(pid);
  return now === null || start === undefined || start === '-' || now === start;
}
