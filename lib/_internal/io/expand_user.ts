import { homedir } from 'node:os';
import { join } from 'node:path';

/** A path whose `~` at the beginning stands for the home folder, as in Python's `os.path.expanduser`. */
export function expand_user(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}
