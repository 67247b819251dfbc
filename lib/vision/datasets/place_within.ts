/** Where members of archives go. */
import { lstatSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';

/**
 * The path of a member of an archive below a folder.
 * @throws Error for an absolute name, for one that leads out of the folder, and where a link lies on the way
 */
export function place_within(folder: string, name: string): string {
  const refuse = (why: string): never => {
    throw new Error(`the archive has a member ${JSON.stringify(name)}, ${why}`);
  };
  if (name === '' || name.includes('\0')) refuse('which is not a name');
  if (/^([/\\]|[A-Za-z]:)/.test(name)) refuse('whose path is absolute');
  const parts = name.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) refuse('which leads out of its folder');
  const root = resolve(folder);
  const path = join(root, ...parts);
  if (path !== root && !path.startsWith(root.endsWith(sep) ? root : root + sep))
    refuse('which leads out of its folder');
  let at = root;
  for (const part of parts.slice(0, -1)) {
    at = join(at, part);
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true) refuse('behind a link');
  }
  return path;
}
