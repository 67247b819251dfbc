/** Folders and lists of names, in the order in which Python sorts them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { sorted } from './sorting.js';

/** Whether there is such a folder. */
export const is_folder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The sorted names in a folder. @throws Error when there is none */
export const names_in = (folder: string): string[] => sorted(readdirSync(folder));

/** The paths of the files in a folder and those below it whose names are wanted. */
export function files_below(folder: string, wanted: (name: string) => boolean): string[] {
  return names_in(folder).flatMap((name) => {
    const path = join(folder, name);
    if (is_folder(path)) return files_below(path, wanted);
    return wanted(name) ? [path] : [];
  });
}

/** The lines of a text file, without the white space around them, and without empty ones. */
export function lines_of(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/**
 * The sorted paths below a folder whose parts match: `matching(root, 'image_2', '*_10.png')`, where `*` stands for any characters but
 * separators. None where there is no such folder, as `glob` of Python.
 */
export function matching(folder: string, ...pattern: readonly string[]): string[] {
  const [part, ...rest] = pattern;
  if (part === undefined) return [folder];
  if (!part.includes('*')) {
    const path = join(folder, part);
    return existsSync(path) ? matching(path, ...rest) : [];
  }
  if (!is_folder(folder)) return [];
  const [start = '', end = ''] = part.split('*');
  const fits = (name: string): boolean =>
    name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end) && name[0] !== '.';
  return names_in(folder)
    .filter(fits)
    .flatMap((name) => matching(join(folder, name), ...rest));
}
