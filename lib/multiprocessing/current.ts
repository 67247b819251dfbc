/** Which process this is, for what names processes in texts. */

/** This process among those of the program. */
export interface Identity {
  name: string;
  /** Numbers of the children that lead to this process. */
  numbers: readonly number[];
  daemon: boolean;
  /** Whether the modules of a child are still being loaded. */
  starting: boolean;
  /** Of the parent; null in the main process. */
  parent: { readonly name: string; readonly pid: number } | null;
}

export const this_process: Identity = {
  name: 'MainProcess',
  numbers: [],
  daemon: false,
  starting: false,
  parent: null,
};
