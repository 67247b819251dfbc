/** Folders and lists of names, in the order in which Python sorts them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
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
