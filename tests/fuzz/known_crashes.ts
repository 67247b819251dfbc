/** Functions that crash inside libtorch, and with it Python, for some wrong arguments: by name, with the reason. */
export const known_crashes: ReadonlyMap<string, string> = new Map([]);
