/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Node's types in the declarations. Programs may be compiled without @types/node; these then have the members that matter
 * here.
 */

type Global = typeof globalThis;

/** Node's Buffer; the class behind it where Node's types are unknown. */
// biome-ignore lint/suspicious/noExplicitAny: as Node declares it
export type NodeBuffer = Global extends { Buffer: { isBuffer(value: any): value is infer Value } } ? Value : Uint8Array;

/** A URL object. */
export type NodeURL = Global extends { URL: { prototype: infer Value } }
  ? Value
  : { readonly href: string; readonly pathname: string };

/** An AbortSignal. */
export type NodeAbortSignal = Global extends { AbortSignal: { prototype: infer Value } }
  ? Value
  : { readonly aborted: boolean; readonly reason: unknown };
